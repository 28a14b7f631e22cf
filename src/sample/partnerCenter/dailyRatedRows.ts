import { firstDay, isoDay, monthOf } from '../calendar.ts';
import { COST_SCALE, decimalText, PRICE_SCALE, QUANTITY_SCALE, RATE_SCALE, USD_SCALE } from '../decimal.ts';
import { meterIdOf, productIdOf, productNameOf } from '../meterIds.ts';
import { compile, fill, MARK, type Template } from '../rowTemplate.ts';
import { quantity, type UsageLine } from '../usageLines.ts';
import { CURRENCY_LOCALES } from './currencyLocale.ts';
import type { PartnerCustomers } from './customers.ts';
import type { PartnerSubscriptions } from './subscriptions.ts';

const MOST_TEMPLATES = 4_000;

/**
 * Writes daily rated usage line items as JSON text (Partner Center REST reference: invoice resources): one row for each usage line and
 * day, with the quantities and prices of the usage details of the ARM side.
 */
export class DailyRatedRows {
  readonly #customers: PartnerCustomers;
  readonly #subscriptions: PartnerSubscriptions;
  readonly #mpnId: string;
  readonly #templates = new Map<string, Template>();

  constructor(subscriptions: PartnerSubscriptions, mpnId: string) {
    this.#customers = subscriptions.customers;
    this.#subscriptions = subscriptions;
    this.#mpnId = mpnId;
  }

  /** The row of a line on a day on which it is alive; `invoice` is empty while the month is open. */
  row(line: UsageLine, day: number, invoice: string): string {
    const month = monthOf(day);
    const key = `${line.ordinal}/${month}/${invoice}`;
    let template = this.#templates.get(key);
    if (!template) {
      if (this.#templates.size >= MOST_TEMPLATES) this.#templates.clear();
      template = compile(this.#rowOf(line, month, invoice));
      this.#templates.set(key, template);
    }
    const { ledger } = this.#customers.tenant;
    const units = BigInt(quantity(line, day));
    const usd = units * line.price;
    return fill(template, {
      date: `${isoDay(day)}T00:00:00Z`,
      quantity: decimalText(units, QUANTITY_SCALE),
      usd: decimalText(usd, USD_SCALE),
      cost: decimalText(usd * ledger.rate(ledger.profileOfLine(line), month), COST_SCALE),
    });
  }

  #rowOf(line: UsageLine, month: number, invoice: string): object {
    const { tenant } = this.#customers;
    const { directory, ledger } = tenant;
    const { meter, region } = line;
    const customer = directory.customer(line.customer);
    const { currency } = customer.profile;
    const azure = directory.subscription(customer, line.subscription);
    const [provider = '', ...types] = meter.resourceType.split('/');
    const market = decimalText(line.marketPrice, PRICE_SCALE);
    const price = decimalText(line.price, PRICE_SCALE);
    return {
      partnerId: directory.partnerTenantId,
      partnerName: directory.partnerName,
      customerId: customer.name,
      customerName: customer.displayName,
      customerDomainName: this.#customers.domain(customer.index),
      customerCountry: CURRENCY_LOCALES[currency].country,
      mpnId: this.#mpnId,
      resellerMpnId: '',
      invoiceNumber: invoice,
      productId: productIdOf(meter).slice(0, 12),
      skuId: meterIdOf(meter).slice(0, 4).toUpperCase(),
      availabilityId: productIdOf(meter).slice(4),
      skuName: meter.name,
      productName: productNameOf(meter, region),
      publisherName: 'Microsoft Corporation',
      publisherId: '',
      subscriptionId: this.#subscriptions.planId(customer),
      subscriptionDescription: 'Azure plan',
      chargeStartDate: `${isoDay(firstDay(month))}T00:00:00Z`,
      chargeEndDate: `${isoDay(firstDay(month + 1))}T00:00:00Z`,
      usageDate: `${MARK}date`,
      meterType: meter.unit,
      meterCategory: meter.category,
      meterId: meterIdOf(meter),
      meterSubCategory: meter.subCategory,
      meterName: meter.name,
      meterRegion: region.displayName,
      unitOfMeasure: meter.unit,
      resourceLocation: region.location.toUpperCase(),
      consumedService: meter.consumedService,
      resourceGroup: line.resourceGroup,
      resourceUri: `/subscriptions/${azure.name}/resourceGroups/${line.resourceGroup}/providers/${provider}/${types.join('/')}/${line.resourceName}`,
      // Tags and additional information are JSON as text, or empty.
      tags: line.tags === null ? '' : JSON.stringify(line.tags),
      additionalInfo:
        meter.category === 'Virtual Machines' ? JSON.stringify({ UsageType: 'ComputeHR', VMName: null }) : '',
      serviceInfo1: '',
      serviceInfo2: meter.serviceInfo2,
      chargeType: 'new',
      unitPrice: `${MARK}=${market}`,
      effectiveUnitPrice: `${MARK}=${price}`,
      quantity: `${MARK}#quantity`,
      unitType: meter.unit,
      billingPreTaxTotal: `${MARK}#cost`,
      billingCurrency: currency,
      pricingPreTaxTotal: `${MARK}#usd`,
      pricingCurrency: 'USD',
      entitlementId: azure.name,
      entitlementDescription: azure.displayName,
      pcToBCExchangeRate: `${MARK}=${decimalText(ledger.rate(customer.profile, month), RATE_SCALE)}`,
      pcToBCExchangeRateDate: `${isoDay(firstDay(month))}T00:00:00Z`,
      rateOfPartnerEarnedCredit: `${MARK}=${line.earnsCredit ? '0.15' : '0'}`,
      hasPartnerEarnedCredit: line.earnsCredit,
      rateOfCredit: `${MARK}=${line.earnsCredit ? '0.15' : '0'}`,
      creditType: line.earnsCredit ? 'Partner Earned Credit Applied' : 'Credit Not Applied',
      benefitOrderId: '',
      benefitId: '',
      benefitType: 'Charge',
      invoiceLineItemType: 'usage_line_items',
      billingProvider: 'marketplace',
      attributes: { objectType: 'DailyRatedUsageLineItem' },
    };
  }
}
