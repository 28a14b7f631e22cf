import * as v from 'valibot';
import type { SpendMonth } from './spendCache.ts';

/** Raised when what is written changes: what an older program kept is asked for again. */
const FORM = 1;

const UNITS = v.pipe(
  v.string(),
  v.regex(/^-?\d+$/),
  v.transform((digits: string) => BigInt(digits)),
);

const MONTH = v.object({
  form: v.literal(FORM),
  withoutCost: v.optional(v.number()),
  /** Day, key, label, currency, cost, US dollars; amounts in units of 10^-30. */
  rows: v.array(v.strictTuple([v.string(), v.string(), v.string(), v.string(), UNITS, UNITS])),
});

/** A month of answers as it is kept on the disk. */
export function monthBytes({ rows, withoutCost }: SpendMonth): Uint8Array {
  const kept = {
    form: FORM,
    withoutCost,
    rows: rows.map(({ day, key, label, currency, cost, usd }) => [day, key, label, currency, `${cost}`, `${usd}`]),
  };
  return Buffer.from(JSON.stringify(kept));
}

/** The same month again; undefined for everything that this program did not write. */
export function monthOf(bytes: Uint8Array, fetchedAt: Date): SpendMonth | undefined {
  const read = v.safeParse(MONTH, parsedBytes(bytes));
  if (!read.success) {
    return undefined;
  }
  const { rows, withoutCost } = read.output;
  return {
    rows: rows.map(([day, key, label, currency, cost, usd]) => ({ day, key, label, currency, cost, usd })),
    fetchedAt,
    ...(withoutCost !== undefined && { withoutCost }),
  };
}

/** Undefined for what is no JSON. */
export function parsedBytes(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}
