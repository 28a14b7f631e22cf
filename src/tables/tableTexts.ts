/** A whole number for people: `1,234,567`. */
export function wholeText(count: number): string {
  return count.toLocaleString('en-US');
}
