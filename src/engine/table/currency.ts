import type { Column } from './column.ts';

/** Where the currency of a column's amounts stands: a column, one currency for all, or nowhere. */
export type CurrencyOf = { column: Column } | { always: string } | undefined;

const bare = (name: string) => name.toLowerCase().replace(/[^a-z]/g, '');

const NO_MONEY = /quantity|units?$|exchangerate|percent|creditrate|days|hours|count|version|number|^term|^rate$/;
/** Prices of usage details are in the pricing currency, whatever the invoice is in. */
const PRICED =
  /pricing|^(unitprice|effectiveprice|marketprice|paygprice|listunitprice|contractedunitprice|effectiveunitprice|retailprice)$/;

const PRICING = ['pricingcurrency', 'pricingcurrencycode', 'xpricingcurrency'];
const BILLING = ['billingcurrency', 'billingcurrencycode', 'currency', 'currencycode', 'invoicecurrency'];

/** Which column tells the currency of the amounts of this one, by the names that Microsoft and FOCUS give. */
export function currencyOf({ name }: Column, columns: readonly Column[]): CurrencyOf {
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
  return (PRICED.test(bareName) ? among(PRICING) : undefined) ?? among(BILLING) ?? among(PRICING);
}
