import type { ItemSums } from './sideItems.ts';
import { decimalsOf, magnitude, roundedQuotient, SCALE } from './units.ts';

/** Why a difference cannot be told apart into quantity, price and exchange rate. */
export type UnsplitReason = 'noQuantity' | 'units' | 'pricingCurrencies' | 'credit' | 'mixedPrices' | 'noPrice';

/** A difference in parts that add up to it exactly; units of 10^-30 of the billing currency. */
export interface Parts {
  new: bigint;
  gone: bigint;
  quantity: bigint;
  price: bigint;
  rate: bigint;
  unsplit: Partial<Record<UnsplitReason, bigint>>;
}

export function noParts(): Parts {
  return { new: 0n, gone: 0n, quantity: 0n, price: 0n, rate: 0n, unsplit: {} };
}

/** Parts have at least so many decimals, and as many as the costs that they are of. */
const LEAST_DECIMALS = 10;

/** What is no purchase of a quantity at a price. */
const NO_QUANTITY_OF_ITS_OWN = /round|refund|credit|adjust|cancel|tax/i;

/**
 * Splits the difference of an item that both sides have. Its cost is quantity × price × exchange rate, each the mean of the side;
 * what each of them did is its share averaged over all orders in which they can change one after the other (Shapley 1953, in the
 * decomposition of differences Shorrocks 2013), so no order is preferred and swapped sides give the negative. Quotients are rounded, and what that
 * leaves goes to the largest part, in doubt to quantity before price before exchange rate.
 */
export function splitDifference(before: ItemSums, after: ItemSums, chargeType: string): Parts {
  const parts = noParts();
  const difference = after.cost - before.cost;
  if (difference === 0n && before.quantity === after.quantity && before.pricingCost === after.pricingCost) {
    return parts;
  }
  const known = knownPricing(before) && knownPricing(after);
  const reason = unsplitReason(before, after, chargeType, known);
  if (reason !== undefined && reason !== 'mixedPrices') {
    parts.unsplit[reason] = difference;
    return parts;
  }
  const step = 10n ** BigInt(SCALE - Math.max(LEAST_DECIMALS, decimalsOf(before.cost), decimalsOf(after.cost)));
  const sides = { q0: before.quantity, q1: after.quantity, c0: before.cost, c1: after.cost };
  const pricing = known
    ? { p0: before.pricingCost, p1: after.pricingCost }
    : // Without a pricing currency the price is in the billing currency and there is no rate.
      { p0: before.cost, p1: after.cost };
  if (reason === 'mixedPrices') {
    // Quantity and price cannot be told apart, the exchange rate of both can.
    const rate = rateOfTwo({ ...sides, ...pricing }, step);
    parts.rate = rate;
    parts.unsplit.mixedPrices = difference - rate;
    return parts;
  }
  return { ...parts, ...shares({ ...sides, ...pricing }, step) };
}

function knownPricing({ pricingRows, rows }: ItemSums): boolean {
  return pricingRows === rows;
}

function unsplitReason(
  before: ItemSums,
  after: ItemSums,
  chargeType: string,
  known: boolean,
): UnsplitReason | undefined {
  const sides = [before, after];
  if (NO_QUANTITY_OF_ITS_OWN.test(chargeType) || sides.some(isCredit)) {
    return 'credit';
  }
  if (sides.some(({ quantity, quantityRows, rows }) => quantityRows !== rows || quantity === 0n)) {
    return 'noQuantity';
  }
  if (sides.some(({ cost, pricingCost }) => cost === 0n || (known && pricingCost === 0n))) {
    return 'noPrice';
  }
  return sides.some(({ lowPrice, highPrice }) => lowPrice !== highPrice) ? 'mixedPrices' : undefined;
}

function isCredit({ cost, pricingCost, quantity }: ItemSums): boolean {
  return cost < 0n || pricingCost < 0n || quantity < 0n;
}

/** Quantities, costs in the pricing currency and costs of both sides; none of them is zero or less. */
interface Sides {
  q0: bigint;
  q1: bigint;
  p0: bigint;
  p1: bigint;
  c0: bigint;
  c1: bigint;
}

function shares(sides: Sides, step: bigint): Pick<Parts, 'quantity' | 'price' | 'rate'> {
  const { q0, q1, p0, p1, c0, c1 } = sides;
  const difference = c1 - c0;
  const samePrice = p0 * q1 === p1 * q0;
  const sameRate = c0 * p1 === c1 * p0;
  if (samePrice && sameRate) {
    return { quantity: difference, price: 0n, rate: 0n };
  }
  if (q0 === q1 && sameRate) {
    return { quantity: 0n, price: difference, rate: 0n };
  }
  if (q0 === q1 && samePrice) {
    return { quantity: 0n, price: 0n, rate: difference };
  }
  // With price = P/Q and rate = C/P, over the common denominator 6·Q0·Q1·P0·P1:
  // quantity = (Q1−Q0)·[2·(C0/Q0 + C1/Q1) + P0·C1/(Q0·P1) + P1·C0/(Q1·P0)] / 6, and the others alike.
  const common = 6n * q0 * q1 * p0 * p1;
  const quantity = (q1 - q0) * (2n * (c0 * q1 + c1 * q0) * p0 * p1 + p0 * p0 * c1 * q1 + p1 * p1 * c0 * q0);
  // price: (P1/Q1 − P0/Q0)·[2·(Q0·r0 + Q1·r1) + Q0·r1 + Q1·r0] / 6
  const price = (p1 * q0 - p0 * q1) * (2n * (q0 * c0 * p1 + q1 * c1 * p0) + q0 * c1 * p0 + q1 * c0 * p1);
  const result = {
    quantity: roundedQuotient(quantity, common, step),
    price: roundedQuotient(price, common, step),
    rate: 0n,
  };
  if (sameRate) {
    return withRest(result, difference, ['quantity', 'price']);
  }
  // rate: (C1/P1 − C0/P0)·[2·(P0 + P1) + Q0·P1/Q1 + Q1·P0/Q0] / 6
  const rate = (c1 * p0 - c0 * p1) * (2n * (p0 + p1) * q0 * q1 + q0 * q0 * p1 + q1 * q1 * p0);
  result.rate = roundedQuotient(rate, common, step);
  return withRest(result, difference, ['quantity', 'price', 'rate']);
}

type Share = 'quantity' | 'price' | 'rate';

/** Gives what rounding left to the largest. */
function withRest(parts: Record<Share, bigint>, difference: bigint, names: readonly Share[]): Record<Share, bigint> {
  const rest = difference - parts.quantity - parts.price - parts.rate;
  let largest: Share = 'quantity';
  for (const name of names) {
    if (magnitude(parts[name]) > magnitude(parts[largest])) {
      largest = name;
    }
  }
  return { ...parts, [largest]: parts[largest] + rest };
}

/** The share of the rate where quantity and price are one factor. */
function rateOfTwo({ p0, p1, c0, c1 }: Sides, step: bigint): bigint {
  return roundedQuotient((c1 * p0 - c0 * p1) * (p0 + p1), 2n * p0 * p1, step);
}
