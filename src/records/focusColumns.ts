import { constant, copy, copyWhere, type FocusColumn, made } from './focusCells.ts';
import {
  BILLING_CURRENCY,
  COST,
  cost,
  isCountedSingly,
  isOneCurrency,
  isUseCountedSingly,
  PRICING_CURRENCY,
  pricingPrice,
} from './focusNumbers.ts';
import { NOTHING } from './focusRows.ts';
import {
  chargeCategory,
  chargeClass,
  chargeFrequency,
  commitmentCategory,
  commitmentType,
  flag,
  pricingCategory,
  serviceCategory,
  singleUnit,
} from './focusTerms.ts';
import { day, time } from './focusTimes.ts';

const LIST_PRICE = ['payGPrice', 'marketPrice'];
const RESOURCE = ['instanceName', 'resourceId'];
const SUBSCRIPTION = ['subscriptionGuid', 'subscriptionId'];

const lastSegment = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** `Microsoft.Compute/virtualMachines` of a resource's path, as it is spelled there. */
function resourceType(path: string): string | undefined {
  const segments = path.split('/');
  const provider = segments.findLastIndex((segment) => segment.toLowerCase() === 'providers');
  const [namespace, ...rest] = provider < 0 ? [] : segments.slice(provider + 1);
  const types = rest.filter((_, i) => i % 2 === 0);
  return namespace === undefined || types.length === 0 ? undefined : [namespace, ...types].join('/');
}

/** Whether the row was used under a commitment, or left one unused. */
const commitmentStatus: FocusColumn = {
  name: 'CommitmentDiscountStatus',
  type: 'text',
  cell(rows) {
    const chargeType = rows.text('chargeType');
    const model = rows.text('pricingModel');
    return {
      slot: -1,
      text(bytes) {
        const charge = chargeType(bytes)?.toLowerCase();
        if (charge === 'unusedreservation' || charge === 'unusedsavingsplan') {
          return 'Unused';
        }
        return charge === 'usage' && commitmentType(model(bytes) ?? '') !== undefined ? 'Used' : undefined;
      },
    };
  },
};

/** Partners are billed by Microsoft; files of a customer's subscription, without a billing profile, are of those whom partners bill. */
const invoiceIssuer: FocusColumn = {
  name: 'InvoiceIssuerName',
  type: 'text',
  cell(rows) {
    const partner = rows.text('partnerName');
    return {
      slot: -1,
      text: (bytes) => (rows.has('billingProfileId') ? 'Microsoft' : (partner(bytes) ?? 'Microsoft')),
    };
  },
};

/** Tags are an object. Files have its text, in some versions without the braces; what is neither stays as it is. */
const tags: FocusColumn = {
  name: 'Tags',
  type: 'json',
  cell(rows) {
    const { slot, text } = rows.copy(['tags']);
    const sent = text ?? rows.text('tags');
    return rows.isText('tags') ? { slot: -1, text: (bytes) => braced(sent(bytes)) } : { slot, ...(text && { text }) };
  },
};

function braced(text: string | undefined): string | undefined {
  if (text === undefined || text.startsWith('{')) {
    return text;
  }
  try {
    JSON.parse(`{${text}}`);
    return `{${text}}`;
  } catch {
    return text;
  }
}

/**
 * From Azure's columns to those of FOCUS, in the order of their names; `x_Source` follows. Names of several in a row: the first that has a
 * value. What becomes of what follows "Migrate from Usage Details" (Cost Management documentation), which names the columns of usage details and
 * cost files that are the same, and the FinOps toolkit's page on converting cost data to FOCUS.
 */
