import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { ComparedCosts, ShownTable } from '../../src/contributions.ts';
import { listed, row, sum, takingTheFirst } from './partnerSupport.ts';
import { type Connected, connectSample, eventually, keepUsage, refusal } from './support.ts';

interface PartnerInvoice {
  id: string;
  invoiceDate: string;
  currencyCode: string;
}

describe('invoices compared by their rows', () => {
  const now = new Date();
  let connected: Connected;
  let profile: string;
  /** Names of a profile's invoices, newest first, and their days. */
  let names: string[];
  let days: string[];

  before(async () => {
    await keepUsage(5);
    connected = await connectSample({ customers: 40, usageRows: 12_000, now }, ['partnerCenter', 'graph']);
    const { tenant } = connected.service;
    const [account] = tenant.accounts;
    const [first] = account === undefined ? [] : tenant.profiles(account);
    assert.ok(account && first);
    profile = `/providers/Microsoft.Billing/billingAccounts/${account.name}/billingProfiles/${first.name}`;
    const invoices = tenant.invoices(first);
    names = invoices.map(({ name }) => name);
    days = invoices.map(({ invoiceDay }) => new Date(invoiceDay * 86_400_000).toISOString().slice(0, 10));
  });
  after(async () => {
    await connected.remove();
    await keepUsage(0);
  });
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  const scopeOf = (at: number) => `${profile}/invoices/${names[at]}`;
  const labelOf = (at: number) => `Invoice ${names[at]} ${days[at]}`;
  const truth = (at: number) => connected.service.tenant.truth(scopeOf(at), '2000-01-01', '2999-12-31').totals;
  const compare = (argument: object) =>
    vscode.commands.executeCommand<ComparedCosts[]>('azureBilling.compareCosts', {
      connection: connected.name,
      ...argument,
    });
  const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs).map(({ label }) => label);
  const tab = (label: string) => eventually(() => (tabs().includes(label) ? label : undefined));

  /** The row of an invoice in the tree. */
  const invoiceRow = (at: number) => {
    const [account] = connected.service.tenant.accounts;
    const place = { connection: connected.name, account: account?.name };
    return row(connected, {
      ...place,
      id: `invoice ${at}`,
      kind: 'invoice',
      invoice: names[at],
      invoiceDate: days[at],
      scope: scopeOf(at),
      title: `Invoice ${names[at]}`,
      parent: { ...place, id: 'year', label: 'Year' },
    });
  };

  function holdsTruth(compared: ComparedCosts | undefined, from: number, to: number): void {
    assert.ok(compared);
    const { currency, before, after, difference, parts } = compared;
    assert.equal(sum([before]), sum([truth(from).get(currency) ?? '']));
    assert.equal(sum([after]), sum([truth(to).get(currency) ?? '']));
    assert.equal(sum([before, difference]), sum([after]));
    assert.equal(sum(Object.values(parts)), sum([difference]));
  }

  it('given by their scopes are called by number and day', async () => {
    const [compared, ...others] = await compare({ before: { scope: scopeOf(1) }, after: { scope: scopeOf(0) } });
    assert.equal(others.length, 0);
    holdsTruth(compared, 1, 0);
    await tab(`${labelOf(1)} ↔ ${labelOf(0)}`);
    await tab(`Drivers: ${labelOf(1)} ↔ ${labelOf(0)}`);
  });

  it('chosen as two rows stand older first, whichever was chosen first', async () => {
    const both = [invoiceRow(0), invoiceRow(2)];
    const [compared] = await vscode.commands.executeCommand<ComparedCosts[]>(
      'azureBilling.compareCosts',
      both[0],
      both,
    );
    holdsTruth(compared, 2, 0);
    await tab(`${labelOf(2)} ↔ ${labelOf(0)}`);
  });

  it('chosen as one row are compared with the one before, which is offered first', async () => {
    const [compared] = (await takingTheFirst<ComparedCosts[]>('azureBilling.compareCosts', invoiceRow(1))) ?? [];
    holdsTruth(compared, 2, 1);
    await tab(`${labelOf(2)} ↔ ${labelOf(1)}`);
  });

  it('of Partner Center are compared by their charges, legacy ones with licences and Azure', async () => {
    const { items, text } = await listed<PartnerInvoice>(connected, 'invoices');
    const totalOf = (id: string) =>
      new RegExp(`"id": ?"${id}".*?"totalCharges": ?(-?[\\d.]+)`, 's').exec(text)?.[1] ?? '';
    for (const letter of ['G', 'D']) {
      const [newest] = items.filter(({ id }) => id.startsWith(letter));
      const other = items.find(
        (each) => each !== newest && each.id.startsWith(letter) && each.currencyCode === newest?.currencyCode,
      );
      assert.ok(newest && other, letter);
      const [compared, ...others] = await compare({
        before: { partnerInvoice: other.id },
        after: { partnerInvoice: newest.id },
        show: false,
      });
      assert.ok(compared && others.length === 0);
      assert.equal(compared.currency, newest.currencyCode);
      assert.equal(sum([compared.before]), sum([totalOf(other.id)]));
      assert.equal(sum([compared.after]), sum([totalOf(newest.id)]));
      assert.equal(sum(Object.values(compared.parts)), sum([compared.difference]));
    }
  });

  it('of Partner Center are listed once for a comparison, whatever needs them', async () => {
    const { items } = await listed<PartnerInvoice>(connected, 'invoices');
    const [newest, other] = items.filter(({ id }) => id.startsWith('D'));
    assert.ok(newest && other);
    const lists = () =>
      connected.service.requests().filter(({ path }) => /^\/v1\/invoices\/?(?:\?|$)/.test(path)).length;
    const before = lists();
    // Both need the providers of their lines, and both need the day that they are called by.
    await compare({ before: { partnerInvoice: other.id }, after: { partnerInvoice: newest.id } });
    assert.equal(lists(), before + 1);
    await tab([other, newest].map(({ id, invoiceDate }) => `Invoice ${id} ${invoiceDate.slice(0, 10)}`).join(' ↔ '));
  });

  it('of Partner Center chosen as a row are compared with the one before', async () => {
    const invoice = names[0] ?? '';
    const { items } = await listed<PartnerInvoice>(connected, 'invoices');
    const own = items.find(({ id }) => id === invoice) ?? assert.fail();
    const given = row(connected, {
      kind: 'partnerInvoice',
      invoice,
      invoiceDate: own.invoiceDate.slice(0, 10),
      currency: own.currencyCode,
      abilities: ['ratedUsage'],
    });
    const [compared] = (await takingTheFirst<ComparedCosts[]>('azureBilling.compareCosts', given)) ?? [];
    holdsTruth(compared, 1, 0);
    await tab(`${labelOf(1)} ↔ ${labelOf(0)}`);
  });

  it('stand beside a month of the billing profile', async () => {
    const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)).toISOString().slice(0, 7);
    const [compared] = await compare({
      before: { scope: scopeOf(0) },
      after: { scope: profile, period: month },
      show: false,
    });
    assert.equal(sum([compared?.difference ?? '']), '0');
  });

  it('chosen beside another row stand before its running month', async () => {
    const profileRow = row(connected, { kind: 'profile', scope: profile, label: 'Profile' });
    const both = [profileRow, invoiceRow(0)];
    // The first month that is offered is the running one.
    const compared = await eventuallyTaken(both);
    const month = now.toISOString().slice(0, 7);
    const ofMonth = connected.service.tenant.truth(profile, `${month}-01`, now.toISOString().slice(0, 10)).totals;
    assert.equal(sum([compared?.before ?? '']), sum([truth(0).get(compared?.currency ?? '') ?? '']));
    assert.equal(sum([compared?.after ?? '']), sum([ofMonth.get(compared?.currency ?? '') ?? '0']));
    await tab(`${labelOf(0)} ↔ Profile ${month} so far`);
  });

  async function eventuallyTaken(rows: readonly object[]): Promise<ComparedCosts | undefined> {
    let done = false;
    const result = Promise.resolve(
      vscode.commands.executeCommand<ComparedCosts[]>('azureBilling.compareCosts', rows[0], rows),
    ).finally(() => {
      done = true;
    });
    while (!done) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    }
    return (await result)[0];
  }

  it('whose choice is left are not compared', async () => {
    let done = false;
    const result = Promise.resolve(
      vscode.commands.executeCommand<ComparedCosts[]>('azureBilling.compareCosts', invoiceRow(0)),
    ).finally(() => {
      done = true;
    });
    while (!done) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    }
    assert.equal(await result, undefined);
    assert.deepEqual(tabs(), []);
  });

  it('open as a table, and are refused where months are needed', async () => {
    const argument = { connection: connected.name, scope: scopeOf(0) };
    const shown = await vscode.commands.executeCommand<ShownTable>('azureBilling.openStoredTable', argument);
    assert.equal(shown.files.length, 1);
    assert.ok(shown.columns.includes('invoiceId'), shown.columns.join());
    await tab(`${names[0]} usage`);
    for (const command of ['showForecast', 'showUnusualCosts', 'newSqlSheet']) {
      assert.match(await refusal(`azureBilling.${command}`, argument), /^scope: an invoice has no months/);
    }
    const side = { scope: scopeOf(0) };
    const refused = (after: object) =>
      refusal('azureBilling.compareCosts', { connection: connected.name, before: side, after, show: false });
    assert.match(await refused({ ...side, period: '2026-10' }), /^after\.period: an invoice has its own period/);
    const alone = await connectSample({ customers: 12, usageRows: 0 });
    const without = { connection: alone.name, before: { partnerInvoice: 'G1' }, after: { partnerInvoice: 'G2' } };
    assert.match(await refusal('azureBilling.compareCosts', without), /has no Partner Center/);
    await alone.remove();
    assert.match(await refused({ partnerInvoice: 'D000000000' }), /Partner Center lists no invoice 'D000000000'/);
  });
});
