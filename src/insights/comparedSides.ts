import { BillingError } from '../api/http/errors.ts';
import { COMPARED_BY, type CompareCostsArgument, type ComparedSideArgument } from '../contributions.ts';
import type { DimensionName } from '../insight/costColumns.ts';
import type { Side, SideCondition } from '../insight/side.ts';
import { namedConnection, type UsageWanted, usageWanted } from '../stored/usageWanted.ts';
import { type Period, periodLabel, periodState } from '../usage/period.ts';
import { invoiceLabel } from './listedInvoices.ts';

/** What the rows of a side are read from: usage, or the charges of an invoice of Partner Center. */
export type ComparedRows = { usage: UsageWanted } | { connection: string; partnerInvoice: string };

/** One side of a comparison: what is read, and which of its rows count. */
export interface ComparedSide {
  rows: ComparedRows;
  side: Side;
  /** Number of the invoice, where the caller gave no label and its date would make a better one. */
  unnamedInvoice?: string;
}

interface ConnectionNames {
  find(name: unknown): string | undefined;
}

/** @throws BillingError of kind `argument` that names the field */
export function comparedSides(
  given: CompareCostsArgument,
  connections: ConnectionNames,
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
  connections: ConnectionNames,
  now: Date,
): ComparedSide {
  if (typeof given !== 'object' || given === null) {
    throw new BillingError('argument', `${field}: is missing.`, {
      advice: 'Give a scope and a period, or an invoice, for each side.',
    });
  }
  try {
    return given.partnerInvoice === undefined
      ? usageSide(given, usageWanted(argumentOf(given, connection, metric), connections, now), now)
      : partnerInvoiceSide(given, namedConnection(connection, connections), metric);
  } catch (error) {
    // What both sides share is named as it is.
    if (error instanceof BillingError && error.kind === 'argument' && !/^(connection|metric):/.test(error.message)) {
      throw new BillingError('argument', `${field}.${error.message}`, { ...error, cause: error });
    }
    throw error;
  }
}

function argumentOf(
  { scope, period }: ComparedSideArgument,
  connection: string,
  metric: CompareCostsArgument['metric'],
): Parameters<typeof usageWanted>[0] {
  return { connection, scope: scope ?? [], ...(period && { period }), ...(metric && { metric }) };
}

function usageSide(given: ComparedSideArgument, wanted: UsageWanted, now: Date): ComparedSide {
  const { invoice, billed } = given;
  const label = labelOf(given);
  const { period } = wanted;
  if (period === undefined) {
    refuseParts(given);
    const numbers = wanted.scopes.map((scope) => scope.split('/').at(-1) ?? '');
    const [number = '', ...others] = numbers;
    return {
      rows: { usage: wanted },
      side: { label: label ?? invoiceLabel(numbers.join(', '), undefined) },
      ...(label === undefined && others.length === 0 && { unnamedInvoice: number }),
    };
  }
  const only: SideCondition[] = [
    ...(invoice === undefined ? [] : [{ dimension: 'invoice' as const, values: [String(invoice)] }]),
    ...(billed === undefined
      ? []
      : [{ dimension: 'invoice' as const, values: [''], ...(billed && { not: true as const }) }]),
  ];
  const words = [
    ...[label, ...periodWords(period, now)],
    invoice === undefined ? undefined : `invoice ${invoice}`,
    billed === undefined ? undefined : billed ? 'billed' : 'unbilled',
  ];
  return {
    rows: { usage: wanted },
    side: {
      label: words.filter((word) => word !== undefined).join(' '),
      ...period,
      ...(only.length > 0 && { only }),
    },
  };
}

function partnerInvoiceSide(
  given: ComparedSideArgument,
  connection: string,
  metric: CompareCostsArgument['metric'],
): ComparedSide {
  const { scope, period } = given;
  const number: unknown = given.partnerInvoice;
  if (typeof number !== 'string' || number.trim() === '' || /^unbilled$/i.test(number.trim())) {
    throw new BillingError('argument', `partnerInvoice: '${String(number).slice(0, 60)}' is no invoice.`, {
      advice: 'Give its id, for example G012345678.',
    });
  }
  if (scope !== undefined) {
    throw new BillingError('argument', 'scope: stands beside partnerInvoice, which has none.', {
      advice: 'Give one of them.',
    });
  }
  if (period !== undefined) {
    throw new BillingError('argument', 'period: an invoice has its own period.', { advice: 'Leave the period out.' });
  }
  if (metric !== undefined && metric !== 'ActualCost') {
    throw new BillingError('argument', 'metric: an invoice of Partner Center has actual costs only.', {
      advice: 'Leave the metric out.',
    });
  }
  refuseParts(given);
  const label = labelOf(given);
  return {
    rows: { connection, partnerInvoice: number.trim() },
    side: { label: label ?? invoiceLabel(number.trim(), undefined) },
    ...(label === undefined && { unnamedInvoice: number.trim() }),
  };
}

/** All rows of an invoice are of it, and billed. */
function refuseParts({ invoice, billed }: ComparedSideArgument): void {
  const field = invoice !== undefined ? 'invoice' : billed !== undefined ? 'billed' : undefined;
  if (field !== undefined) {
    throw new BillingError('argument', `${field}: the side is an invoice already.`, { advice: 'Leave it out.' });
  }
}

function labelOf({ label }: ComparedSideArgument): string | undefined {
  return typeof label === 'string' && label !== '' ? label : undefined;
}

function periodWords(period: Period, now: Date): (string | undefined)[] {
  return [periodLabel(period), periodState(period, now) === 'open' ? 'so far' : undefined];
}

/** What items are told apart by, beside their meter. */
const ITEMS: readonly DimensionName[] = ['customer', 'subscription', 'resourceGroup', 'service'];
/** Of two customers or subscriptions nothing is the same but what they use. */
const ITEMS_OF_OTHERS: readonly DimensionName[] = ['service'];

/** What the items of two sides are told apart by, as far as their rows tell it. */
export function comparedItems({ rows: before }: ComparedSide, { rows: after }: ComparedSide): readonly DimensionName[] {
  if ('partnerInvoice' in before || 'partnerInvoice' in after) {
    // Charges of Partner Center have products, and no services.
    return [...ITEMS, 'product'];
  }
  const { scopes } = before.usage;
  if (before.usage.period === undefined || after.usage.period === undefined) {
    // Each row of an invoice tells whose it is.
    return ITEMS;
  }
  return scopes.join() === after.usage.scopes.join() ? ITEMS.filter((name) => !isFixed(name, scopes)) : ITEMS_OF_OTHERS;
}

/** What all items have in common says nothing. */
function isFixed(name: DimensionName, [scope = '', ...others]: readonly string[]): boolean {
  const isOf = (kind: string) => others.length === 0 && scope.toLowerCase().includes(kind);
  return (
    (name === 'customer' && (isOf('/customers/') || isOf('/subscriptions/'))) ||
    (name === 'subscription' && isOf('/subscriptions/'))
  );
}
