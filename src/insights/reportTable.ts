import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { fileLabel } from '../choices/fileLabel.ts';
import type { CommandId, OpenTableArgument } from '../contributions.ts';
import { recentFile } from '../workbench/recentFiles.ts';

/** Rows for people, in a file that is a table and can be exported, sorted and added up like any other. */
export interface ReportTable {
  /** What the tab is called. */
  title: string;
  columns: readonly string[];
  /** Amounts as plain digits; null for none. */
  rows: readonly (readonly (string | null)[])[];
}

/** Writes a report and shows it as a usage table. @returns the absolute path of its CSV file */
export async function showReportTable(context: vscode.ExtensionContext, report: ReportTable): Promise<string> {
  const file = await writeReport(context, fileLabel(report.title), 'csv', csvOf(report));
  const argument: OpenTableArgument = { file, title: report.title };
  await vscode.commands.executeCommand('azureBilling.openTable' satisfies CommandId, argument);
  return file;
}

/** @returns the absolute path */
export async function writeReport(
  context: vscode.ExtensionContext,
  label: string,
  ending: 'csv' | 'txt',
  text: string,
): Promise<string> {
  const folder = path.join(context.globalStorageUri.fsPath, 'insights', ending);
  const file = await recentFile(folder, label, ending, new Date());
  await writeFile(file, text);
  return file;
}

/** RFC 4180. */
function csvOf({ columns, rows }: ReportTable): string {
  const cell = (text: string | null) => {
    const plain = text ?? '';
    return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
  };
  return [columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}
