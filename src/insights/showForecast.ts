import * as vscode from 'vscode';
import type { CostForecast, ForecastArgument, NodeArgument } from '../contributions.ts';
import { dimensionTitle } from '../insight/costColumns.ts';
import { type Forecast, forecastNodes, forecastTree } from '../insight/forecast.ts';
import { unitsText } from '../insight/units.ts';
import { givenUsage } from '../stored/givenUsage.ts';
import { readUsage } from '../stored/readUsage.ts';
import { ageText } from '../stored/usageFacts.ts';
import { anewWanted, monthsWanted } from '../stored/usageWanted.ts';
import { resolvePeriod } from '../usage/period.ts';
import { withProgress } from '../workbench/progress.ts';
import { requireEngine } from '../workbench/sharedEngine.ts';
import { costTables, sharedDimensions } from './costTables.ts';
import { dailyCosts } from './dailyCosts.ts';
import type { InsightParts } from './insightParts.ts';
import { monthsReport } from './monthsReport.ts';
import { showReportTable } from './reportTable.ts';
import { tellReport } from './tellReport.ts';
import { tellUnread } from './tellUnread.ts';

const LEVELS = ['customer', 'service'] as const;

/** Months that forecasts learn from, beside the one that is open. */
const MONTHS = 3;

/** `azureBilling.showForecast`: what the open month will come to, for each customer and service; parts add up to their whole. */
export async function showForecast(
  parts: InsightParts,
  argument: ForecastArgument | NodeArgument | undefined,
): Promise<CostForecast[] | undefined> {
  const { connections, stored, context } = parts;
  const given = await givenUsage(parts, argument, 'Show Forecast by Customer and Service');
  if (given === undefined) {
    return undefined;
  }
  const now = new Date();
  const today = now.toISOString().slice(0, 10);
  const month = resolvePeriod(today.slice(0, 7), now);
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - MONTHS, 1)).toISOString().slice(0, 10);
  const known = { from: first, to: today };
  const wanted = { ...monthsWanted(given, connections, now), period: known };
  const anew = anewWanted(given);
  const engine = await requireEngine(parts);
  const usage = await readUsage(await stored(), await connections.arm(wanted.connection), wanted, { anew });
  try {
    const { by, trees } = await withProgress('Forecasting the month', async (_report, signal) => {
      const tables = await costTables(engine, usage.tables, signal);
      const by = sharedDimensions(tables, LEVELS);
      const { series, unread } = await dailyCosts(engine, tables, by, known, signal);
      tellUnread(unread);
      const nodes = forecastNodes(series);
      return { by, trees: forecastTree(nodes, { from: month.from, to: lastDay(today) }, { today }) };
    });
    const costs = trees.filter(hasCosts).map(costForecast);
    const report = monthsReport('azureBilling.showForecast', wanted);
    const age = ageText(usage.freshness, vscode.env.language);
    if (!('show' in given) || given.show !== false) {
      await showReportTable(context, {
        title: `Forecast of ${today.slice(0, 7)}`,
        columns: [...by.map(dimensionTitle), 'So far', 'Month', 'Low (10 %)', 'High (90 %)', 'Currency'],
        rows: costs.flatMap((each) => rowsOf(each, by.length)),
        ...{ age, report },
      });
    }
    if (costs.length === 0) {
      void tellReport(parts, report, 'There is no usage to forecast from.', age);
    }
    return costs;
  } finally {
    await usage.release();
  }
}

function lastDay(today: string): string {
  const [year = 0, month = 0] = today.split('-').map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}

/** Whether anything was used or is expected. */
function hasCosts({ spent, total, low, high }: Forecast): boolean {
  return [spent, total, low, high].some((amount) => amount !== 0n);
}

function costForecast({ labels, values, currency, spent, total, low, high, children }: Forecast): CostForecast {
  return {
    of: labels.map((label, at) => label || values[at] || '(none)'),
    currency,
    spent: unitsText(spent),
    total: unitsText(total),
    low: unitsText(low),
    high: unitsText(high),
    parts: children.filter(hasCosts).map(costForecast),
  };
}

/** The whole first, each part below it; a level that is added up has no name. */
function rowsOf(forecast: CostForecast, levels: number): (string | null)[][] {
  const { of, currency, spent, total, low, high, parts } = forecast;
  const names = Array.from({ length: levels }, (_, at) => of[at] ?? '(all)');
  return [[...names, spent, total, low, high, currency], ...parts.flatMap((part) => rowsOf(part, levels))];
}
