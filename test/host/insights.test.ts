import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import type {
  ComparedCosts,
  CostForecast,
  ShownTable,
  StoredDataReport,
  UnusualCost,
} from '../../src/contributions.ts';
import { DecimalSum } from '../../src/records/decimal.ts';
import { recentMonths, resolvePeriod } from '../../src/usage/period.ts';
import { type Connected, connectSample, eventually, keepUsage, refusal, tabNamed } from './support.ts';

describe('comparison, unusual costs and forecast', () => {
  const now = new Date();
  const [open = '', last = '', earlier = ''] = recentMonths(now, 3);
  let connected: Connected;
  let account: string;

  before(async () => {
    await keepUsage(5);
    connected = await connectSample({ customers: 12, usageRows: 12_000, now });
    account = `/providers/Microsoft.Billing/billingAccounts/${connected.service.tenant.accounts[0]?.name}`;
  });
  after(async () => {
    await connected.remove();
    await keepUsage(0);
  });
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  const truth = (month: string, scope = account) => {
    const { from, to } = resolvePeriod(month, now);
    return connected.service.tenant.truth(scope, from, to).totals;
  };
  const compare = (argument: object) =>
    vscode.commands.executeCommand<ComparedCosts[]>('azureBilling.compareCosts', {
      connection: connected.name,
      ...argument,
    });
  const plain = (digits: string) => sum([digits]);
  function sum(digits: Iterable<string>): string {
    const all = new DecimalSum();
    for (const each of digits) {
      all.add(each);
    }
    return all.toString();
  }

  it('compares two months: the truth of both, and parts that add up to the difference', async () => {
    const compared = await compare({
      before: { scope: account, period: earlier },
      after: { scope: account, period: last },
      show: false,
    });
    assert.deepEqual(compared.map(({ currency }) => currency).sort(), [...truth(last).keys()].sort());
    for (const { currency, before, after, difference, parts } of compared) {
      assert.equal(plain(before), plain(truth(earlier).get(currency) ?? '0'), currency);
      assert.equal(plain(after), plain(truth(last).get(currency) ?? '0'), currency);
      assert.equal(sum([before, difference]), plain(after), currency);
      assert.equal(sum(Object.values(parts)), plain(difference), currency);
    }
  });

  it("shows both sides in the editor's own comparison, and the drivers as a table", async () => {
    const customer = connected.service.tenant.directory.customer(1);
    const scope = `${account}/customers/${customer.name}`;
    await compare({ before: { scope, period: earlier, label: 'Mill' }, after: { scope, period: last, label: 'Mill' } });
    const diff = await eventually(() =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .map(({ input }) => input)
        .find((input) => input instanceof vscode.TabInputTextDiff),
    );
    const [left, right] = [diff.original, diff.modified].map(({ fsPath }) => readFileSync(fsPath, 'utf8').split('\n'));
    assert.equal(left?.length, right?.length);
    assert.match(left?.[0] ?? '', /Subscription.*Service.*Meter.*Quantity.*Price.*Cost/);
    const labels = vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).map(({ label }) => label);
    assert.ok(labels.includes(`Drivers: Mill ${earlier} ↔ Mill ${last}`), labels.join('; '));
    assert.ok(labels.includes(`Mill ${earlier} ↔ Mill ${last}`), labels.join('; '));
  });

  it('compares what is billed with what is not, and two customers', async () => {
    const [billed] = await compare({
      before: { scope: account, period: last, billed: true },
      after: { scope: account, period: last, billed: false },
      show: false,
    });
    assert.ok(billed);
    assert.equal(sum([billed.before, billed.after]), plain(truth(last).get(billed.currency) ?? '0'));
    const scopes = [1, 2].map((at) => `${account}/customers/${connected.service.tenant.directory.customer(at).name}`);
    const compared = await compare({
      before: { scope: scopes[0], period: last },
      after: { scope: scopes[1], period: last },
      show: false,
    });
    for (const { currency, after } of compared) {
      assert.equal(plain(after), plain(truth(last, scopes[1]).get(currency) ?? '0'));
    }
  });

  it('refuses what it cannot compare, with the field', async () => {
    const side = { scope: account, period: last };
    const refused = (argument: object) =>
      refusal('azureBilling.compareCosts', { connection: connected.name, show: false, ...argument });
    assert.match(await refused({ before: side, after: { ...side, period: '2026-13' } }), /^after\.period/);
    assert.match(await refused({ before: { period: last }, after: side }), /^before\.scope: is missing/);
    assert.match(await refused({ before: side, after: side, by: ['nothing'] }), /^by: is no list of customer/);
  });

  it('ranks unusual costs with their reasons', async () => {
    const found = await vscode.commands.executeCommand<UnusualCost[]>('azureBilling.showUnusualCosts', {
      connection: connected.name,
      scope: account,
    });
    assert.ok(found.length > 0);
    for (const { reason, currency, money } of found) {
      assert.match(reason, /\w/);
      assert.match(money, /^-?\d+\.\d\d$/);
      assert.match(currency, /^[A-Z]{3}$/);
    }
    await tabNamed(/^Unusual costs of 90 days$/);
    const argument = { connection: connected.name, scope: account, days: 7 };
    assert.match(await refusal('azureBilling.showUnusualCosts', argument), /^days: '7' is no whole number/);
  });

  describe('once they are shown', () => {
    const run = (name: string, more: object = {}) =>
      vscode.commands.executeCommand<unknown[]>(`azureBilling.${name}`, { connection: connected.name, ...more });
    const requests = () => connected.service.requests().length;
    const tabs = (title: string) =>
      vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter(({ label }) => label === title);
    const diff = (title: string) =>
      eventually(() =>
        tabs(title)
          .map(({ input }) => input)
          .find((input) => input instanceof vscode.TabInputTextDiff),
      );

    /** Absolute path of the report that was written last. */
    async function newest(): Promise<string> {
      const stored = await vscode.commands.executeCommand<StoredDataReport>('azureBilling.showStore');
      const folder = path.join(path.dirname(stored.folder), 'insights', 'csv');
      const files = readdirSync(folder).map((name) => path.join(folder, name));
      return files.toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0] ?? assert.fail('no report');
    }

    /** What a tab over a file says: nothing is opened anew for one that is open. */
    const shownOf = (file: string) => vscode.commands.executeCommand<ShownTable>('azureBilling.openTable', { file });

    const CASES = {
      showUnusualCosts: { title: 'Unusual costs of 90 days', argument: () => ({ scope: account }) },
      showForecast: { title: `Forecast of ${open}`, argument: () => ({ scope: account }) },
      compareCosts: {
        title: `Drivers: ${last} ↔ ${open} so far`,
        argument: () => ({ before: { scope: account, period: last }, after: { scope: account, period: open } }),
      },
    };
    for (const [name, { title, argument }] of Object.entries(CASES)) {
      it(`${name}: says how old its usage is, asks for nothing that is kept, and asks again in the same tab`, async () => {
        await run(name, argument());
        const first = await newest();
        assert.match((await shownOf(first)).about ?? '', /^Fetched at .*, the oldest part\. The month goes on\.$/);
        const before = requests();
        await run(name, argument());
        assert.equal(requests(), before);
        assert.equal(tabs(title).length, 1, 'the same report has one tab');
        await run(name, { ...argument(), anew: true });
        assert.ok(requests() > before);
        const second = await newest();
        assert.notEqual(second, first);
        assert.deepEqual([(await shownOf(second)).files, tabs(title).length], [[second], 1]);
        const wrong = { connection: connected.name, ...argument(), anew: 'yes' };
        assert.match(await refusal(`azureBilling.${name}`, wrong), /^anew: is neither true nor false/);
      });
    }

    it('compareCosts: takes the place of the same comparison that is open, without a word about its age in the texts', async () => {
      const customer = connected.service.tenant.directory.customer(2);
      const scope = `${account}/customers/${customer.name}`;
      const argument = {
        before: { scope, period: last, label: 'Quay' },
        after: { scope, period: open, label: 'Quay' },
      };
      const title = `Quay ${last} ↔ Quay ${open} so far`;
      const texts = ({ original, modified }: vscode.TabInputTextDiff) =>
        [original, modified].map(({ fsPath }) => readFileSync(fsPath, 'utf8'));
      await run('compareCosts', argument);
      const first = await diff(title);
      const active = () => vscode.window.tabGroups.activeTabGroup.activeTab?.label;
      await eventually(() => (active() === title ? true : undefined));
      assert.doesNotMatch(texts(first).join(), /Fetched at/);
      await run('compareCosts', { ...argument, anew: true });
      await eventually(() => (tabs(title).length === 1 ? true : undefined));
      const second = await diff(title);
      assert.notEqual(second.original.fsPath, first.original.fsPath);
      assert.deepEqual(texts(second), texts(first));
      await eventually(() => (active() === `Drivers: ${title}` ? true : undefined));
      // Another question is another comparison, though it is called the same.
      await run('compareCosts', { ...argument, metric: 'AmortizedCost' });
      await eventually(() => (tabs(title).length === 2 ? true : undefined));
    });
  });

  it('forecasts the running month, parts adding up to their whole', async () => {
    const forecasts = await vscode.commands.executeCommand<CostForecast[]>('azureBilling.showForecast', {
      connection: connected.name,
      scope: account,
    });
    assert.ok(forecasts.length > 0);
    const check = ({ spent, total, low, high, parts }: CostForecast): void => {
      assert.ok(Number(low) <= Number(total) && Number(total) <= Number(high), `${low} ${total} ${high}`);
      if (parts.length > 0) {
        assert.equal(sum(parts.map((part) => part.spent)), plain(spent));
        assert.equal(sum(parts.map((part) => part.total)), plain(total));
        parts.forEach(check);
      }
    };
    forecasts.forEach(check);
    await tabNamed(new RegExp(`^Forecast of ${open}$`));
  });
});
