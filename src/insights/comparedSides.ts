import { BillingError } from '../api/http/errors.ts';
import { COMPARED_BY, type CompareCostsArgument, type ComparedSideArgument } from '../contributions.ts';
import type { DimensionName } from '../insight/costColumns.ts';
import type { Side, SideCondition } from '../insight/side.ts';
import type { UsageWanted } from '../stored/readUsage.ts';
import { usageWanted } from '../stored/storedTable.ts';
import { periodLabel, periodState } from '../usage/period.ts';

/** One side of a comparison: what is read, and which of its rows count. */
export interface ComparedSide {
  wanted: UsageWanted;
  side: Side;
}

/** @throws BillingError of kind `argument` that names the field */
export function comparedSides(
  given: CompareCostsArgument,
  connections: { find(name: unknown): string | undefined },
  now: Date,
): { before: ComparedSide; after: ComparedSide; by: DimensionName[] | undefined } {
  const { by } = given;
  if (by !== undefined && (!Array.isArray(by) || by.length === 0 || by.some((name) => !COMPARED_BY.includes(name)))) {
    throw new BillingError('argument', `by: is no list of ${COMPARED_BY.join(', ')}.`);
  }
  return {
    before: sideOf('before', given.before, given, connections, now),
    after: sideOf('after', given.after, given, connections, now),
    by: by && [...by],
  };
}

function sideOf(
  field: 'before' | 'after',
  given: ComparedSideArgument,
  { connection, metric }: CompareCostsArgument,
  connections: { find(name: unknown): string | undefined },
  now: Date,
): ComparedSide {
  if (typeof given !== 'object' || given === null) {
    throw new BillingError('argument', `${field}: is missing.`, { advice: 'Give a scope and a period for each side.' });
  }
  const { scope, period, invoice, billed, label } = given;
  let wanted: UsageWanted;
  try {
    wanted = usageWanted({ connection, scope, ...(period && { period }), ...(metric && { metric }) }, connections, now);
  } catch (error) {
    if (error instanceof BillingError && error.kind === 'argument' && !error.message.startsWith('connection')) {
      throw new BillingError('argument', `${field}.${error.message}`, { ...error, cause: error });
    }
    throw error;
  }
  const only: SideCondition[] = [
    ...(invoice === undefined ? [] : [{ dimension: 'invoice' as const, values: [String(invoice)] }]),
    ...(billed === undefined
      ? []
      : [{ dimension: 'invoice' as const, values: [''], ...(billed && { not: true as const }) }]),
  ];
  const words = [
    typeof label === 'string' && label !== '' ? label : undefined,
    periodLabel(wanted.period),
    periodState(wanted.period, now) === 'open' ? 'so far' : undefined,
    invoice === undefined ? undefined : `invoice ${invoice}`,
    billed === undefined ? undefined : billed ? 'billed' : 'unbilled',
  ];
  return {
    wanted,
    side: {
      label: words.filter((word) => word !== undefined).join(' '),
      ...wanted.period,
      ...(only.length > 0 && { only }),
    },
  };
}
