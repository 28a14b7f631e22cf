import assert from 'node:assert/strict';
import { decimalText } from '../../src/sample/decimal.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';

interface Alert {
  id: string;
  name: string;
  type: string;
  properties: {
    definition: { type: string; category: string; criteria: string };
    details: Record<string, unknown> & { amount?: number; currentSpend?: number; threshold?: number; unit?: string };
    costEntityId: string;
    status: string;
    closeTime: string;
    statusModificationTime: string;
  };
}
interface Budget {
  name: string;
  properties: {
    amount: number;
    currentSpend: { amount: number; unit: string };
    notifications: Record<string, { enabled: boolean; threshold: number; thresholdType: string }>;
  };
}

describe('sample service: alerts', () => {
  let service: SampleService;
  let account: string;

  before(async () => {
    service = await startSampleService({ customers: 60, usageRows: 20_000, now: new Date('2026-11-21T09:00:00Z') });
    account = `/providers/Microsoft.Billing/billingAccounts/${service.tenant.accounts[0]?.name}`;
  });
  after(() => service.close());

  const url = (path: string, version = '2025-03-01'): string =>
    `${service.endpoints.resourceManager}${path.startsWith('/') ? path : `/${path}`}?api-version=${version}`;
  const alertsOf = (scope: string): string => `${scope}/providers/Microsoft.CostManagement/alerts`;
  const customer = (index: number): string => `${account}/customers/${service.tenant.directory.customer(index).name}`;

  async function get<T>(path: string, version?: string): Promise<T> {
    const response = await fetch(url(path, version));
    const text = await response.text();
    assert.equal(response.status, 200, text);
    return JSON.parse(text) as T;
  }
  const list = async (scope: string, version?: string): Promise<Alert[]> => {
    const { value, nextLink } = await get<{ value: Alert[]; nextLink: null }>(alertsOf(scope), version);
    assert.equal(nextLink, null);
    return value;
  };
  const patch = (path: string, body: unknown): Promise<Response> =>
    fetch(url(path), { method: 'PATCH', body: JSON.stringify(body) });

  it('raises one for each enabled notification of a budget that is reached', async () => {
    let raised = 0;
    for (const scope of [0, 1, 2, 3, 5, 6].map(customer)) {
      const budgets = await get<{ value: Budget[] }>(`${scope}/providers/Microsoft.CostManagement/budgets`);
      const expected = budgets.value.flatMap(({ name, properties: { amount, currentSpend, notifications } }) =>
        Object.values(notifications)
          .filter((n) => n.enabled && n.thresholdType === 'Actual')
          .filter((n) => currentSpend.amount >= (amount * n.threshold) / 100)
          .map((n) => `${name} ${n.threshold / 100} ${amount} ${currentSpend.amount} ${currentSpend.unit}`),
      );
      const alerts = (await list(scope)).filter(({ properties }) => properties.definition.type === 'Budget');
      assert.deepEqual(
        alerts.map(({ properties: { costEntityId, details } }) =>
          [costEntityId, details.threshold, details.amount, details.currentSpend, details.unit].join(' '),
        ),
        expected,
      );
      assert.ok(alerts.every(({ properties }) => properties.definition.criteria === 'CostThresholdExceeded'));
      raised += alerts.length;
    }
    assert.ok(raised >= 3, `${raised} alerts`);
  });

  it('tells invoices that are due and overdue, and several currencies', async () => {
    const alerts = await list(account, '2019-11-01');
    const of = (criteria: string) => alerts.filter(({ properties }) => properties.definition.criteria === criteria);
    assert.equal(of('MultiCurrency').length, 1);
    assert.equal(of('InvoiceDueDateApproaching').length, 3);
    const [overdue] = of('InvoiceDueDateReached');
    const invoice = service.tenant.invoiceNamed(overdue?.properties.costEntityId ?? '');
    assert.equal(invoice?.status, 'OverDue');
    assert.equal(overdue?.properties.details.amount, Number(decimalText(invoice?.amountDue ?? 0n, 20)));
    assert.equal(overdue?.properties.details.unit, 'EUR');
    const profile = await list(`${account}/billingProfiles/${invoice?.profile.name}`);
    assert.ok(profile.some(({ properties }) => properties.costEntityId === invoice?.name));
    assert.equal(new Set(alerts.map(({ name }) => name)).size, alerts.length);
  });

  it('gets one, dismisses it, and forgets that on reset', async () => {
    const [alert] = await list(account);
    assert.ok(alert);
    assert.equal(alert.id, `${alertsOf(account).slice(1)}/${alert.name}`);
    assert.equal(alert.properties.status, 'Active');
    assert.equal(alert.properties.closeTime, '0001-01-01T00:00:00');
    assert.deepEqual(await get<Alert>(alert.id), alert);
    const response = await patch(alert.id, { properties: { status: 'Dismissed' } });
    assert.equal(response.status, 200);
    const dismissed = (await response.json()) as Alert;
    assert.equal(dismissed.properties.status, 'Dismissed');
    assert.match(dismissed.properties.statusModificationTime, /^2026-11-21T09:00:00/);
    assert.deepEqual(await get<Alert>(alert.id), dismissed);
    assert.deepEqual(
      (await list(account)).filter(({ properties }) => properties.status === 'Dismissed'),
      [dismissed],
    );
    await fetch(`${service.endpoints.resourceManager}/_sample/reset`, { method: 'POST' });
    assert.deepEqual(await get<Alert>(alert.id), alert);
  });

  it('refuses other changes, unknown alerts and old versions', async () => {
    const [alert] = await list(account);
    assert.ok(alert);
    assert.equal((await patch(alert.id, { properties: { status: 'Resolved' } })).status, 400);
    assert.equal((await patch(alert.id, {})).status, 400);
    assert.equal((await fetch(url(alert.id), { method: 'PATCH', body: '' })).status, 400);
    assert.equal((await patch(`${alertsOf(account)}/none`, { properties: { status: 'Dismissed' } })).status, 404);
    assert.equal((await fetch(url(`${alertsOf(customer(0))}/${alert.name}`))).status, 404);
    assert.equal((await fetch(url(alertsOf(account), '2019-10-01'))).status, 400);
    assert.equal((await fetch(url(alertsOf(account)), { method: 'DELETE' })).status, 405);
  });

  it('has none for a scope without budgets and invoices', async () => {
    assert.deepEqual(await list(customer(4)), []);
  });
});
