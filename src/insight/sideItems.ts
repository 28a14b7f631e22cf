/** What rows of one item add up to on one side. Amounts, quantities and prices are integers of 10^-30. */
export interface ItemSums {
  rows: number;
  /** In the billing currency. */
  cost: bigint;
  /** In the pricing currency, of the rows that tell it. */
  pricingCost: bigint;
  pricingRows: number;
  quantity: bigint;
  quantityRows: number;
  /** The lowest and the highest price that rows tell; undefined when none does. */
  lowPrice: bigint | undefined;
  highPrice: bigint | undefined;
}

/** What makes rows one item: they are charged alike, so that a quantity and a price can be told. */
export interface ItemIdentity {
  /** Values of the dimensions that the comparison is by, and their names for people, in its order. */
  values: readonly string[];
  labels: readonly string[];
  /** What is charged: meter or product, location, charge type. */
  meter: string;
  meterLabel: string;
  location: string;
  chargeType: string;
  unit: string;
  currency: string;
  pricingCurrency: string;
}

/** An item on one side. */
export interface SideItem extends ItemIdentity, ItemSums {
  /** Its identity without the unit and the pricing currency: what may have changed its unit between the sides. */
  readonly subject: string;
  /** Its whole identity. */
  readonly key: string;
}

/** Texts as one that only these texts give, whatever they hold. */
export function joined(texts: readonly string[]): string {
  let key = '';
  for (const text of texts) {
    key += `${text.length}:${text}`;
  }
  return key;
}

/** Adds the sums of the same item. */
export function addItem(into: ItemSums, sums: ItemSums): void {
  into.rows += sums.rows;
  into.cost += sums.cost;
  into.pricingCost += sums.pricingCost;
  into.pricingRows += sums.pricingRows;
  into.quantity += sums.quantity;
  into.quantityRows += sums.quantityRows;
  into.lowPrice = lower(into.lowPrice, sums.lowPrice);
  into.highPrice = higher(into.highPrice, sums.highPrice);
}

function lower(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a;
}

function higher(a: bigint | undefined, b: bigint | undefined): bigint | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a;
}
