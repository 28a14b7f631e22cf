import { isNumberColumn } from './costFiles.ts';
import type { CellType } from './rowLayout.ts';

/**
 * What the columns of records hold, by the last part of their names and without case: one name means one thing in all of them. Ids and
 * codes stay text, although some are made of digits. The references that the schemas name tell the types.
 */
const TYPES: ReadonlyMap<string, CellType> = new Map(
  Object.entries({
    number: [
      // Quantities.
      ...[
        'quantity',
        'billableQuantity',
        'quantityUsed',
        'consumedQuantity',
        'includedQuantity',
        'overageQuantity',
        'units',
      ],
      // Unit prices and rates.
      ...['effectivePrice', 'unitPrice', 'marketPrice', 'payGPrice', 'listPrice', 'effectiveUnitPrice', 'discount'],
      ...['pretaxEffectiveRate', 'postTaxEffectiveRate', 'partnerEarnedCreditRate', 'rateOfPartnerEarnedCredit'],
      ...['rateOfCredit', 'PartnerEarnedCreditPercentage', 'CreditPercentage', 'percentUsed'],
      ...['exchangeRate', 'exchangeRatePricingToBilling', 'pcToBCExchangeRate'],
      // Money.
      ...['cost', 'costInBillingCurrency', 'costInPricingCurrency', 'costInUSD', 'paygCostInBillingCurrency'],
      ...['paygCostInUSD', 'totalCost', 'usdTotalCost', 'subtotal', 'taxTotal', 'tax', 'taxAmount', 'total', 'amount'],
      ...['totalForCustomer', 'totalOtherDiscount', 'pretaxCharges', 'postTaxTotal', 'billingPreTaxTotal'],
      ...['pricingPreTaxTotal', 'pretaxCost', 'pretaxCostUSD', 'costUSD'],
      // Amounts that bring their currency along, `tax.value`.
      'value',
    ],
    date: [
      ...['date', 'usageDate', 'billingPeriodStartDate', 'billingPeriodEndDate', 'servicePeriodStartDate'],
      ...['servicePeriodEndDate', 'exchangeRateDate', 'pcToBCExchangeRateDate', 'chargeStartDate', 'chargeEndDate'],
      ...['orderDate', 'subscriptionStartDate', 'subscriptionEndDate', 'usageStartTime', 'usageEndTime'],
      'lastModifiedDate',
    ],
    boolean: ['isAzureCreditEligible', 'hasPartnerEarnedCredit', 'isUpgraded', 'isThirdParty'],
    json: [
      ...['tags', 'meterDetails', 'budget', 'customerSpendingBudget', 'links', 'attributes', 'infoFields'],
      ...['productQualifiers', 'discountDetails', 'refundTransactionDetails'],
    ],
  } satisfies Partial<Record<CellType, readonly string[]>>).flatMap(([type, names]) =>
    names.map((name) => [name.toLowerCase(), type as CellType] as const),
  ),
);

/** What the column of a record holds; its name may have the path of an object before it, `resource.id`. */
export function cellType(name: string): CellType {
  return TYPES.get(name.slice(name.lastIndexOf('.') + 1).toLowerCase()) ?? 'text';
}

const FILE_DATES = new Set([
  ...['date', 'billingperiodstartdate', 'billingperiodenddate', 'serviceperiodstartdate', 'serviceperiodenddate'],
  ...['exchangeratedate', 'billingperiodstart', 'billingperiodend', 'chargeperiodstart', 'chargeperiodend'],
  ...['x_billingexchangeratedate', 'x_serviceperiodstart', 'x_serviceperiodend'],
]);

/** The same for the files that the service writes: flags are `True`, `1` or `true` there and stay text. */
export function fileCellType(name: string): CellType {
  if (isNumberColumn(name)) {
    return 'number';
  }
  return FILE_DATES.has(name.toLowerCase()) ? 'date' : 'text';
}
