import assert from 'node:assert/strict';
import { firstDay, lastDay } from '../../src/sample/calendar.ts';
import { Tenant } from '../../src/sample/tenant.ts';
import { UsagePages } from '../../src/sample/usagePages.ts';
import { parseUsageScope } from '../../src/sample/usageScopes.ts';

const tenant = new Tenant({ seed: 1, customers: 12, usageRows: 9_000, now: new Date('2026-11-21T00:00:00Z') });
const pages = new UsagePages(tenant);
const account = `/providers/Microsoft.Billing/billingAccounts/${tenant.accounts[0]?.name}`;
const month = tenant.ledger.openMonth;
const days = { from: firstDay(month - 1), to: lastDay(month) };

function scopeOf(id: string) {
  const scope = parseUsageScope(tenant, id);
  assert.ok(!('error' in scope));
  return scope;
}

function walk(size: number): { names: string[]; rows: string[]; sizes: number[] } {
  const rows: string[] = [];
  const sizes: number[] = [];
  let token: string | undefined;
  do {
    const page = pages.page(scopeOf(account), days, size, 'first', token);
    assert.ok(page);
    rows.push(...page.rows);
    sizes.push(page.rows.length);
    token = page.next;
  } while (token);
  return { names: rows.map((row) => (JSON.parse(row) as { name: string }).name), rows, sizes };
}

describe('sample tenant: paging of usage details', () => {
  const { rows: expected } = tenant.truth(account, '2026-10-01', '2026-11-20');

  for (const size of [1, 7, 1000]) {
    it(`visits each row once with pages of ${size}`, () => {
      const { names, sizes } = walk(size);
      assert.equal(names.length, expected);
      assert.equal(new Set(names).size, expected);
      assert.ok(sizes.slice(0, -1).every((n) => n === size));
      assert.ok((sizes.at(-1) ?? 0) > 0, 'the last page is not empty');
    });
  }

  it('gives the same rows in the same order whatever the page size', () => {
    assert.deepEqual(walk(7).rows, walk(1000).rows);
  });

  it('orders billing periods newest first and days ascending inside one', () => {
    const dates = walk(1000).rows.map((row) => /"date":"([-0-9]+)T/.exec(row)?.[1] ?? '');
    const open = dates.filter((date) => date >= '2026-11-01');
    assert.deepEqual(dates.slice(0, open.length), open);
    assert.deepEqual(open, open.toSorted());
    const closed = dates.slice(open.length);
    assert.deepEqual(closed, closed.toSorted());
  });

  it('refuses a token that was tampered with, or of another scope or period', () => {
    const scope = scopeOf(account);
    const token = pages.page(scope, days, 5, 'first', undefined)?.next;
    assert.ok(token);
    assert.ok(pages.page(scope, days, 5, 'first', token));
    const position = Buffer.from(token, 'base64url').toString();
    const moved = Buffer.from(position.replace(/\.(\d+)\./, (_, n) => `.${Number(n) + 1}.`)).toString('base64url');
    for (const bad of [moved, 'x', '', `${token}AA`]) {
      assert.equal(pages.page(scope, days, 5, 'first', bad), undefined, bad);
    }
    assert.equal(pages.page(scope, { from: days.from, to: days.to - 1 }, 5, 'first', token), undefined);
    const profile = tenant.accounts[0]?.profiles[0]?.name;
    assert.equal(pages.page(scopeOf(`${account}/billingProfiles/${profile}`), days, 5, 'first', token), undefined);
  });

  it('writes rows that are JSON, 66 properties in the first projection and 72 in the extended one', () => {
    const count = (projection: 'first' | 'extended'): number[] =>
      (
        pages.page(scopeOf(account), { from: days.from, to: days.from + 30 }, 1000, projection, undefined)?.rows ?? []
      ).map((row) => Object.keys((JSON.parse(row) as { properties: object }).properties).length);
    assert.deepEqual([...new Set(count('first'))], [66]);
    assert.deepEqual([...new Set(count('extended'))], [72]);
  });
});
