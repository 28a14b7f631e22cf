import { parseScope, type Scope } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import { type PeriodArgument, USAGE_METRICS, type UsageMetricArgument } from '../contributions.ts';
import { type Period, resolvePeriod } from '../usage/period.ts';

/** Connections by name, whatever service they have. */
interface ConnectionList {
  find(name: unknown): string | undefined;
  list(): { name: string; problem?: string }[];
}

/** @throws BillingError of kind `argument` when there is no connection of that name */
export function requireConnection(connections: ConnectionList, name: unknown): string {
  const found = connections.find(name);
  if (found === undefined) {
    const problem = name === undefined ? 'is missing' : `there is no connection '${String(name).slice(0, 60)}'`;
    const names = connections.list().map((each) => each.name);
    throw new BillingError('argument', `connection: ${problem}.`, {
      advice: `Use one of: ${names.join(', ') || 'none yet'}.`,
    });
  }
  return found;
}

/**
 * @param field what the caller calls it
 * @throws BillingError of kind `argument` when it is left out, or no scope with usage
 */
export function requireScope(value: unknown, field = 'scope'): Scope {
  if (typeof value !== 'string') {
    throw new BillingError('argument', `${field}: is missing.`, {
      advice: 'Give the ARM path of what the usage belongs to.',
    });
  }
  return parseScope(value);
}

/**
 * The days of usage details; the month to date when they are left out. An invoice has none: its period is its own.
 *
 * @throws BillingError of kind `argument` that names the field
 */
export function usagePeriod(given: PeriodArgument | undefined, scope: Scope, now: Date): Period | undefined {
  if (scope.kind !== 'invoice') {
    return resolvePeriod(given ?? 'MonthToDate', now);
  }
  if (given !== undefined) {
    throw new BillingError('argument', 'period: an invoice has its own period.', { advice: 'Leave the period out.' });
  }
  return undefined;
}

/** @throws BillingError of kind `argument` for what is no metric */
export function usageMetric(metric: unknown): UsageMetricArgument | undefined {
  if (metric === undefined) {
    return undefined;
  }
  const known = USAGE_METRICS.find((name) => name.toLowerCase() === String(metric).toLowerCase());
  if (known === undefined) {
    throw new BillingError(
      'argument',
      `metric: '${String(metric).slice(0, 60)}' is not one of ${USAGE_METRICS.join(', ')}.`,
    );
  }
  return known;
}
