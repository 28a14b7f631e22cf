import { dimensionTitle } from './costColumns.ts';
import { plainText } from './plainText.ts';
import type { SideItem } from './sideItems.ts';
import type { SideSums } from './sideSums.ts';
import { roundedQuotient, SCALE, unitsText } from './units.ts';

/** Longer cells are not filled up: one long name would push all others out of sight. */
const WIDEST = 48;
const PRICE_DECIMALS = 10;
const BETWEEN = '  |  ';

/**
 * Both sides as texts that a diff of lines shows well: an item is on the same line of both, in an order that depends on neither costs nor
 * ids of rows; what one side does not have says so there. No day, row id or count is in them, so the same costs give the same text.
 */
export function stableDocuments(before: SideSums, after: SideSums): [string, string] {
  const union = new Map<string, SideItem>([...before.items, ...after.items]);
  const lines = [...union].map(([key, item]) => ({ key, ...nameOf(item) }));
  lines.sort((a, b) => compared(a.order, b.order) || compared(a.key, b.key));
  const widths: number[] = [];
  for (const { cells } of lines) {
    cells.forEach((cell, at) => {
      widths[at] = Math.max(widths[at] ?? 0, Math.min(cell.length, WIDEST));
    });
  }
  const head = [...before.by.map(dimensionTitle), 'Meter', 'Location', 'Charge type'];
  const filled = (cells: readonly string[]) =>
    cells.map((cell, at) => cell.padEnd(Math.max(widths[at] ?? 0, head[at]?.length ?? 0))).join(BETWEEN);
  const title = `${filled(head)}${BETWEEN}Quantity${BETWEEN}Price${BETWEEN}Cost`;
  const document = (side: SideSums) =>
    [
      title,
      ...lines.map(({ key, cells }) => `${filled(cells)}${BETWEEN}${figures(side.items.get(key))}`),
      ...totals(side),
      ...(side.unread === 0
        ? []
        : [`Not in here: ${side.unread} ${side.unread === 1 ? 'row' : 'rows'} with a cost that is no number`]),
      '',
    ].join('\n');
  return [document(before), document(after)];
}

function nameOf(item: SideItem): { cells: string[]; order: string[] } {
  const cells = [...item.labels, item.meterLabel, item.location, item.chargeType].map((text) =>
    text === '' ? '(none)' : plainText(text),
  );
  return { cells, order: [item.currency, ...cells, item.unit, item.pricingCurrency] };
}

function compared(a: readonly string[] | string, b: readonly string[] | string): number {
  if (typeof a === 'string' || typeof b === 'string') {
    return a < b ? -1 : a > b ? 1 : 0;
  }
  const at = a.findIndex((text, i) => text !== b[i]);
  return at < 0 ? 0 : compared(a[at] ?? '', b[at] ?? '');
}

function figures(item: SideItem | undefined): string {
  if (item === undefined) {
    return 'not on this side';
  }
  const unit = item.unit === '' ? '' : ` × ${plainText(item.unit)}`;
  const quantity = item.quantityRows === item.rows ? `${unitsText(item.quantity)}${unit}` : '(not told)';
  return [quantity, priceOf(item), `${unitsText(item.cost)} ${plainText(item.currency)}`].join(BETWEEN);
}

/** The mean price, in the pricing currency where that is known. */
function priceOf(item: SideItem): string {
  if (item.quantityRows !== item.rows || item.quantity === 0n) {
    return '(none)';
  }
  const inPricing = item.pricingRows === item.rows && item.pricingCurrency !== '';
  const cost = inPricing ? item.pricingCost : item.cost;
  const step = 10n ** BigInt(SCALE - PRICE_DECIMALS);
  const price = roundedQuotient(cost * 10n ** BigInt(SCALE), item.quantity, step);
  const mixed = item.lowPrice === item.highPrice ? '' : ' on average';
  return `${unitsText(price)} ${plainText(inPricing ? item.pricingCurrency : item.currency)}${mixed}`;
}

function totals({ items }: SideSums): string[] {
  const sums = new Map<string, bigint>();
  for (const { currency, cost } of items.values()) {
    sums.set(currency, (sums.get(currency) ?? 0n) + cost);
  }
  return [...sums]
    .sort(([a], [b]) => compared(a, b))
    .map(([currency, sum]) => `Total ${plainText(currency)}${BETWEEN}${unitsText(sum)}`);
}
