import assert from 'node:assert/strict';
import type { CompareCostsArgument, ComparedSideArgument } from '../../src/contributions.ts';
import { unitsText } from '../../src/insight/units.ts';
import { comparedSides } from '../../src/insights/comparedSides.ts';
import { comparison } from '../../src/insights/comparison.ts';
import { DecimalSum } from '../../src/records/decimal.ts';
import { readStored } from '../../src/store/readStored.ts';
import type { StoredSource, StoredUsage } from '../../src/store/readTypes.ts';
import type { Store } from '../../src/store/store.ts';
import type { ExportClients } from '../../src/usage/plan/exportSource.ts';
import { startEngine, type TestEngine } from '../support/engine.ts';
import { connectGraph } from '../support/graph.ts';
import { connectPartnerCenter } from '../support/partnerCenter.ts';
import { ASKER, OCTOBER, PRESENT, read, StoreBench, usageOf } from '../support/storedUsage.ts';

const CONNECTIONS = { find: (name: unknown) => String(name) };
const EVER = { from: '2000-01-01', to: '2026-11-21' };

function sum(digits: Iterable<string>): string {
  const all = new DecimalSum();
  for (const each of digits) {
    all.add(each);
  }
  return all.toString();
}

describe('invoices compared by their rows', function () {
  this.timeout(120_000);
  let bench: StoreBench;
  let test: TestEngine;
  let store: Store;
  const closing: (() => Promise<void>)[] = [];
  const held: StoredUsage[] = [];

  before(async () => {
    bench = await StoreBench.start(30_000);
    test = await startEngine();
    store = bench.store('invoices');
  });
  after(async () => {
    await Promise.all(held.map((usage) => usage.release()));
    await Promise.all(closing.map((close) => close()));
    await test.close();
    await bench.close();
  });

  /** Two invoices of one billing profile, the older first. */
  function twoInvoices(): [string, string] {
    const { tenant } = bench.service;
    const [main] = tenant.accounts;
    const [profile] = main === undefined ? [] : tenant.profiles(main);
    assert.ok(main && profile);
    const [newer, older] = tenant.invoices(profile);
    assert.ok(newer && older && newer.month === older.month + 1);
    const path = `/providers/Microsoft.Billing/billingAccounts/${main.name}/billingProfiles/${profile.name}/invoices`;
    return [`${path}/${older.name}`, `${path}/${newer.name}`];
  }

  async function compare(
    [before, after]: readonly [ComparedSideArgument, ComparedSideArgument],
    [usageBefore, usageAfter]: readonly [StoredUsage, StoredUsage],
    more: Partial<CompareCostsArgument> = {},
  ) {
    held.push(usageBefore, usageAfter);
    const argument = { connection: 'Sample', before, after, ...more };
    const sides = comparedSides(argument, CONNECTIONS, PRESENT);
    const found = await comparison(
      test.engine,
      { ...sides.before, tables: usageBefore.tables },
      { ...sides.after, tables: usageAfter.tables },
      sides.by,
      new AbortController().signal,
    );
    assert.equal(found.unread, 0);
    for (const { rows, total } of found.tables) {
      for (const { before: from, after: to, difference, parts } of [...rows, total]) {
        const { unsplit, ...told } = parts;
        const all = [...Object.values(told), ...Object.values(unsplit)];
        assert.equal(to - from, difference);
        assert.equal(
          all.reduce((one, other) => one + other, 0n),
          difference,
        );
      }
      assert.equal(
        rows.reduce((all, row) => all + row.difference, 0n),
        total.difference,
      );
    }
    return found;
  }

  const totals = (tables: Awaited<ReturnType<typeof compare>>['tables'], of: 'before' | 'after') =>
    Object.fromEntries(tables.map(({ currency, total }) => [currency, sum([unitsText(total[of])])]));
  const truth = (scope: string, period = EVER) =>
    Object.fromEntries(Object.entries(bench.truth(scope, period).totals).map(([key, value]) => [key, sum([value])]));

  it('of Azure Resource Manager: the truth of both, and drivers that add up exactly', async () => {
    const [older, newer] = twoInvoices();
    const { arm } = bench.client();
    const usage = [
      await read(bench, store, usageOf(older), arm),
      await read(bench, store, usageOf(newer), arm),
    ] as const;
    assert.deepEqual(
      usage.map(({ freshness }) => freshness?.state),
      ['closed', 'closed'],
    );
    const { tables, drivers } = await compare([{ scope: older }, { scope: newer }], usage);
    assert.deepEqual(totals(tables, 'before'), truth(older));
    assert.deepEqual(totals(tables, 'after'), truth(newer));
    assert.deepEqual(drivers, ['customer', 'service']);
    // Customers of one profile go on from month to month, so not all is new or gone.
    assert.ok(tables.some(({ total }) => total.parts.quantity !== 0n));
  });

  it('are not asked for again: an invoice is closed', async () => {
    const [older] = twoInvoices();
    const { arm, seen } = bench.client();
    const usage = await read(bench, store, usageOf(older), arm, { anew: true });
    held.push(usage);
    assert.deepEqual([usage.fetched, seen.requests.length, usage.tables[0]?.facts.month], [0, 0, 'own']);
  });

  it('beside the month of the billing profile that they are of: no difference', async () => {
    const [, newer] = twoInvoices();
    const profile = newer.replace(/\/invoices\/.*/, '');
    const { arm } = bench.client();
    const usage = [
      await read(bench, store, usageOf(newer), arm),
      await read(bench, store, usageOf(profile, OCTOBER), arm),
    ] as const;
    const { tables } = await compare([{ scope: newer }, { scope: profile, period: OCTOBER }], usage);
    assert.deepEqual(totals(tables, 'after'), truth(profile, OCTOBER));
    for (const { rows } of tables) {
      assert.ok(rows.length > 0);
      assert.deepEqual(
        rows.filter(({ difference }) => difference !== 0n),
        [],
      );
    }
  });

  for (const way of ['billing exports', 'line items'] as const) {
    it(`of Partner Center, from ${way}: the totals of both, and drivers that add up exactly`, async () => {
      const clients = partnerClients(way === 'billing exports');
      const [older = '', newer = ''] = twoInvoices().map((path) => path.split('/').at(-1));
      const own = bench.store(`charges by ${way}`);
      const usage = [
        await charges(own, clients, older, 'onetime'),
        await charges(own, clients, newer, 'onetime'),
      ] as const;
      const { tables, drivers } = await compare([{ partnerInvoice: older }, { partnerInvoice: newer }], usage);
      assert.deepEqual(totals(tables, 'before'), await billed(older));
      assert.deepEqual(totals(tables, 'after'), await billed(newer));
      assert.deepEqual(drivers, ['customer', 'product']);
    });
  }

  it('of Partner Center beside the usage that Azure Resource Manager has of it: the same total', async () => {
    const [, newer] = twoInvoices();
    const number = newer.split('/').at(-1) ?? '';
    const { arm } = bench.client();
    const usage = [
      await charges(bench.store('both sides'), partnerClients(true), number, 'onetime'),
      await read(bench, store, usageOf(newer), arm),
    ] as const;
    const { tables } = await compare([{ partnerInvoice: number }, { scope: newer }], usage);
    assert.deepEqual(totals(tables, 'before'), totals(tables, 'after'));
  });

  function partnerClients(withGraph: boolean): ExportClients {
    const { endpoints } = bench.service;
    const { client, close } = connectPartnerCenter(endpoints.partnerCenter);
    const graph = withGraph ? connectGraph(endpoints.graph) : undefined;
    closing.push(close, ...(graph === undefined ? [] : [graph.close]));
    return { arm: bench.client().arm, partnerCenter: client, graph: graph?.graph };
  }

  async function charges(
    own: Store,
    clients: ExportClients,
    invoice: string,
    provider: 'onetime' | 'azure' | 'office',
  ) {
    const source: StoredSource = { kind: 'lineItems', invoice, provider, type: 'billinglineitems' };
    return (await readStored(own, ASKER, source, clients, PRESENT)) ?? assert.fail('there is something');
  }

  /** What Partner Center says that an invoice comes to, by currency; digits are of the currency's minor unit. */
  async function billed(invoice: string): Promise<Record<string, string>> {
    const answer = await fetch(`${bench.service.endpoints.partnerCenter}/v1/invoices/${invoice}`);
    const text = await answer.text();
    const [, total = ''] = /"totalCharges": ?(-?[\d.]+)/.exec(text) ?? [];
    const [, currency = ''] = /"currencyCode": ?"([A-Z]{3})"/.exec(text) ?? [];
    return { [currency]: sum([total]) };
  }
});
