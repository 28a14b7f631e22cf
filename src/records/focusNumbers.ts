import { copyWhere, type FocusColumn } from './focusCells.ts';
import { type CostKind, type FocusRows, NOTHING } from './focusRows.ts';
import { chargeCategory, commitmentType, singleUnit } from './focusTerms.ts';

export const COST = ['costInBillingCurrency', 'cost'];
export const BILLING_CURRENCY = ['billingCurrencyCode', 'billingCurrency'];
export const PRICING_CURRENCY = ['pricingCurrencyCode', 'pricingCurrency'];

/** Use that no reservation or savings plan covers costs the same, billed or amortized. */
function isUncommitted(rows: FocusRows): (bytes: Uint8Array) => boolean {
  const chargeType = rows.text('chargeType');
  const commitment = rows.text('benefitId', 'reservationId');
  const model = rows.text('pricingModel');
  return (bytes) =>
    chargeType(bytes)?.toLowerCase() === 'usage' &&
    commitment(bytes) === undefined &&
    commitmentType(model(bytes) ?? '') === undefined;
}

const billed = (rows: FocusRows) => (rows.costs === 'actual' ? () => true : isUncommitted(rows));
const effective = (rows: FocusRows) => (rows.costs === 'amortized' ? () => true : isUncommitted(rows));

/** A cost that rows know for one kind of costs, or for rows where both are the same. */
export const cost = (name: string, from: readonly string[], kind: CostKind): FocusColumn => ({
  name,
  type: 'number',
  cell: (rows) =>
    rows.costs === kind
      ? rows.copy(from)
      : copyWhere(name, 'number', from, kind === 'actual' ? billed : effective).cell(rows),
});

/** Unit prices are in the pricing currency, which enrolments have no other of. */
export function isOneCurrency(rows: FocusRows): (bytes: Uint8Array) => boolean {
  const billing = rows.text(...BILLING_CURRENCY);
  const pricing = rows.text(...PRICING_CURRENCY);
  const one = !PRICING_CURRENCY.some((name) => rows.has(name));
  return (bytes) => one || (billing(bytes) !== undefined && billing(bytes) === pricing(bytes));
}

/** Prices in the pricing currency, of rows that name it. */
export const pricingPrice = (name: string, from: readonly string[]): FocusColumn => ({
  name,
  type: 'number',
  cell: (rows) => (PRICING_CURRENCY.some((currency) => rows.has(currency)) ? rows.copy(from) : NOTHING),
});

export function isCountedSingly(rows: FocusRows): (bytes: Uint8Array) => boolean {
  const unit = rows.text('unitOfMeasure');
  return (bytes) => singleUnit(unit(bytes) ?? '') !== undefined;
}

export function isUseCountedSingly(rows: FocusRows): (bytes: Uint8Array) => boolean {
  const single = isCountedSingly(rows);
  const category = rows.text('chargeType');
  return (bytes) => single(bytes) && chargeCategory(category(bytes) ?? '') === 'Usage';
}
