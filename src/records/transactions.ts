import type { Column, RecordSchema } from './schema.ts';

const money = (name: string): Column => ({ name, within: 'properties', members: ['value', 'currency'] });
const plain = (name: string): Column => ({ name, within: 'properties' });
const outer = (name: string): Column => ({ name, within: 'record' });

/**
 * Transactions of all versions since 2019-10-01-preview (REST reference: Transactions): lines that are on an invoice, or will be. Amounts
 * are in the billing currency before tax, prices in the pricing currency. What only some versions have stands last.
 */
export const TRANSACTIONS: RecordSchema = {
  kind: 'transactions',
  columns: [
    ...['date', 'transactionType', 'invoice', 'productFamily', 'productType', 'productDescription'].map(plain),
    money('transactionAmount'),
    money('subTotal'),
    money('tax'),
    money('azureCreditApplied'),
    ...['billingCurrency', 'quantity', 'units', 'unitOfMeasure', 'unitType'].map(plain),
    money('effectivePrice'),
    money('marketPrice'),
    ...['pricingCurrency', 'exchangeRate', 'discount', 'servicePeriodStartDate', 'servicePeriodEndDate'].map(plain),
    ...['customerId', 'customerDisplayName', 'billingProfileId', 'billingProfileDisplayName'].map(plain),
    ...['invoiceSectionId', 'invoiceSectionDisplayName', 'productTypeId', 'kind', 'invoiceId', 'azurePlan'].map(plain),
    money('consumptionCommitmentDecremented'),
    ...['creditType', 'isThirdParty', 'partNumber', 'reasonCode', 'specialTaxationType'].map(plain),
    { name: 'refundTransactionDetails', within: 'properties' },
    ...['orderId', 'orderName', 'subscriptionId', 'subscriptionName'].map(plain),
    ...['id', 'name', 'type'].map(outer),
  ],
  cost: { amount: 'transactionAmount.value', currency: 'billingCurrency' },
};
