import * as vscode from 'vscode';
import { BillingError } from '../api/http/errors.ts';
import type { NodeArgument, TableReport, UnusualCost, UnusualCostsArgument } from '../contributions.ts';
import { sweepAnomalies } from '../insight/anomalies.ts';
import { dimensionTitle } from '../insight/costColumns.ts';
import { anomalyText } from '../insight/insightTexts.ts';
import { givenUsage } from '../stored/givenUsage.ts';
import { readUsage } from '../stored/readUsage.ts';
import { ageText } from '../stored/usageFacts.ts';
import { anewWanted, monthsWanted } from '../stored/usageWanted.ts';
import { withProgress } from '../workbench/progress.ts';
import { requireEngine } from '../workbench/sharedEngine.ts';
import { costTables, sharedDimensions } from './costTables.ts';
import { dailyCosts } from './dailyCosts.ts';
import type { InsightParts } from './insightParts.ts';
import { monthsReport } from './monthsReport.ts';
import { showReportTable } from './reportTable.ts';
import { tellReport } from './tellReport.ts';
import { tellUnread } from './tellUnread.ts';

/** From the outermost: a change is told at the deepest level that explains it. */
const LEVELS = ['customer', 'service', 'resourceGroup'] as const;

/** Less than one unit of a currency is nobody's concern: invoices are rounded by more. */
const LEAST_MONEY = 1;

/** Days that are looked at when nobody says how many; months are read as wholes. */
const DAYS = 90;
const DAY = 86_400_000;

/** `azureBilling.showUnusualCosts`: changes of the last months that are out of the usual, ranked by money, each with its reason. */
export async function showUnusualCosts(
  parts: InsightParts,
  argument: UnusualCostsArgument | NodeArgument | undefined,
): Promise<UnusualCost[] | undefined> {
  const { connections, stored } = parts;
  const given = await givenUsage(parts, argument, 'Show Unusual Costs');
  if (given === undefined) {
    return undefined;
  }
  const now = new Date();
  const today = now.toISOString().slice(0, 10);
  const days = daysOf('days' in given ? given.days : undefined);
  const period = { from: new Date(Date.parse(today) - days * DAY).toISOString().slice(0, 10), to: today };
  const wanted = { ...monthsWanted(given, connections, now), period };
  const anew = anewWanted(given);
  const engine = await requireEngine(parts);
  const usage = await readUsage(await stored(), await connections.arm(wanted.connection), wanted, { anew });
  try {
    const found = await withProgress('Looking for unusual costs', async (_report, signal) => {
      const tables = await costTables(engine, usage.tables, signal);
      const by = sharedDimensions(tables, LEVELS);
      const { series, unread } = await dailyCosts(engine, tables, by, period, signal);
      tellUnread(unread);
      return sweepAnomalies(series, { today, by });
    });
    const costs = found
      .filter(({ money }) => Math.abs(money) >= LEAST_MONEY)
      .map(
        (anomaly): UnusualCost => ({
          kind: anomaly.kind,
          money: rounded(anomaly.money),
          currency: anomaly.currency,
          from: anomaly.from,
          to: anomaly.to,
          of: Object.fromEntries(anomaly.by.map((name, at) => [name, anomaly.labels[at] || anomaly.values[at] || ''])),
          reason: anomalyText(anomaly),
        }),
      );
    if (!('show' in given) || given.show !== false) {
      const report = monthsReport('azureBilling.showUnusualCosts', wanted, { days });
      await show(parts, costs, { days, age: ageText(usage.freshness, vscode.env.language), report });
    }
    return costs;
  } finally {
    await usage.release();
  }
}

async function show(
  parts: InsightParts,
  costs: readonly UnusualCost[],
  { days, age, report }: { days: number; age: string | undefined; report: TableReport },
): Promise<void> {
  await showReportTable(parts.context, {
    title: `Unusual costs of ${days} days`,
    columns: ['Reason', 'Money', 'Currency', 'From', 'To', ...LEVELS.map(dimensionTitle), 'Kind'],
    rows: costs.map(({ reason, money, currency, from, to, of, kind }) => [
      ...[reason, money, currency, from, to],
      ...LEVELS.map((name) => of[name] ?? null),
      kind,
    ]),
    ...{ age, report },
  });
  if (costs.length === 0) {
    const words = `Nothing is out of the usual in the last ${days} days. The last three days are not looked at: their use is still being reported.`;
    void tellReport(parts, report, words, age);
  }
}

/** @throws BillingError of kind `argument` */
function daysOf(days: unknown): number {
  if (days === undefined) {
    return DAYS;
  }
  if (typeof days !== 'number' || !Number.isInteger(days) || days < 28 || days > 400) {
    throw new BillingError('argument', `days: '${String(days).slice(0, 60)}' is no whole number from 28 to 400.`);
  }
  return days;
}

/** The sweep estimates: cents are enough. */
function rounded(money: number): string {
  return money.toFixed(2);
}
