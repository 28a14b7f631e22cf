/**
 * How amounts of one currency look in one locale. They are never a double on their way to the screen. Sentences and legends round to what
 * the currency has behind the point; marks and tables have every digit.
 */
export interface Amounts {
  /** All digits, such as `1,234.50000000012 EUR`. */
  exact(digits: string): string;
  /** As many digits as the currency has, such as `1,234.50 EUR`. */
  rounded(digits: string): string;
  /** The same with a sign in front of what is more than 0. */
  change(digits: string): string;
  /** All digits without the currency, for where a heading says it. */
  bare(digits: string): string;
  /** All digits, with a sign in front of what is more than 0. */
  signed(digits: string): string;
  /** Near enough for an axis, such as `1.2K`. */
  axis(value: number): string;
  /** Near enough for a share, such as `12.3%`; empty where there is no whole. */
  share(part: string, whole: string): string;
  /** Percent as they came, with a sign. */
  percent(digits: string): string;
}

/**
 * @param locale BCP 47
 * @param decimals digits that the currency has behind the point: fewer are filled with 0
 */
export function amountsOf(locale: string, currency: string, decimals: number): Amounts {
  const plain = digitsFormat(locale, decimals, {});
  const signed = digitsFormat(locale, decimals, { signDisplay: 'exceptZero' });
  const rounded = roundedFormat(locale, decimals, {});
  const change = roundedFormat(locale, decimals, { signDisplay: 'exceptZero' });
  const percent = digitsFormat(locale, 0, { style: 'unit', unit: 'percent', signDisplay: 'exceptZero' });
  const axis = new Intl.NumberFormat(locale, { notation: 'compact', maximumSignificantDigits: 3 });
  const share = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  return {
    exact: (digits) => `${plain(digits)} ${currency}`,
    rounded: (digits) => `${rounded(digits)} ${currency}`,
    change: (digits) => `${change(digits)} ${currency}`,
    bare: plain,
    signed: (digits) => `${signed(digits)} ${currency}`,
    axis: (value) => axis.format(value),
    share: (part, whole) => (Number(whole) === 0 ? '' : share.format(Number(part) / Number(whole))),
    percent,
  };
}

/** Adds digits exactly. */
export function sumOf(amounts: readonly string[]): string {
  const behind = Math.max(0, ...amounts.map((digits) => digits.split('.')[1]?.length ?? 0));
  const units = amounts.map((digits) => {
    const [whole = '0', part = ''] = digits.split('.');
    return BigInt(whole + part.padEnd(behind, '0'));
  });
  const sum = units.reduce((one, other) => one + other, 0n);
  const all = String(sum < 0n ? -sum : sum).padStart(behind + 1, '0');
  const point = all.length - behind;
  return `${sum < 0n ? '-' : ''}${all.slice(0, point)}${behind === 0 ? '' : `.${all.slice(point)}`}`;
}

/** More digits than the service sends; the formatter allows no more. */
const MOST_DIGITS = 100;

/** Writes text with so many digits behind the point, halves away from 0. */
function roundedFormat(
  locale: string,
  decimals: number,
  options: Intl.NumberFormatOptions,
): (digits: string) => string {
  const format = new Intl.NumberFormat(locale, {
    ...options,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  // The formatter reads any text; its types know only literals.
  return (digits) => format.format(digits as `${number}`);
}

/** Writes text digit by digit, with as many behind the point as it has: a 0 at the end stays. */
function digitsFormat(locale: string, least: number, options: Intl.NumberFormatOptions): (digits: string) => string {
  const formats = new Map<number, Intl.NumberFormat>();
  return (digits) => {
    const point = digits.indexOf('.');
    const behind = Math.min(Math.max(least, point < 0 ? 0 : digits.length - point - 1), MOST_DIGITS);
    let format = formats.get(behind);
    if (format === undefined) {
      format = new Intl.NumberFormat(locale, {
        ...options,
        minimumFractionDigits: behind,
        maximumFractionDigits: behind,
      });
      formats.set(behind, format);
    }
    // The formatter reads any text; its types know only literals.
    return format.format(digits as `${number}`);
  };
}
