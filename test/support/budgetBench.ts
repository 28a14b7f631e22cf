import type { ArmClient } from '../../src/api/arm/armClient.ts';
import { type CostScope, parseCostScope } from '../../src/api/arm/scope.ts';
import type { VersionSet } from '../../src/api/arm/versions.ts';
import type { Transport } from '../../src/api/http/transport.ts';
import { createUndiciTransport } from '../../src/api/http/undiciTransport.ts';
import { type SampleOptions, type SampleService, startSampleService } from '../../src/sample/service.ts';
import { connect } from './arm.ts';
import { budgetScopes } from './budgetScopes.ts';
import { FastClock } from './fastClock.ts';

/** The day of the sample tenant, UTC. */
export const TODAY = '2026-11-21';

/** The sample service with a scope of each kind. */
export interface BudgetBench {
  service: SampleService;
  scopes: Record<CostScope['kind'], CostScope>;
  customer(index: number): CostScope;
  /** A client of its own: another window, another person. */
  arm(versions?: VersionSet, transport?: Transport): ArmClient;
  close(): Promise<void>;
}

export async function startBudgetBench(options: SampleOptions = {}): Promise<BudgetBench> {
  const now = new Date(`${TODAY}T12:00:00Z`);
  const service = await startSampleService({ customers: 60, usageRows: 20_000, now, ...options });
  const { tenant } = service;
  const account = `/providers/Microsoft.Billing/billingAccounts/${tenant.accounts[0]?.name}`;
  const customer = (index: number): CostScope =>
    parseCostScope(`${account}/customers/${tenant.directory.customer(index).name}`);
  const base = service.endpoints.resourceManager;
  const transport = createUndiciTransport();
  return {
    service,
    scopes: Object.fromEntries(
      Object.entries(budgetScopes(service)).map(([kind, path]) => [kind, parseCostScope(path)]),
    ) as Record<CostScope['kind'], CostScope>,
    customer,
    arm: (versions = 'newest', own = transport) =>
      connect(base, { versions, transport: own, clock: new FastClock() }).arm,
    async close() {
      await transport.close();
      await service.close();
    },
  };
}
