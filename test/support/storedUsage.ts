import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createArmClient } from '../../src/api/arm/armClient.ts';
import { parseScope } from '../../src/api/arm/scope.ts';
import type { Format } from '../../src/records/formats.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { readStored } from '../../src/store/readStored.ts';
import type { Asker, ReadStoredOptions, StoredSource, StoredUsage } from '../../src/store/readTypes.ts';
import { Store } from '../../src/store/store.ts';
import { writeStored } from '../../src/store/writeStored.ts';
import type { Period } from '../../src/usage/period.ts';
import type { UsageFilter } from '../../src/usage/usageFilter.ts';
import { type UsageReport, writeUsage } from '../../src/usage/writeUsage.ts';
import { MemorySink } from './arm.ts';
import { type Between, transportBetween } from './between.ts';
import { FastClock } from './fastClock.ts';

export const PRESENT = new Date('2026-11-21T12:00:00Z');

export const OCTOBER: Period = { from: '2026-10-01', to: '2026-10-31' };

/** A sample tenant, and a store beside it whose clock the test sets. */
export class StoreBench {
  readonly root = mkdtempSync(path.join(tmpdir(), 'store-'));
  readonly setAside: string[] = [];
  now = PRESENT;
  readonly #service: SampleService;
  readonly #close: (() => Promise<void>)[] = [];

  private constructor(service: SampleService) {
    this.#service = service;
  }

  static async start(usageRows: number): Promise<StoreBench> {
    return new StoreBench(await startSampleService({ customers: 12, usageRows, now: PRESENT }));
  }

  get service(): SampleService {
    return this.#service;
  }

  async close(): Promise<void> {
    await Promise.all(this.#close.map((close) => close()));
    await this.#service.close();
    rmSync(this.root, { recursive: true, force: true });
  }

  /** A store in a folder of its own, or of the name. */
  store(name: string, limit = 1e9): Store {
    return new Store({
      folder: path.join(this.root, name),
      now: () => this.now,
      limit,
      producedBy: { name: 'test', version: '1' },
      onSetAside: (file, reason) => this.setAside.push(`${path.basename(file)}: ${reason}`),
    });
  }

  /** A client that counts what it sends. */
  client(between: Between = {}, base = this.#service.endpoints.resourceManager) {
    const { transport, seen } = transportBetween(between);
    this.#close.push(() => transport.close());
    const clock = new FastClock(this.now.getTime());
    return { arm: createArmClient({ transport, base, clock }), seen };
  }

  /** Scopes of each kind. */
  get scopes() {
    const { tenant } = this.#service;
    const [main] = tenant.accounts;
    assert.ok(main);
    const account = `/providers/Microsoft.Billing/billingAccounts/${main.name}`;
    const customer = tenant.directory.customer(0);
    const [invoice] = tenant.invoices(main);
    assert.ok(invoice);
    const subscription = tenant.subscriptions(customer).at(0);
    return {
      account,
      customer: `${account}/customers/${customer.name}`,
      subscription: `/subscriptions/${subscription.name}`,
      invoice: `${account}/invoices/${invoice.name}`,
    };
  }

  truth(scope: string, { from, to }: Period) {
    const { rows, totals } = this.#service.tenant.truth(scope, from, to);
    return { rows, totals: Object.fromEntries([...totals].sort()) };
  }
}

export const usageOf = (scope: string, period?: Period): StoredSource => ({
  kind: 'usageDetails',
  scopes: [{ scope }],
  ...(period === undefined ? {} : { period }),
});

export const ASKER: Asker = {
  connection: 'Sample',
  origin: 'https://management.example',
  sameness: async () => 'same',
};

/** Reads through a store; there has to be something. */
export async function read(
  bench: StoreBench,
  store: Store,
  source: StoredSource,
  arm: Parameters<typeof writeUsage>[0]['arm'] | undefined,
  options: ReadStoredOptions = {},
): Promise<StoredUsage> {
  const usage = await maybeRead(bench, store, source, arm, options);
  assert.ok(usage, 'there is something');
  return usage;
}

export function maybeRead(
  bench: StoreBench,
  store: Store,
  source: StoredSource,
  arm: Parameters<typeof writeUsage>[0]['arm'] | undefined,
  options: ReadStoredOptions = {},
): Promise<StoredUsage | undefined> {
  return readStored(store, ASKER, source, arm && { arm }, bench.now, options);
}

/** The sum of tables, which holds no two currencies together. */
export function sumOf({ tables }: StoredUsage): { rows: number; totals: Readonly<Record<string, string>> } {
  const [table] = tables;
  assert.ok(table && tables.length === 1, 'one month');
  return { rows: table.facts.rows, totals: table.totals };
}

export interface Written {
  text: string;
  report: UsageReport;
}

export async function writeFromStore(
  store: Store,
  usage: Pick<StoredUsage, 'tables'>,
  format: Format,
  only?: UsageFilter,
  days?: Period,
): Promise<Written> {
  const sink = new MemorySink();
  const report = await writeStored(store, usage, format, sink, { only, days });
  return { text: sink.text, report };
}

export async function writeFresh(
  arm: Parameters<typeof writeUsage>[0]['arm'],
  scope: string,
  period: Period | undefined,
  format: Format,
  only?: UsageFilter,
): Promise<Written> {
  const sink = new MemorySink();
  const report = await writeUsage({ arm, scope: parseScope(scope), period, format, only }, sink);
  return { text: sink.text, report };
}
