import { firstDay, isoDay, lastDay, monthOf } from './calendar.ts';
import { COST_SCALE, decimalText, PRICE_SCALE, QUANTITY_SCALE, RATE_SCALE, USD_SCALE } from './decimal.ts';
import type { BillingAccount, BillingProfile } from './directory.ts';
import { guid, hash } from './hash.ts';
import { meterIdOf, productIdOf, productNameOf } from './meterIds.ts';
import { compile, fill, MARK, type Template } from './rowTemplate.ts';
import type { Tenant } from './tenant.ts';
import { quantity, type UsageLine } from './usageLines.ts';

/** `first` has the 66 modern fields of Consumption 2019-10-01, `extended` the 72 of 2021-10-01 and later. */
export type RowProjection = 'first' | 'extended';

// Templates are big texts: only so many are kept, and all dropped at once when there are too many.
const MOST_TEMPLATES = 4_000;

/**
 * Writes usage detail rows as JSON text. Row text is cut from a template per line, month and projection, because a page
 * of a thousand rows is two megabytes of which only a few dozen characters a row are new.
 */
export class UsageRows {
  readonly #tenant: Tenant;
  readonly #templates = new Map<string, Template>();
  readonly #rowFamily: number;

  constructor(tenant: Tenant) {
    this.#tenant = tenant;
    this.#rowFamily = hash(tenant.options.seed, 0x2077);
  }

