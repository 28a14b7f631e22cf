/** The sum of two decimal texts without exponents, exactly. */
export function addTexts(a: string, b: string): string {
  const [left, right] = [parts(a), parts(b)];
  const decimals = Math.max(left.decimals, right.decimals);
  const units =
    left.units * 10n ** BigInt(decimals - left.decimals) + right.units * 10n ** BigInt(decimals - right.decimals);
  const digits = (units < 0n ? -units : units).toString().padStart(decimals + 1, '0');
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  const whole = digits.slice(0, digits.length - decimals);
  return `${units < 0n ? '-' : ''}${whole}${decimals === 0 || fraction === '' ? '' : `.${fraction}`}`;
}

function parts(text: string): { units: bigint; decimals: number } {
  const point = text.indexOf('.');
  const decimals = point < 0 ? 0 : text.length - point - 1;
  return { units: BigInt(text.replace('.', '')), decimals };
}
