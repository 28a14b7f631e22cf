import * as vscode from 'vscode';
import { requireArgument } from '../choices/commandInput.ts';
import { fileLabel } from '../choices/fileLabel.ts';
import type { CompareCostsArgument, ComparedCosts, NodeArgument } from '../contributions.ts';
import { type DimensionName, dimensionTitle } from '../insight/costColumns.ts';
import { type DriverTable, UNSPLIT_TEXTS } from '../insight/driverTables.ts';
import { driverReason } from '../insight/insightTexts.ts';
import type { Parts } from '../insight/splitDifference.ts';
import { unitsText } from '../insight/units.ts';
import { withProgress } from '../workbench/progress.ts';
import { requireEngine } from '../workbench/sharedEngine.ts';
import { plainText } from '../workbench/text.ts';
import { askSides } from './askSides.ts';
import { comparedSides } from './comparedSides.ts';
import { type Comparison, comparison } from './comparison.ts';
import type { InsightParts } from './insightParts.ts';
import { readSide } from './readSide.ts';
import { showReportTable, writeReport } from './reportTable.ts';
import { sideLabel } from './sideLabel.ts';
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
  const given =
    argument !== undefined && 'before' in argument
      ? argument
      : await askSides(connections, argument, selection ?? [], now);
  if (given === undefined) {
    return undefined;
  }
  const { before, after, by } = comparedSides(given, connections, now);
  const data = await stored();
  const usage = [await readSide(data, connections, before.rows)];
  try {
    usage.push(await readSide(data, connections, after.rows));
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
    const { tables, documents, drivers, unread } = compared;
    tellUnread(unread);
    if (given.show !== false) {
      const labels = [await sideLabel(parts, before), await sideLabel(parts, after)] as const;
      await show(parts, labels, documents, tables, drivers);
    }
    return tables.map((table) => comparedCosts(table));
  } finally {
    await Promise.all(usage.map((each) => each.release()));
  }
}

async function show(
  { context }: InsightParts,
  [before, after]: readonly [string, string],
  [textBefore, textAfter]: Comparison['documents'],
  tables: readonly DriverTable[],
  drivers: readonly DimensionName[],
): Promise<void> {
  const title = `${before} ↔ ${after}`;
  if (tables.length > 0) {
    await showReportTable(context, {
      title: `Drivers: ${title}`,
      columns: [
        ...drivers.map(dimensionTitle),
        ...[
          'Before',
          'After',
          'Difference',
          'New',
          'Gone',
          'By use',
          'By price',
          'By exchange rates',
          'Not told apart',
        ],
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
    });
  }
  const [left, right] = [
    await writeReport(context, fileLabel(before), 'txt', textBefore),
    await writeReport(context, fileLabel(after), 'txt', textAfter),
  ];
  const options: vscode.TextDocumentShowOptions = { preview: false };
  await vscode.commands.executeCommand(
    'vscode.diff',
    vscode.Uri.file(left),
    vscode.Uri.file(right),
    plainText(title),
    options,
  );
  const words = tables.map((table) => {
    const { total, currency } = table;
    return `${unitsText(total.before)} → ${unitsText(total.after)} ${currency}. ${driverReason(table)}.`;
  });
  void vscode.window.showInformationMessage(
    plainText(words.length === 0 ? `${title}: neither has costs.` : `${title}: ${words.join(' ')}`),
  );
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
