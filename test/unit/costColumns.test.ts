import assert from 'node:assert/strict';
import { costColumns, dimensionsIn, dimensionTitle } from '../../src/insight/costColumns.ts';
import { COST_DETAILS_COLUMNS } from '../../src/records/costFiles.ts';
import { FOCUS_COLUMNS } from '../../src/records/focusColumns.ts';
import { LICENCE_LINES, ONE_TIME_LINES } from '../../src/records/lineItems.ts';
import { EXPORTED_USAGE, LEGACY_USAGE_LINES, RATED_USAGE_LINES } from '../../src/records/ratedUsage.ts';
import type { RecordSchema } from '../../src/records/schema.ts';
import { LEGACY_USAGE, MODERN_USAGE } from '../../src/records/usageDetails.ts';

const names = ({ columns }: RecordSchema) => columns.map(({ name }) => name);
const keys = (header: readonly string[]) =>
  Object.fromEntries(dimensionsIn(header).map(({ name, key, label }) => [name, [key, label]]));

describe('columns of costs', () => {
  it('are found in modern usage details', () => {
    assert.deepEqual(costColumns(names(MODERN_USAGE)), {
      cost: 'costInBillingCurrency',
      currency: 'billingCurrencyCode',
      pricingCost: 'costInPricingCurrency',
      pricingCurrency: 'pricingCurrencyCode',
      quantity: 'quantity',
      unit: 'unitOfMeasure',
      unitPrice: 'unitPrice',
      effectivePrice: 'effectivePrice',
      exchangeRate: 'exchangeRatePricingToBilling',
      day: 'date',
    });
    const dimensions = keys(names(MODERN_USAGE));
    assert.deepEqual(dimensions.customer, ['customerTenantId', 'customerName']);
    assert.deepEqual(dimensions.subscription, ['subscriptionGuid', 'subscriptionName']);
    assert.deepEqual(dimensions.resource, ['instanceName', undefined]);
    assert.deepEqual(dimensions.meter, ['meterId', 'meterName']);
  });

  it('are found in legacy usage details and in cost files', () => {
    const legacy = costColumns(names(LEGACY_USAGE));
    assert.deepEqual([legacy.cost, legacy.currency, legacy.pricingCost], ['cost', 'billingCurrency', undefined]);
    const file = costColumns(COST_DETAILS_COLUMNS);
    assert.deepEqual([file.cost, file.pricingCost], ['costInBillingCurrency', 'costInPricingCurrency']);
    assert.deepEqual(keys(COST_DETAILS_COLUMNS).resourceGroup, ['resourceGroupName', undefined]);
    assert.deepEqual(keys(COST_DETAILS_COLUMNS).product, ['ProductName', undefined]);
  });

  it('are found in FOCUS, whose prices count the pricing quantity', () => {
    const header = FOCUS_COLUMNS.map(({ name }) => name);
    const { cost, currency, quantity, unit, day } = costColumns(header);
    assert.deepEqual(
      [cost, currency, quantity, unit, day],
      ['BilledCost', 'BillingCurrency', 'PricingQuantity', 'PricingUnit', 'ChargePeriodStart'],
    );
    assert.deepEqual(keys(header).subscription, ['SubAccountId', 'SubAccountName']);
    assert.equal(costColumns(['ConsumedQuantity', 'ConsumedUnit', 'PricingUnit']).unit, 'ConsumedUnit');
  });

  it('are found in rated usage, whose entitlement is the Azure subscription, and in lines of invoices', () => {
    assert.equal(costColumns(names(RATED_USAGE_LINES)).cost, 'billingPreTaxTotal');
    assert.deepEqual(keys(names(RATED_USAGE_LINES)).subscription, ['entitlementId', 'entitlementDescription']);
    assert.deepEqual(costColumns(names(EXPORTED_USAGE)).unit, 'Unit');
    const { cost, quantity, pricingCurrency } = costColumns(names(ONE_TIME_LINES));
    assert.deepEqual([cost, quantity, pricingCurrency], ['subtotal', 'billableQuantity', 'pricingCurrency']);
  });

  it('are found in both kinds of lines of a legacy invoice: a company, and a service or offer as the product', () => {
    assert.deepEqual(keys(names(LEGACY_USAGE_LINES)).customer, ['customerId', 'customerCompanyName']);
    assert.deepEqual(keys(names(LICENCE_LINES)).customer, ['customerId', 'customerName']);
    assert.deepEqual(keys(names(LEGACY_USAGE_LINES)).product, ['serviceName', undefined]);
    assert.deepEqual(keys(names(LICENCE_LINES)).product, ['offerName', undefined]);
    assert.equal(costColumns(names(LEGACY_USAGE_LINES)).cost, 'pretaxCharges');
    assert.equal(costColumns(names(LICENCE_LINES)).cost, 'subtotal');
  });

  it('are none in a table of something else', () => {
    assert.deepEqual(costColumns(['name', 'size']), {});
    assert.deepEqual(dimensionsIn(['name', 'size']), []);
    assert.equal(dimensionTitle('resourceGroup'), 'Resource group');
  });
});
