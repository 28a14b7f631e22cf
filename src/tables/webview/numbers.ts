import type { PageSum } from '../tableContract.ts';

/** A count for people: `1,234,567`. */
export function countText(count: number): string {
  return count.toLocaleString('en-US');
}

export function counted(count: number, one: string): string {
  return `${countText(count)} ${one}${count === 1 ? '' : 's'}`;
}

/** A decimal text with commas between thousands; every digit stays. */
export function groupedDigits(text: string): string {
  const [, sign, whole, rest] = /^(-?)(\d+)(\.\d+)?$/.exec(text) ?? [];
  return whole === undefined ? text : `${sign}${whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ',')}${rest ?? ''}`;
}

/** A sum with its currency. Sums of currencies stand beside each other; nothing adds them. */
export function amountText({ sum, currency }: PageSum): string {
  return currency === null || currency === '' ? groupedDigits(sum) : `${groupedDigits(sum)} ${currency}`;
}

/** The sums of a column, or of each column with its name. */
export function sumsText(sums: readonly PageSum[]): string {
  const columns = [...new Set(sums.map(({ column }) => column))];
  return columns.map((column) => `${column}: ${amountsText(sums, column)}`).join('; ');
}

export function amountsText(sums: readonly PageSum[], column: string): string {
  return sums
    .filter((sum) => sum.column === column)
    .map(amountText)
    .join(' · ');
}
