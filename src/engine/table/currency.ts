import type { Column } from './column.ts';

/** Where the currency of a column's amounts stands: a column, one currency for all, or nowhere. */
export type CurrencyOf = { column: Column } | { always: string } | undefined;

const bare = (name: string) => name.toLowerCase().replace(/[^a-z]/g, '');

/** Azure's `discount` alone is a percentage. Accounts, countries and discounted amounts are not counted, and the cost of some days is no number of days. */
const NO_MONEY =
  /quantity|units?$|(?:exchange|credit|discount)rate|^x?discounts?$|percent|(?<!cost.*)(?:days|hours)$|(?<!ac|dis)count(?!ry)|rows$|version|number|^term|^rate$/;
/** Prices of usage details are in the pricing currency, whatever the invoice is in; so are means of them. */
const PRICED = /pricing|(?:unit|effective|market|payg|retail)price$/;
/** What is in the currency of the invoice, whatever prices are in. */
const BILLED = /billing|(?:billed|effective|list|contracted)cost$/;

const PRICING = ['pricingcurrency', 'pricingcurrencycode', 'xpricingcurrency'];
const BILLING = ['billingcurrency', 'billingcurrencycode', 'currency', 'currencycode', 'invoicecurrency'];

/** Whether amounts of a column of this name are in the pricing currency, which the currency of the invoice says nothing about. */
export function isPriced(name: string): boolean {
  return PRICED.test(bare(name)) && !NO_MONEY.test(bare(name));
}

/** Whether a column of this name is for something that is no money: a quantity, a number of days, a rate. */
export function isNoMoney(name: string): boolean {
  return NO_MONEY.test(bare(name));
}

/**
 * Which column tells the currency of the amounts of this one, by the names that Microsoft and FOCUS give.
 *
 * @param isWhole whether these are all columns of a file of usage. Where such a file has no pricing currency, its prices are in that of the invoice;
 * an answer to a statement may just have left the pricing currency out.
 */
export function currencyOf(
  { name }: Pick<Column, 'name'>,
  columns: readonly Column[],
  { isWhole }: { isWhole: boolean },
): CurrencyOf {
  const bareName = bare(name);
  // Where a table tells a currency, any other number may be an amount: those of different currencies are not added up.
  if (NO_MONEY.test(bareName)) {
    return undefined;
  }
  if (/(in)?usd$/.test(bareName)) {
    return { always: 'USD' };
  }
  const among = (names: readonly string[]) => {
    for (const wanted of names) {
      const column = columns.find(({ name: other, kind }) => kind === 'text' && bare(other) === wanted);
      if (column !== undefined) {
        return { column };
      }
    }
    return undefined;
  };
  if (PRICED.test(bareName)) {
    return among(PRICING) ?? (isWhole && !bareName.includes('pricing') ? among(BILLING) : undefined);
  }
  return among(BILLING) ?? (BILLED.test(bareName) ? undefined : among(PRICING));
}
