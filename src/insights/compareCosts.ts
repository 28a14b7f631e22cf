import * as vscode from 'vscode';
import { requireArgument } from '../choices/commandInput.ts';
import { pickScope } from '../choices/pickScope.ts';
import type { CompareCostsArgument, ComparedCosts, NodeArgument, TableReport } from '../contributions.ts';
import { dimensionTitle } from '../insight/costColumns.ts';
import { type DriverTable, UNSPLIT_TEXTS } from '../insight/driverTables.ts';
import { driverReason } from '../insight/insightTexts.ts';
import type { Parts } from '../insight/splitDifference.ts';
import { unitsText } from '../insight/units.ts';
import { oldestOf } from '../store/freshness.ts';
import { ageText } from '../stored/usageFacts.ts';
import { anewWanted } from '../stored/usageWanted.ts';
import { withProgress } from '../workbench/progress.ts';
import { requireEngine } from '../workbench/sharedEngine.ts';
import { plainText } from '../workbench/text.ts';
import { askSides } from './askSides.ts';
import { comparedSides } from './comparedSides.ts';
import { type Comparison, comparison } from './comparison.ts';
import type { InsightParts } from './insightParts.ts';
import { PartnerInvoices } from './partnerInvoices.ts';
import { readSide } from './readSide.ts';
import { type ReportTable, showReportTable } from './reportTable.ts';
import { showSideDocuments } from './sideDocuments.ts';
import { sideLabel } from './sideLabel.ts';
import { tellReport } from './tellReport.ts';
import { tellUnread } from './tellUnread.ts';

/**
 * `azureBilling.compareCosts`: two sides as texts in the editor's own comparison, and a table of what drove the difference, whose parts
 * add up to it to the last digit.
 */
export async function compareCosts(
  parts: InsightParts,
  argument: CompareCostsArgument | NodeArgument | undefined,
  selection: readonly NodeArgument[] | undefined,
): Promise<ComparedCosts[] | undefined> {
  const { connections, stored } = parts;
  if (argument !== undefined) {
    requireArgument(argument);
  }
  const engine = await requireEngine(parts);
  const now = new Date();
  const invoices = new PartnerInvoices(connections);
  const given =
    argument !== undefined && 'before' in argument
      ? argument
      : await asked(parts, invoices, argument, selection ?? [], now);
  if (given === undefined) {
    return undefined;
  }
  const { before, after, by } = comparedSides(given, connections, now);
  const anew = anewWanted(given);
  const data = await stored();
  const usage = [await readSide(data, connections, invoices, before.rows, anew)];
  try {
    usage.push(await readSide(data, connections, invoices, after.rows, anew));
    const [rowsBefore, rowsAfter] = usage;
    const compared = await withProgress('Comparing costs', (_report, signal) =>
      comparison(
        engine,
        { ...before, tables: rowsBefore?.tables ?? [] },
        { ...after, tables: rowsAfter?.tables ?? [] },
        by,
        signal,
      ),
    );
    tellUnread(compared.unread);
    if (given.show !== false) {
      const labels = [await sideLabel(parts, invoices, before), await sideLabel(parts, invoices, after)] as const;
      const age = ageText(oldestOf(usage.flatMap(({ tables }) => tables)), vscode.env.language);
      await show(parts, labels, compared, { age, report: reportOf(given), anew });
    }
    return compared.tables.map((table) => comparedCosts(table));
  } finally {
    await Promise.all(usage.map((each) => each.release()));
  }
}

/** Asks for the sides; called from the palette, for a scope first. */
async function asked(
  { connections }: InsightParts,
  invoices: PartnerInvoices,
  row: NodeArgument | undefined,
  selection: readonly NodeArgument[],
  now: Date,
): Promise<CompareCostsArgument | undefined> {
  if (row !== undefined || selection.length > 0) {
    return askSides(connections, invoices, row, selection, now);
  }
  const picked = await pickScope(connections, 'Compare Costs');
  return picked && askSides(connections, invoices, { id: picked.scope, ...picked }, [], now);
}

/** The same comparison, however it is shown. */
function reportOf({ connection, before, after, metric, by }: CompareCostsArgument): TableReport {
  const argument = { connection, before, after, ...(metric && { metric }), ...(by && { by }) };
  return { command: 'azureBilling.compareCosts', argument };
}

/** How old the usage of a report is, how to ask for it again, and whether it just was. */
interface Asked {
  age: string | undefined;
  report: TableReport;
  anew: boolean;
}

async function show(
  parts: InsightParts,
  labels: readonly [string, string],
  { tables, documents, drivers }: Comparison,
  { age, report, anew }: Asked,
): Promise<void> {
  const { context } = parts;
  const title = labels.join(' ↔ ');
  // The age stands here and not in the texts: two sides do not differ by it.
  const table: ReportTable = {
    title: `Drivers: ${title}`,
    columns: [
      ...drivers.map(dimensionTitle),
      ...['Before', 'After', 'Difference', 'New', 'Gone', 'By use', 'By price', 'By exchange rates', 'Not told apart'],
      ...['Currency', 'Why not told apart'],
    ],
    rows: tables.flatMap(({ rows, currency }) =>
      rows.map(({ labels, before: from, after: to, difference, parts }) => [
        ...labels,
        ...[from, to, difference, ...partsOf(parts)].map(unitsText),
        currency,
        reasonsOf(parts) || null,
      ]),
    ),
    ...{ age, report },
  };
  const steps = [
    () => showReportTable(context, table),
    () => showSideDocuments(context, { labels, texts: documents, report }),
  ];
  // What comes last is in front: the texts, but for somebody who asks again in the table.
  for (const step of anew ? steps.toReversed() : steps) {
    await step();
  }
  if (tables.length === 0) {
    void tellReport(parts, report, `${title}: neither has costs.`, age);
    return;
  }
  const words = tables.map((table) => {
    const { total, currency } = table;
    return `${unitsText(total.before)} → ${unitsText(total.after)} ${currency}. ${driverReason(table)}.`;
  });
  void vscode.window.showInformationMessage(plainText(`${title}: ${words.join(' ')}`));
}

/** In the order of the columns. */
function partsOf({ new: made, gone, quantity, price, rate, unsplit }: Parts): bigint[] {
  return [made, gone, quantity, price, rate, Object.values(unsplit).reduce((sum, part) => sum + part, 0n)];
}

function reasonsOf({ unsplit }: Parts): string {
  return (Object.keys(unsplit) as (keyof typeof UNSPLIT_TEXTS)[]).map((reason) => UNSPLIT_TEXTS[reason]).join(' ');
}

function comparedCosts({ currency, total }: DriverTable): ComparedCosts {
  const [made = 0n, gone = 0n, quantity = 0n, price = 0n, rate = 0n, unsplit = 0n] = partsOf(total.parts);
  return {
    currency,
    before: unitsText(total.before),
    after: unitsText(total.after),
    difference: unitsText(total.difference),
    parts: {
      new: unitsText(made),
      gone: unitsText(gone),
      quantity: unitsText(quantity),
      price: unitsText(price),
      exchangeRate: unitsText(rate),
      notToldApart: unitsText(unsplit),
    },
  };
}
