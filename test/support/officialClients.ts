import assert from 'node:assert/strict';
import { BillingManagementClient } from '@azure/arm-billing';
import { ConsumptionManagementClient } from '@azure/arm-consumption';
import { CostManagementClient } from '@azure/arm-costmanagement';
import type { ArmClient } from '../../src/api/arm/armClient.ts';
import { digitsOf, type JsonNumber } from '../../src/json/exact.ts';
import { parseJson } from '../../src/json/parseJson.ts';
import { DecimalSum } from '../../src/records/decimal.ts';
import { type SampleOptions, type SampleService, startSampleService } from '../../src/sample/service.ts';
import { connect } from './arm.ts';
import { FastClock } from './fastClock.ts';
import { makeTestAuthority, trustAuthority } from './tls.ts';

/** The official clients send a token over https only, so the sample service has a certificate here, and looks for the token. */
const TOKEN = 'a-token-for-the-sample-service';
const CREDENTIAL = { getToken: async () => ({ token: TOKEN, expiresOnTimestamp: Number.MAX_SAFE_INTEGER }) };
const NO_SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';

/** The sample service over https, the official clients with their own pipelines, and our client, side by side. */
export interface OfficialBench {
  service: SampleService;
  billing: BillingManagementClient;
  consumption: ConsumptionManagementClient;
  costManagement: CostManagementClient;
  /** Operations at a subscription: that client has it in its constructor. */
  billingOf(subscription: string): BillingManagementClient;
  arm: ArmClient;
  /** Name of the main billing account, and its scope without the leading slash, as the official clients want it. */
  account: string;
  accountScope: string;
  /** Bodies of the answers that the official clients got since this was called last. */
  takeTexts(): string[];
  /** Also proves that every request of an official client came with the token. */
  close(): Promise<void>;
}

export async function startOfficialBench(options: SampleOptions = {}): Promise<OfficialBench> {
  const { authority, server } = makeTestAuthority();
  const distrust = trustAuthority(authority);
  const service = await startSampleService({
    customers: 60,
    usageRows: 20_000,
    now: new Date('2026-11-21T12:00:00Z'),
    operations: { retryAfter: 0 },
    ...options,
    tls: server,
  });
  const endpoint = service.endpoints.resourceManager;
  const client = connect(endpoint, { token: async () => TOKEN, clock: new FastClock() });
  let texts: string[] = [];
  /** Doubles do not hold the digits of costs; the text that was sent does. Nothing else of the pipelines is touched. */
  const listening = <C extends Pick<BillingManagementClient, 'pipeline'>>(official: C): C => {
    official.pipeline.addPolicy({
      name: 'keepTexts',
      async sendRequest(request, next) {
        const response = await next(request);
        texts.push(response.bodyAsText ?? '');
        return response;
      },
    });
    return official;
  };
  const account = service.tenant.accounts[0]?.name ?? '';
  return {
    service,
    billing: listening(new BillingManagementClient(CREDENTIAL, NO_SUBSCRIPTION, { endpoint })),
    consumption: listening(new ConsumptionManagementClient(CREDENTIAL, NO_SUBSCRIPTION, { endpoint })),
    costManagement: listening(new CostManagementClient(CREDENTIAL, { endpoint })),
    billingOf: (subscription) => listening(new BillingManagementClient(CREDENTIAL, subscription, { endpoint })),
    arm: client.arm,
    account,
    accountScope: `providers/Microsoft.Billing/billingAccounts/${account}`,
    takeTexts() {
      const taken = texts;
      texts = [];
      return taken;
    },
    async close() {
      const official = service.requests().filter(({ headers }) => headers['user-agent']?.startsWith('azsdk-js-'));
      await client.close();
      await service.close();
      distrust();
      assert.ok(official.length > 0);
      for (const { method, path, headers } of official) {
        assert.equal(headers.authorization, `Bearer ${TOKEN}`, `${method} ${path}`);
      }
    },
  };
}

/** Everything of a list. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const result: T[] = [];
  for await (const item of items) {
    result.push(item);
  }
  return result;
}

/** Exact sums by currency, as `tenant.truth` gives them. */
export class Sums {
  readonly #sums = new Map<string, DecimalSum>();

  add(currency: string, amount: JsonNumber | string): void {
    const sum = this.#sums.get(currency) ?? new DecimalSum();
    sum.add(typeof amount === 'string' ? amount : digitsOf(amount));
    this.#sums.set(currency, sum);
  }

  /** Currency → digits, in the order of the currencies. */
  get texts(): Record<string, string> {
    return sorted([...this.#sums].map(([currency, sum]) => [currency, sum.toString()]));
  }
}

/** The totals of the sample tenant in the same form. */
export function sorted(totals: Iterable<readonly [string, string]>): Record<string, string> {
  return Object.fromEntries([...totals].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The items of lists with their digits. */
export function itemsOf<T>(texts: readonly string[]): T[] {
  return texts.flatMap((text) => (text === '' ? [] : (parseJson(text) as { value: T[] }).value));
}

/** Records of a CSV file (RFC 4180) by the names of its header row. */
export function readCsv(text: string): Record<string, string>[] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end !== ',') {
      rows.push([]);
    }
  }
  const [header = [], ...records] = rows.filter((row) => row.length > 1);
  return records.map((record) => Object.fromEntries(header.map((name, column) => [name, record[column] ?? ''])));
}
