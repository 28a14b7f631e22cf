/** Whether two JSON numbers have the same value: `100`, `100.0` and `1e2` have. Digits are compared, so nothing is rounded. */
export function sameNumber(one: string, other: string): boolean {
  return canonical(one) === canonical(other);
}

/** Sign, digits without zeros at the ends, and the power of ten of the last one. */
function canonical(number: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(number) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  const short = digits.replace(/0+$/, '');
  return short === '' ? '0' : `${sign}${short}e${Number(exponent) - fraction.length + digits.length - short.length}`;
}
