import type { Money } from '../../api/arm/wire.ts';
import { digitsOf, type JsonNumber } from '../../json/exact.ts';
import { formatGlance } from '../../workbench/money.ts';

/** From this share of a budget on its row is coloured. */
const NEAR = 0.8;

/** For a glance only: a double is enough. Undefined where there is no whole to have a share of. */
export function shareOf(part: JsonNumber | null | undefined, whole: JsonNumber | null | undefined): number | undefined {
  const [above, below] = [part, whole].map((one) =>
    one === undefined || one === null ? Number.NaN : Number(digitsOf(one)),
  );
  const share = (above ?? Number.NaN) / (below ?? Number.NaN);
  return Number.isFinite(share) ? share : undefined;
}

/** Cut, not rounded: 99.9 % of a budget is not all of it. */
export function percent(share: number): string {
  // A double makes 28.999999999999996 of 29 %.
  return `${Math.floor(Number((share * 100).toPrecision(12)))} %`;
}

/** How worrying a budget is, the worst first; undefined while it is not. Percentages are cut. */
export function budgetLevel(
  spent: number | undefined,
  foreseen?: number | undefined,
): { level: 'over' | 'near' | 'foreseen'; percent: string } | undefined {
  if (spent !== undefined && spent >= NEAR) {
    return { level: spent >= 1 ? 'over' : 'near', percent: percent(spent) };
  }
  return foreseen !== undefined && foreseen >= 1 ? { level: 'foreseen', percent: percent(foreseen) } : undefined;
}

/** `27.2 EUR of 97 EUR`. */
export function glanceOf(part: Money, whole: Money, locale: string): string | undefined {
  const [above, below] = [formatGlance(part, locale), formatGlance(whole, locale)];
  return above === undefined ? below : below && `${above} of ${below}`;
}