export const FOCUS_COLUMNS: readonly FocusColumn[] = [
  cost('BilledCost', COST, 'actual'),
  copy('BillingAccountId', 'text', 'billingProfileId'),
  copy('BillingAccountName', 'text', 'billingProfileName'),
  made('BillingAccountType', 'text', ['billingProfileId'], () => 'Billing Profile'),
  copy('BillingCurrency', 'text', ...BILLING_CURRENCY),
  made('BillingPeriodEnd', 'date', ['billingPeriodEndDate'], day(1)),
  made('BillingPeriodStart', 'date', ['billingPeriodStartDate'], day(0)),
  made('ChargeCategory', 'text', ['chargeType'], chargeCategory),
  made('ChargeClass', 'text', ['chargeType'], chargeClass),
  copy('ChargeDescription', 'text', 'product', 'productName'),
  made('ChargeFrequency', 'text', ['frequency'], chargeFrequency),
  made('ChargePeriodEnd', 'date', ['date'], day(1)),
  made('ChargePeriodStart', 'date', ['date'], day(0)),
  made('CommitmentDiscountCategory', 'text', ['pricingModel'], commitmentCategory),
  copy('CommitmentDiscountId', 'text', 'benefitId', 'reservationId'),
  copy('CommitmentDiscountName', 'text', 'benefitName', 'reservationName'),
  commitmentStatus,
  made('CommitmentDiscountType', 'text', ['pricingModel'], commitmentType),
  copyWhere('ConsumedQuantity', 'number', ['quantity'], isUseCountedSingly),
  {
    name: 'ConsumedUnit',
    type: 'text',
    cell(rows) {
      const unit = rows.text('unitOfMeasure');
      const holds = isUseCountedSingly(rows);
      return { slot: -1, text: (bytes) => (holds(bytes) ? singleUnit(unit(bytes) ?? '') : undefined) };
    },
  },
  { name: 'ContractedCost', type: 'number', cell: () => NOTHING },
  copyWhere('ContractedUnitPrice', 'number', ['unitPrice'], isOneCurrency),
  cost('EffectiveCost', COST, 'amortized'),
  copy('InvoiceId', 'text', 'invoiceId'),
  invoiceIssuer,
  copy('ListCost', 'number', 'paygCostInBillingCurrency'),
  copyWhere('ListUnitPrice', 'number', LIST_PRICE, isOneCurrency),
  made('PricingCategory', 'text', ['pricingModel'], pricingCategory),
  copy('PricingCurrency', 'text', ...PRICING_CURRENCY),
  pricingPrice('PricingCurrencyContractedUnitPrice', ['unitPrice']),
  cost('PricingCurrencyEffectiveCost', ['costInPricingCurrency'], 'amortized'),
  pricingPrice('PricingCurrencyListUnitPrice', LIST_PRICE),
  copyWhere('PricingQuantity', 'number', ['quantity'], isCountedSingly),
  made('PricingUnit', 'text', ['unitOfMeasure'], singleUnit),
  constant('ProviderName', 'Microsoft'),
  copy('PublisherName', 'text', 'publisherName'),
  copy('RegionId', 'text', 'resourceLocation'),
  copy('RegionName', 'text', 'resourceLocationNormalized', 'location'),
  copy('ResourceId', 'text', ...RESOURCE),
  made('ResourceName', 'text', RESOURCE, lastSegment),
  made('ResourceType', 'text', RESOURCE, resourceType),
  made('ServiceCategory', 'text', ['serviceFamily'], serviceCategory),
  copy('ServiceName', 'text', 'meterCategory'),
  copy('SkuId', 'text', 'productIdentifier', 'productId'),
  copy('SkuMeter', 'text', 'meterName'),
  made('SubAccountId', 'text', SUBSCRIPTION, (id) => (id.startsWith('/') ? id : `/subscriptions/${id}`)),
  copy('SubAccountName', 'text', 'subscriptionName'),
  made('SubAccountType', 'text', SUBSCRIPTION, () => 'Subscription'),
  tags,
  copy('x_AccountName', 'text', 'accountName'),
  copy('x_AccountOwnerId', 'text', 'accountOwnerId'),
  cost('x_BilledCostInUsd', ['costInUSD'], 'actual'),
  copy('x_BillingAccountId', 'text', 'billingAccountId'),
  copy('x_BillingAccountName', 'text', 'billingAccountName'),
  copy('x_BillingExchangeRate', 'number', 'exchangeRatePricingToBilling'),
  made('x_BillingExchangeRateDate', 'date', ['exchangeRateDate'], time),
  copy('x_CostAllocationRuleName', 'text', 'costAllocationRuleName'),
  copy('x_CostCenter', 'text', 'costCenter'),
  copy('x_CustomerId', 'text', 'customerTenantId'),
  copy('x_CustomerName', 'text', 'customerName'),
  cost('x_EffectiveCostInUsd', ['costInUSD'], 'amortized'),
  copy('x_InvoiceSectionId', 'text', 'invoiceSectionId'),
  copy('x_InvoiceSectionName', 'text', 'invoiceSectionName', 'invoiceSection'),
  copy('x_ListCostInUsd', 'number', 'paygCostInUSD'),
  copy('x_PartnerCreditApplied', 'text', 'partnerEarnedCreditApplied'),
  copy('x_PartnerCreditRate', 'number', 'partnerEarnedCreditRate'),
  copy('x_PricingUnitDescription', 'text', 'unitOfMeasure'),
  copy('x_PublisherCategory', 'text', 'publisherType'),
  copy('x_PublisherId', 'text', 'publisherId'),
  copy('x_ResellerId', 'text', 'resellerMpnId'),
  copy('x_ResellerName', 'text', 'resellerName'),
  copy('x_ResourceGroupName', 'text', 'resourceGroup', 'resourceGroupName'),
  made('x_ServicePeriodEnd', 'date', ['servicePeriodEndDate'], time),
  made('x_ServicePeriodStart', 'date', ['servicePeriodStartDate'], time),
  made('x_SkuIsCreditEligible', 'boolean', ['isAzureCreditEligible'], flag),
  copy('x_SkuMeterCategory', 'text', 'meterCategory'),
  copy('x_SkuMeterId', 'text', 'meterId'),
  copy('x_SkuMeterSubcategory', 'text', 'meterSubCategory'),
  copy('x_SkuOfferId', 'text', 'offerId'),
  copy('x_SkuOrderId', 'text', 'productOrderId'),
  copy('x_SkuOrderName', 'text', 'productOrderName'),
  copy('x_SkuPartNumber', 'text', 'partNumber'),
  copy('x_SkuPlanName', 'text', 'planName'),
  copy('x_SkuRegion', 'text', 'meterRegion'),
  copy('x_SkuServiceFamily', 'text', 'serviceFamily'),
  copy('x_SkuTerm', 'text', 'term'),
];
