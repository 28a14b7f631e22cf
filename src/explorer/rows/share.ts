import type { Money } from '../../api/arm/wire.ts';
import { digitsOf, type JsonNumber } from '../../json/exact.ts';
import { formatGlance } from '../money.ts';

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
  return `${Math.floor(share * 100)} %`;
}

export function isNear(share: number | undefined): boolean {
  return share !== undefined && share >= NEAR;
}

/** `27.2 EUR of 97 EUR`. */
export function glanceOf(part: Money, whole: Money, locale: string): string | undefined {
  const [above, below] = [formatGlance(part, locale), formatGlance(whole, locale)];
  return above === undefined ? below : below && `${above} of ${below}`;
}
