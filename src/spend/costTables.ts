import type { ArmClient } from '../api/arm/armClient.ts';
import { type CostQuery, queryCost } from '../api/arm/costQuery.ts';
import { type CostCell, type CostPage, readCostTable } from '../api/arm/costTable.ts';
import { parseCostScope } from '../api/arm/scope.ts';
import type { Call, SendOptions } from '../api/http/client.ts';
import type { PageWalk } from '../api/http/paging.ts';
import { digitsOf, ExactNumber } from '../json/exact.ts';
import type { Period } from '../usage/period.ts';

/** What a table of costs answers. */
export interface CostQuestion {
  /** Scope path of Cost Management. */
  scope: string;
  period: Period;
  /** Two dimensions at most. */
  groupBy: readonly string[];
  granularity: 'None' | 'Daily' | 'Monthly';
}

/** The query behind a table. Nothing is sent. */
export function costCall(arm: ArmClient, question: CostQuestion): Call {
  return walkCosts(arm, question).first;
}

/**
 * The whole table as text. CSV has a header row and quotes as RFC 4180 has them, JSON is a list of objects.
 *
 * @throws BillingError when any page fails: part of a table is never returned
 */
export async function readCosts(
  arm: ArmClient,
  question: CostQuestion,
  format: 'csv' | 'json',
  options: SendOptions,
): Promise<string> {
  const { columns, rows } = await readCostTable(walkCosts(arm, question), options);
  const names = columns.map(({ name }) => name);
  if (format === 'json') {
    const objects = rows.map((row) => Object.fromEntries(row.map((cell, i) => [names[i] ?? '', cell])));
    return `${JSON.stringify(objects, undefined, 2)}\n`;
  }
  return [names, ...rows].map((row) => `${row.map(csvCell).join(',')}\n`).join('');
}

/** The query that answers, in the words of the api-versions that are used. */
export function costQueryOf(
  { period, groupBy, granularity }: CostQuestion,
  versions: ArmClient['versions'],
): CostQuery {
  return {
    // The seed version knows no other type.
    type: versions === 'newest' ? 'ActualCost' : 'Usage',
    timeframe: 'Custom',
    timePeriod: { from: `${period.from}T00:00:00Z`, to: `${period.to}T23:59:59Z` },
    dataset: {
      granularity,
      aggregation: { totalCost: { name: 'Cost', function: 'Sum' } },
      ...(groupBy.length === 0 ? {} : { grouping: groupBy.map((name) => ({ type: 'Dimension' as const, name })) }),
    },
  };
}

function walkCosts(arm: ArmClient, question: CostQuestion): PageWalk<CostPage> {
  return queryCost(arm, parseCostScope(question.scope), costQueryOf(question, arm.versions));
}

function csvCell(cell: CostCell): string {
  const text =
    cell === null ? '' : typeof cell === 'number' || cell instanceof ExactNumber ? digitsOf(cell) : String(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
