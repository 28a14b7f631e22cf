import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { fileLabel } from '../choices/fileLabel.ts';
import type { CommandId, OpenTableArgument, TableReport } from '../contributions.ts';
import { recentFile } from '../workbench/recentFiles.ts';
import { plainText } from '../workbench/text.ts';

/** Rows for people, in a file that is a table and can be exported, sorted and added up like any other. */
export interface ReportTable {
  /** What the tab is called. */
  title: string;
  columns: readonly string[];
  /** Amounts as plain digits; null for none. */
  rows: readonly (readonly (string | null)[])[];
  /** How old the usage is that it is made of: see `ageText`. */
  age: string | undefined;
  /** How to ask for it again. */
  report: TableReport;
}

/** Writes a report and shows it as a usage table: in the tab of the same report, or in a new one where it has rows. */
export async function showReportTable(context: vscode.ExtensionContext, table: ReportTable): Promise<void> {
  const { title, rows, age, report } = table;
  if (rows.length === 0 && !isOpen(title)) {
    return;
  }
  const file = await writeReport(context, fileLabel(title), 'csv', csvOf(table));
  const argument: OpenTableArgument = { file, title, ...(age !== undefined && { about: age }), report };
  await vscode.commands.executeCommand('azureBilling.openTable' satisfies CommandId, argument);
}

/** What a tab shows would go on saying what was. */
function isOpen(title: string): boolean {
  const label = plainText(title);
  return vscode.window.tabGroups.all.some(({ tabs }) => tabs.some((tab) => tab.label === label));
}

/** @returns the absolute path */
export async function writeReport(
  context: vscode.ExtensionContext,
  label: string,
  ending: 'csv' | 'txt',
  text: string,
): Promise<string> {
  const file = await recentFile(reportFolder(context, ending), label, ending, new Date());
  await writeFile(file, text);
  return file;
}

/** Absolute path of where reports of a kind are. */
export function reportFolder(context: vscode.ExtensionContext, ending: 'csv' | 'txt'): string {
  return path.join(context.globalStorageUri.fsPath, 'insights', ending);
}

/** RFC 4180. */
function csvOf({ columns, rows }: ReportTable): string {
  const cell = (text: string | null) => {
    const plain = text ?? '';
    return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
  };
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
