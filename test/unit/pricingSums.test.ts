import assert from 'node:assert/strict';
import { amountText } from '../../src/spend/amounts.ts';
import { PricingSums } from '../../src/spend/pricingSums.ts';

/** Sums of rows, each with these members: group, day, currency, cost, US dollars. */
function sumsOf(properties: readonly object[], groupBy = 'ResourceGroupName', labels?: string) {
  const sums = new PricingSums({ groupBy, labels }, []);
  const rows = properties.map((own) => {
    return { kind: 'modern', properties: { date: '2026-10-01T00:00:00Z', pricingCurrencyCode: 'USD', ...own } };
  });
  // Digits are text until here: numbers of JSON have more of them than a double.
  sums.page(Buffer.from(JSON.stringify({ value: rows }).replace(/"#([^"]*)"/g, '$1')));
  const result = sums.result().map((row) => ({ ...row, cost: amountText(row.cost), usd: amountText(row.usd) }));
  return { sums, result };
}

describe('sums of usage rows in the pricing currency', () => {
  it('are exact by day, group and currency, credits included', () => {
    const { result } = sumsOf([
      { resourceGroup: 'a', costInPricingCurrency: '#0.1', costInUSD: '#1' },
      { resourceGroup: 'a', costInPricingCurrency: '#0.2000000000000000000001', costInUSD: '#2' },
      { resourceGroup: 'a', costInPricingCurrency: '#-5e-7', costInUSD: '#0' },
      { resourceGroup: 'a', costInPricingCurrency: '#7', pricingCurrencyCode: 'EUR', costInUSD: '#8' },
      { resourceGroup: 'a', costInPricingCurrency: '#1', date: '2026-10-02T00:00:00Z' },
    ]);
    const common = { key: 'a', label: 'a' };
    assert.deepEqual(result, [
      { ...common, day: '2026-10-01', currency: 'USD', cost: '0.2999995000000000000001', usd: '3' },
      { ...common, day: '2026-10-02', currency: 'USD', cost: '1', usd: '0' },
      { ...common, day: '2026-10-01', currency: 'EUR', cost: '7', usd: '8' },
    ]);
  });

  it('are one for a group that rows spell in several ways', () => {
    const { result } = sumsOf([
      { resourceGroup: 'RG-Main', costInPricingCurrency: '#1' },
      { resourceGroup: ' rg-main ', costInPricingCurrency: '#2' },
      { resourceGroup: null, costInPricingCurrency: '#4' },
      { costInPricingCurrency: '#8' },
    ]);
    assert.deepEqual(
      result.map(({ key, label, cost }) => [key, label, cost]),
      [
        ['rg-main', 'rg-main', '3'],
        ['', '', '12'],
      ],
    );
  });

  it('have the names that rows have beside the ids, and of resources the last part of the path', () => {
    const named = { subscriptionGuid: 'S-1', subscriptionName: 'Shop', costInPricingCurrency: '#1' };
    const [subscription] = sumsOf([named], 'SubscriptionId', 'SubscriptionName').result;
    assert.deepEqual([subscription?.key, subscription?.label], ['s-1', 'Shop']);
    const path = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Sql/servers/Main';
    const [resource] = sumsOf([{ instanceName: path, costInPricingCurrency: '#1' }], 'ResourceId').result;
    assert.deepEqual([resource?.key, resource?.label], [path.toLowerCase(), 'Main']);
  });

  it('count rows without a cost or a currency, and take numbers that are sent as text', () => {
    const { sums, result } = sumsOf([
      { resourceGroup: 'a', costInPricingCurrency: '1.50', costInUSD: ' 2 ' },
      { resourceGroup: 'a', costInPricingCurrency: null },
      { resourceGroup: 'a', costInPricingCurrency: '' },
      { resourceGroup: 'a' },
      { resourceGroup: 'a', costInPricingCurrency: '#1', pricingCurrencyCode: null },
    ]);
    assert.deepEqual(
      result.map(({ cost, usd }) => [cost, usd]),
      [['1.5', '2']],
    );
    assert.deepEqual([sums.rows, sums.withoutCost], [5, 4]);
  });

  it('end with an error for what is no amount or no day', () => {
    assert.throws(() => sumsOf([{ costInPricingCurrency: 'much' }]), RangeError);
    assert.throws(() => sumsOf([{ costInPricingCurrency: '#1', date: 'soon' }]), RangeError);
  });
});
