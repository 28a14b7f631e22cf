import { refused } from '../arm/input.ts';
import { requireSize } from './size.ts';

/** Which lines: `onetime` is all of new commerce, and `marketplace` an old name for it; `azure` and `office` are legacy commerce. */
const PROVIDERS = ['onetime', 'marketplace', 'all', 'azure', 'office'] as const;

export type LineItemProvider = (typeof PROVIDERS)[number];

/** What is charged, or the use behind it: daily and rated in new commerce, daily and unrated in legacy commerce. */
const TYPES = ['billinglineitems', 'usagelineitems'] as const;

export type LineItemType = (typeof TYPES)[number];

const PERIODS = ['current', 'previous'] as const;

/** The running month, or the month that is over and has no invoice yet. */
export type UnbilledPeriod = (typeof PERIODS)[number];

/** The id of the open period in place of an invoice's. */
const UNBILLED = 'unbilled';

/** The lines of one kind. */
interface LineItemChoice {
  /** Id of the invoice, or `unbilled`. */
  invoice: string;
  /** Also as answers spell it (`one_time`), in any case. */
  provider: LineItemProvider | (string & {});
  type: LineItemType | (string & {});
}

export interface LineItemQuery extends LineItemChoice {
  /** ISO 4217. Required for usage of new commerce, and for what is unbilled. */
  currency?: string | undefined;
  /** Required for what is unbilled, and only there. */
  period?: UnbilledPeriod | (string & {}) | undefined;
  /** Lines a page, 1 to 2000; left out: 2000. */
  size?: number | undefined;
  /** Only lines with or without partner earned credit; rated usage of `onetime` only. */
  hasPartnerEarnedCredit?: boolean | undefined;
}

/** A query in the words of the service. */
export interface CheckedLineItems extends LineItemQuery {
  provider: LineItemProvider;
  type: LineItemType;
  period?: UnbilledPeriod | undefined;
}

/** The `objectType` that the rows of a query have. */
export type LineItemKind =
  | 'DailyRatedUsageLineItem'
  | 'OneTimeInvoiceLineItem'
  | 'UsageBasedLineItem'
  | 'DailyUsageLineItem'
  | 'LicenseBasedLineItem';

/** What rows a provider and a type bring. */
export function lineItemKind({ provider, type }: Pick<CheckedLineItems, 'provider' | 'type'>): LineItemKind {
  switch (provider) {
    case 'azure':
      return type === 'usagelineitems' ? 'DailyUsageLineItem' : 'UsageBasedLineItem';
    case 'office':
      return 'LicenseBasedLineItem';
    default:
      return type === 'usagelineitems' ? 'DailyRatedUsageLineItem' : 'OneTimeInvoiceLineItem';
  }
}

/** A kind of lines in the words of the service. */
type CheckedChoice = Pick<CheckedLineItems, 'invoice' | 'provider' | 'type'>;

/**
 * Checks that there can be such lines.
 *
 * @throws BillingError of kind `argument` that names the field and what to do
 */
export function checkLineItemChoice(choice: { [Name in keyof LineItemChoice]: unknown }): CheckedChoice {
  const provider = word('provider', choice.provider, PROVIDERS);
  const type = word('type', choice.type, TYPES);
  const given = typeof choice.invoice === 'string' ? choice.invoice.trim() : '';
  const invoice = given.toLowerCase() === UNBILLED ? UNBILLED : given;
  const modern = isModern(provider);
  if (provider === 'office' && type === 'usagelineitems') {
    throw refused('type', 'licences have no usage; use billinglineitems.');
  }
  if (provider === 'marketplace' && type === 'billinglineitems') {
    throw refused('type', 'marketplace stands for usage only; use usagelineitems, or the provider onetime.');
  }
  refuseOtherCommerce(invoice, modern, provider);
  if (invoice === UNBILLED && !modern) {
    throw refused('provider', 'legacy commerce has nothing unbilled; give the id of an invoice, or use onetime.');
  }
  return { invoice, provider, type };
}

function isModern(provider: LineItemProvider): boolean {
  return provider !== 'azure' && provider !== 'office';
}

/**
 * Checks what would otherwise come back as an error without a field, or as an empty list.
 *
 * @throws BillingError of kind `argument` that names the field and what to do
 */
export function checkLineItems(query: LineItemQuery): CheckedLineItems {
  const { invoice, provider, type } = checkLineItemChoice(query);
  const unbilled = invoice === UNBILLED;
  requireSize(query.size, 2000);
  if (query.hasPartnerEarnedCredit !== undefined && (provider !== 'onetime' || type !== 'usagelineitems')) {
    throw refused('hasPartnerEarnedCredit', 'filters usagelineitems of the provider onetime only; leave it out.');
  }
  const currency = checkCurrency(query.currency, isModern(provider) && (unbilled || type === 'usagelineitems'));
  return {
    ...query,
    invoice,
    provider,
    type,
    currency,
    period: checkPeriod(query.period, unbilled),
  };
}

function refuseOtherCommerce(invoice: string, modern: boolean, provider: LineItemProvider): void {
  if (modern && /^(Recurring-)?D\d/i.test(invoice)) {
    throw refused('provider', `'${invoice}' is an invoice of legacy commerce; use azure or office.`);
  }
  if (!modern && /^(OneTime-)?G\d/i.test(invoice)) {
    throw refused(
      'provider',
      `'${invoice}' is an invoice of new commerce, which has no lines of ${provider}; use onetime.`,
    );
  }
}

function checkCurrency(currency: string | undefined, required: boolean): string | undefined {
  if (currency === undefined ? required : !/^[a-z]{3}$/i.test(currency.trim())) {
    const problem = currency === undefined ? 'is missing' : `'${currency.slice(0, 60)}' is not a currency`;
    throw refused('currency', `${problem}; give the ISO code of the billing currency, such as USD.`);
  }
  return currency?.trim().toUpperCase();
}

function checkPeriod(period: string | undefined, unbilled: boolean): UnbilledPeriod | undefined {
  if (!unbilled) {
    if (period !== undefined) {
      throw refused('period', 'belongs to what is unbilled; an invoice has its own, so leave it out.');
    }
    return undefined;
  }
  // Microsoft Graph calls it so.
  return period?.trim().toLowerCase() === 'last' ? 'previous' : word('period', period, PERIODS);
}

/** The words of requests for those of an answer (`one_time`, `usage_line_items`); undefined when there is no call for them. */
export function lineItemWords(
  provider: unknown,
  type: unknown,
): { provider: LineItemProvider; type: LineItemType } | undefined {
  const [one, other] = [known(provider, PROVIDERS), known(type, TYPES)];
  return one === undefined || other === undefined ? undefined : { provider: one, type: other };
}

/** One of some words, in any case, and with the underscores that answers write them with. */
function known<T extends string>(value: unknown, words: readonly T[]): T | undefined {
  const plain = typeof value === 'string' ? value.trim().toLowerCase().replaceAll('_', '') : undefined;
  return words.find((each) => each === plain);
}

function word<T extends string>(field: string, value: unknown, words: readonly T[]): T {
  const found = known(value, words);
  if (found === undefined) {
    const problem = value === undefined ? 'is missing' : `'${String(value).slice(0, 60)}' is not known`;
    throw refused(field, `${problem}; use ${words.join(', ')}.`);
  }
  return found;
}
