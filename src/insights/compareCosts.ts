import * as vscode from 'vscode';
import { BillingError } from '../api/http/errors.ts';
import { requireArgument } from '../choices/commandInput.ts';
import { fileLabel } from '../choices/fileLabel.ts';
import type { CompareCostsArgument, ComparedCosts, NodeArgument } from '../contributions.ts';
import { allRows } from '../engine/allRows.ts';
import type { Engine } from '../engine/engine.ts';
import { type DimensionName, dimensionTitle } from '../insight/costColumns.ts';
import { type DriverTable, driverTables, UNSPLIT_TEXTS } from '../insight/driverTables.ts';
import { driverReason } from '../insight/insightTexts.ts';
import type { Side } from '../insight/side.ts';
import { answerSums, sideQuery } from '../insight/sideQuery.ts';
import type { SideSums } from '../insight/sideSums.ts';
import type { Parts } from '../insight/splitDifference.ts';
import { stableDocuments } from '../insight/stableDocuments.ts';
import { unitsText } from '../insight/units.ts';
import { readUsage } from '../stored/readUsage.ts';
import { withProgress } from '../workbench/progress.ts';
import { sharedEngine } from '../workbench/sharedEngine.ts';
import { plainText } from '../workbench/text.ts';
import { askSides } from './askSides.ts';
import { type ComparedSide, comparedSides } from './comparedSides.ts';
import { type CostTable, costTables, sharedDimensions } from './costTables.ts';
import type { InsightParts } from './insightParts.ts';
import { showReportTable, writeReport } from './reportTable.ts';
import { tellUnread } from './tellUnread.ts';

/** What items are told apart by, beside their meter, and what the table of drivers is by. */
const ITEMS: readonly DimensionName[] = ['customer', 'subscription', 'resourceGroup', 'service'];
/** Of two customers or subscriptions nothing is the same but what they use. */
const ITEMS_OF_OTHERS: readonly DimensionName[] = ['service'];
const DRIVERS: readonly DimensionName[] = ['customer', 'service'];

/**
 * `azureBilling.compareCosts`: two sides as texts in the editor's own comparison, and a table of what drove the difference, whose parts
 * add up to it to the last digit.
 */
export async function compareCosts(
  parts: InsightParts,
  argument: CompareCostsArgument | NodeArgument | undefined,
  selection: readonly NodeArgument[] | undefined,
): Promise<ComparedCosts[] | undefined> {
  const { connections, stored, context, log } = parts;
  if (argument !== undefined) {
    requireArgument(argument);
  }
  const now = new Date();
  const given =
    argument !== undefined && 'before' in argument ? argument : await askSides(argument, selection ?? [], now);
  if (given === undefined) {
    return undefined;
  }
  const { before, after, by } = comparedSides(given, connections, now);
  const data = await stored();
  const readSide = async (side: ComparedSide) =>
    readUsage(data, await connections.arm(side.wanted.connection), side.wanted);
  const usage = [await readSide(before)];
  try {
    usage.push(await readSide(after));
    const compared = await withProgress('Comparing costs', async (_report, signal) => {
      const engine = sharedEngine(context, log);
      const [tablesBefore = [], tablesAfter = []] = await Promise.all(
        usage.map(({ tables }) => costTables(engine, tables, signal)),
      );
      const all = [...tablesBefore, ...tablesAfter];
      const isOfOne = before.wanted.scopes.join() === after.wanted.scopes.join();
      const usual = isOfOne ? ITEMS.filter((name) => !isFixed(name, before.wanted.scopes)) : ITEMS_OF_OTHERS;
      const items = sharedDimensions(all, [...new Set([...(by ?? []), ...usual])]);
      const missing = by?.find((name) => !items.includes(name));
      if (missing !== undefined) {
        throw new BillingError('argument', `by: these costs do not tell '${missing}'.`);
      }
      const sumsBefore = await sideSums(engine, tablesBefore, before.side, items, signal);
      const sumsAfter = await sideSums(engine, tablesAfter, after.side, items, signal);
      tellUnread(sumsBefore.unread + sumsAfter.unread);
      const drivers = by ?? DRIVERS.filter((name) => items.includes(name));
      return {
        documents: stableDocuments(sumsBefore, sumsAfter),
        tables: driverTables(sumsBefore, sumsAfter, drivers),
        drivers,
      };
    });
    const { tables, documents, drivers } = compared;
    if (given.show !== false) {
      await show(parts, [before, after], documents, tables, drivers);
    }
    return tables.map((table) => comparedCosts(table));
  } finally {
    await Promise.all(usage.map((each) => each.release()));
  }
}

/** What all items have in common says nothing. */
function isFixed(name: DimensionName, [scope = '', ...others]: readonly string[]): boolean {
  const isOf = (kind: string) => others.length === 0 && scope.toLowerCase().includes(kind);
  return (
    (name === 'customer' && (isOf('/customers/') || isOf('/subscriptions/'))) ||
    (name === 'subscription' && isOf('/subscriptions/'))
  );
}

async function sideSums(
  engine: Engine,
  tables: readonly CostTable[],
  side: Side,
  by: readonly DimensionName[],
  signal: AbortSignal,
): Promise<SideSums> {
  const answers: (string | null)[][] = [];
  for (const { ground, table } of tables) {
    const { sql, parameters } = sideQuery(side, by, table);
    answers.push(...(await allRows(engine, { sql, params: parameters, ground, signal })));
  }
  return answerSums(side, by, answers);
}

async function show(
  { context }: InsightParts,
  [before, after]: readonly [ComparedSide, ComparedSide],
  [textBefore, textAfter]: readonly [string, string],
  tables: readonly DriverTable[],
  drivers: readonly DimensionName[],
): Promise<void> {
  const title = `${before.side.label} ↔ ${after.side.label}`;
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
    await writeReport(context, fileLabel(before.side.label), 'txt', textBefore),
    await writeReport(context, fileLabel(after.side.label), 'txt', textAfter),
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