  /** The row of a line on a day on which the line is alive. */
  usage(scopeId: string, line: UsageLine, day: number, projection: RowProjection): string {
    const month = monthOf(day);
    const template = this.#template(`${line.ordinal}/${month}/${projection}`, () =>
      this.#usageTemplate(line, month, projection),
    );
    const units = BigInt(quantity(line, day));
    const usd = units * line.price;
    const rate = this.#tenant.ledger.rate(this.#tenant.ledger.profileOfLine(line), month);
    const payg = units * line.marketPrice;
    const name = this.#rowName(line.ordinal + 1, day);
    return fill(template, {
      id: `${scopeId}/providers/Microsoft.Consumption/usageDetails/${name}`,
      name,
      date: `${isoDay(day)}T00:00:00.0000000Z`,
      quantity: decimalText(units, QUANTITY_SCALE),
      usd: decimalText(usd, USD_SCALE),
      cost: decimalText(usd * rate, COST_SCALE),
      paygUsd: decimalText(payg, USD_SCALE),
      payg: decimalText(payg * rate, COST_SCALE),
    });
  }

  /**
   * The row that brings a profile's closed month onto the currency's minor unit: no customer, no subscription,
   * quantity 1, dated on the month's last day. It is priced in the billing currency itself; its costInUSD is the amount
   * divided by the month's rate, cut after 20 decimals.
   */
  rounding(scopeId: string, profile: BillingProfile, month: number, projection: RowProjection): string {
    const { rounding } = this.#tenant.ledger.profileMonth(profile, month);
    const rate = this.#tenant.ledger.rate(profile, month);
    const amount = decimalText(rounding, COST_SCALE);
    const usd = decimalText((rounding * 10_000n) / rate, COST_SCALE);
    const template = this.#template(`rounding/${profile.index}/${month}/${projection}`, () =>
      this.#roundingTemplate(profile, month, amount, projection),
    );
    const name = this.#rowName(0x8000_0000 + profile.index, lastDay(month));
    return fill(template, {
      id: `${scopeId}/providers/Microsoft.Consumption/usageDetails/${name}`,
      name,
      date: `${isoDay(lastDay(month))}T00:00:00.0000000Z`,
      quantity: '1',
      usd,
      cost: amount,
      paygUsd: usd,
      payg: amount,
      pricingCost: amount,
    });
  }

  // A GUID of the line with the day, itself permuted, in its last digits: unique without remembering any.
  #rowName(line: number, day: number): string {
    const base = guid(this.#rowFamily, line);
    return `${base.slice(0, 28)}${((hash(this.#rowFamily, line) & 0xffff) ^ day).toString(16).padStart(8, '0')}`;
  }

  #template(key: string, make: () => Template): Template {
    let template = this.#templates.get(key);
    if (!template) {
      if (this.#templates.size >= MOST_TEMPLATES) this.#templates.clear();
      template = make();
      this.#templates.set(key, template);
    }
    return template;
  }

  #usageTemplate(line: UsageLine, month: number, projection: RowProjection): Template {
    const { directory } = this.#tenant;
    const customer = directory.customer(line.customer);
    const subscription = directory.subscription(customer, line.subscription);
    const { meter, region } = line;
    const seed = this.#tenant.options.seed;
    const market = decimalText(line.marketPrice, PRICE_SCALE);
    const isMachine = meter.category === 'Virtual Machines';
    const [provider, ...types] = meter.resourceType.split('/');
    const typePath = types.length > 1 ? types.join('/') : types[0];
    return compile({
      id: `${MARK}id`,
      name: `${MARK}name`,
      type: 'Microsoft.Consumption/usageDetails',
      kind: 'modern',
      tags: line.tags,
      properties: {
        ...this.#billingFields(customer.account, customer.profile, month),
        subscriptionGuid: subscription.name,
        subscriptionName: subscription.displayName,
        date: `${MARK}date`,
        product: productNameOf(meter, region),
        productIdentifier: productIdOf(meter),
        productOrderId: guid(hash(seed, 0x0d), customer.index),
        productOrderName: 'Azure plan',
        serviceFamily: meter.serviceFamily,
        consumedService: meter.consumedService,
        meterId: meterIdOf(meter),
        meterName: meter.name,
        meterRegion: region.displayName,
        meterCategory: meter.category,
        meterSubCategory: meter.subCategory,
        quantity: `${MARK}#quantity`,
        unitOfMeasure: meter.unit,
        resourceGroup: line.resourceGroup,
        instanceName: `/subscriptions/${subscription.name}/resourceGroups/${line.resourceGroup}/providers/${provider}/${typePath}/${line.resourceName}`,
        resourceLocation: region.location,
        resourceLocationNormalized: region.displayName,
        unitPrice: `${MARK}=${market}`,
        marketPrice: `${MARK}=${market}`,
        payGPrice: `${MARK}=${market}`,
        ...(projection === 'extended' ? { effectivePrice: `${MARK}=${decimalText(line.price, PRICE_SCALE)}` } : {}),
        costInBillingCurrency: `${MARK}#cost`,
        costInPricingCurrency: `${MARK}#usd`,
        costInUSD: `${MARK}#usd`,
        paygCostInBillingCurrency: `${MARK}#payg`,
        paygCostInUSD: `${MARK}#paygUsd`,
        ...this.#currencyFields(customer.profile, month),
        partnerEarnedCreditRate: `${MARK}=${line.earnsCredit ? '0.15' : '0'}`,
        partnerEarnedCreditApplied: line.earnsCredit ? '1' : '0',
        customerTenantId: customer.name,
        customerName: customer.displayName,
        ...this.#partnerFields(),
        isAzureCreditEligible: meter.earnsCredit,
        serviceInfo1: '',
        serviceInfo2: meter.serviceInfo2,
        additionalInfo: isMachine
          ? JSON.stringify({
              UsageType: 'ComputeHR',
              ImageType: meter.serviceInfo2,
              ServiceType: `Standard_${meter.name.replaceAll(' ', '_')}`,
              VMName: line.resourceName,
              VMProperties: null,
              VCPUs: Number(/\d+/.exec(meter.name)?.[0] ?? 1),
              CPUs: 0,
            })
          : '',
        chargeType: 'Usage',
        frequency: 'UsageBased',
        publisherId: '',
        publisherName: 'Microsoft',
        publisherType: 'Microsoft',
        term: '',
        reservationId: '',
        reservationName: '',
        ...(projection === 'extended' ? EXTENDED : {}),
      },
    });
  }

  #roundingTemplate(profile: BillingProfile, month: number, amount: string, projection: RowProjection): Template {
    const account = this.#tenant.accounts[profile.account];
    if (!account) throw new RangeError(`no billing account ${profile.account}`);
    return compile({
      id: `${MARK}id`,
      name: `${MARK}name`,
      type: 'Microsoft.Consumption/usageDetails',
      kind: 'modern',
      tags: null,
      properties: {
        ...this.#billingFields(account, profile, month),
        subscriptionGuid: '',
        subscriptionName: '',
        date: `${MARK}date`,
        product: 'Rounding adjustment',
        productIdentifier: '',
        productOrderId: '',
        productOrderName: '',
        serviceFamily: '',
        consumedService: '',
        meterId: '',
        meterName: '',
        meterRegion: '',
        meterCategory: '',
        meterSubCategory: '',
        quantity: `${MARK}#quantity`,
        unitOfMeasure: '1',
        resourceGroup: '',
        instanceName: '',
        resourceLocation: '',
        resourceLocationNormalized: '',
        unitPrice: `${MARK}=${amount}`,
        marketPrice: `${MARK}=${amount}`,
        payGPrice: `${MARK}=${amount}`,
        ...(projection === 'extended' ? { effectivePrice: `${MARK}=${amount}` } : {}),
        costInBillingCurrency: `${MARK}#cost`,
        costInPricingCurrency: `${MARK}#pricingCost`,
        costInUSD: `${MARK}#usd`,
        paygCostInBillingCurrency: `${MARK}#payg`,
        paygCostInUSD: `${MARK}#paygUsd`,
        ...this.#currencyFields(profile, month),
        pricingCurrencyCode: profile.currency,
        exchangeRate: '1',
        exchangeRatePricingToBilling: `${MARK}=1`,
        partnerEarnedCreditRate: `${MARK}=0`,
        partnerEarnedCreditApplied: '0',
        customerTenantId: '',
        customerName: '',
        ...this.#partnerFields(),
        isAzureCreditEligible: false,
        serviceInfo1: '',
        serviceInfo2: '',
        additionalInfo: '',
        chargeType: 'RoundingAdjustment',
        frequency: 'OneTime',
        publisherId: '',
        publisherName: 'Microsoft',
        publisherType: 'Microsoft',
        term: '',
        reservationId: '',
        reservationName: '',
        ...(projection === 'extended' ? EXTENDED : {}),
      },
    });
  }

  #billingFields(account: BillingAccount, profile: BillingProfile, month: number) {
    const start = `${isoDay(firstDay(month))}T00:00:00.0000000Z`;
    const end = `${isoDay(lastDay(month))}T00:00:00.0000000Z`;
    return {
      billingAccountId: account.name,
      billingAccountName: account.displayName,
      billingPeriodStartDate: start,
      billingPeriodEndDate: end,
      servicePeriodStartDate: start,
      servicePeriodEndDate: end,
      billingProfileId: profile.name,
      billingProfileName: profile.displayName,
      invoiceSectionId: '',
      invoiceSectionName: '',
      invoiceId: this.#tenant.invoiceOf(profile, month)?.name ?? '',
      previousInvoiceId: '',
      costCenter: '',
    };
  }

  #currencyFields(profile: BillingProfile, month: number) {
    const rate = decimalText(this.#tenant.ledger.rate(profile, month), RATE_SCALE);
    return {
      billingCurrencyCode: profile.currency,
      pricingCurrencyCode: 'USD',
      exchangeRate: rate,
      exchangeRatePricingToBilling: `${MARK}=${rate}`,
      exchangeRateDate: `${isoDay(firstDay(month))}T00:00:00Z`,
    };
  }

  #partnerFields() {
    const { directory } = this.#tenant;
    return {
      partnerTenantId: directory.partnerTenantId,
      partnerName: directory.partnerName,
      resellerMpnId: '',
      resellerName: '',
    };
  }
}

const EXTENDED = {
  pricingModel: 'OnDemand',
  benefitId: '',
  benefitName: '',
  provider: 'Azure',
  costAllocationRuleName: '',
} as const;
