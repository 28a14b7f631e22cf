import assert from 'node:assert/strict';
import type { ArmClient } from '../../src/api/arm/armClient.ts';
import { listBudgets } from '../../src/api/arm/budgets.ts';
import { type ApiArea, apiVersion } from '../../src/api/arm/versions.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { collect, connect } from '../support/arm.ts';
import { ARM_CALLS, CALLS_TENANT, callNames } from '../support/armCalls.ts';
import { FastClock } from '../support/fastClock.ts';

/** How the requests of an area are told, the narrower ones first; the compiler misses an area that is not here. */
const AREAS: Readonly<Record<ApiArea, RegExp>> = {
  priceSheet: /\/pricesheets?\/default\/download$/i,
  usageDetails: /\/Microsoft\.Consumption\/usageDetails$/i,
  charges: /\/Microsoft\.Consumption\/charges$/i,
  consumptionBudgets: /\/Microsoft\.Consumption\/budgets(\/|$)/i,
  costQuery: /\/Microsoft\.CostManagement\/query$/i,
  forecast: /\/Microsoft\.CostManagement\/forecast$/i,
  tags: /\/Microsoft\.Consumption\/tags$/i,
  dimensions: /\/Microsoft\.CostManagement\/dimensions$/i,
  alerts: /\/Microsoft\.CostManagement\/alerts(\/|$)/i,
  costDetails: /\/Microsoft\.CostManagement\/generate\w+Report$/i,
  exports: /\/Microsoft\.CostManagement\/exports(\/|$)/i,
  costBudgets: /\/Microsoft\.CostManagement\/budgets(\/|$)/i,
  storageAccounts: /\/Microsoft\.Storage\/storageAccounts\//i,
  billing: /\/Microsoft\.Billing\//i,
  tenants: /^\/tenants$/i,
};

/** Links of operations are followed as they are. */
const FOLLOWED = /\/(\w*operation(Results|Status|s))\//i;

/** A request of an area that was answered. */
interface Asked {
  area: ApiArea;
  version: string;
  /** The path with its names left out. */
  shape: string;
}

function askedOf(service: SampleService): Asked[] {
  return service.requests().flatMap(({ path, query, status }) => {
    const area = (Object.keys(AREAS) as ApiArea[]).find((name) => AREAS[name].test(path));
    if (status < 200 || status >= 300 || area === undefined || FOLLOWED.test(path)) {
      return [];
    }
    const version = new URLSearchParams(query).get('api-version') ?? '';
    return [{ area, version, shape: path.replace(/\/((?!providers|policies)\w+s)\/[^/]+(?=\/|$)/g, '/$1/*') }];
  });
}

/** Makes every call on the service as it was at the start. Gives what was asked. */
async function callEverything(arm: ArmClient, service: SampleService): Promise<Asked[]> {
  const names = callNames(service);
  const asked: Asked[] = [];
  for (const { only = arm.versions, prepare, run } of Object.values(ARM_CALLS)) {
    if (only === arm.versions) {
      await fetch(`${service.endpoints.resourceManager}/_sample/reset`, { method: 'POST' });
      const prepared = await prepare?.(arm, names);
      // What is not there, or not for partners, is refused in the right version too.
      await run(arm, names, {}, prepared).catch(() => {});
      asked.push(...askedOf(service));
    }
  }
  // Budgets have two providers, of which a column prefers one.
  for (const provider of ['consumption', 'costManagement'] as const) {
    const { account, customer } = names;
    await collect(listBudgets(arm, { scope: { kind: 'customer', account, customer }, provider }));
  }
  return [...asked, ...askedOf(service)];
}

/** What no older version has: sent with the newest one in either column. */
const SINCE_NEWEST = [
  '/providers/Microsoft.Billing/billingAccounts/*/billingProfiles/*/customers/*/checkAccess',
  '/providers/Microsoft.Billing/billingAccounts/*/invoices/*/transactionSummary',
  '/providers/Microsoft.Billing/billingAccounts/*/products/*',
  '/subscriptions/*/providers/Microsoft.Billing/policies/default',
];

describe('the table of api-versions', () => {
  for (const versions of ['newest', 'seed'] as const) {
    describe(`${versions} column`, () => {
      let asked: Asked[];
      before(async () => {
        const service = await startSampleService(CALLS_TENANT);
        const { arm, close } = connect(service.endpoints.resourceManager, { versions, clock: new FastClock() });
        try {
          asked = await callEverything(arm, service);
        } finally {
          await close();
          await service.close();
        }
      });

      for (const area of Object.keys(AREAS) as ApiArea[]) {
        it(`has ${apiVersion(area, versions)} for ${area}, and the service answers it`, () => {
          const version = apiVersion(area, versions);
          const ofArea = asked.filter((one) => one.area === area);
          assert.ok(
            ofArea.some((one) => one.version === version),
            `asked with ${[...new Set(ofArea.map((one) => one.version))].join(', ') || 'nothing'}`,
          );
        });
      }

      it('is kept to, but for calls that no older version has', () => {
        const others = asked.filter(({ area, version }) => version !== apiVersion(area, versions));
        assert.ok(others.every(({ area, version }) => version === apiVersion(area, 'newest')));
        assert.deepEqual(
          [...new Set(others.map(({ shape }) => shape))].sort(),
          versions === 'seed' ? SINCE_NEWEST : [],
        );
      });
    });
  }
});
