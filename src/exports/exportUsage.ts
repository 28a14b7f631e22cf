import path from 'node:path';
import * as vscode from 'vscode';
import { refused } from '../api/arm/input.ts';
import { EXPORT_FORMATS, type ExportFormat, type ExportUsageArgument, type NodeArgument } from '../contributions.ts';
import type { ExportResult, ExportTarget } from '../jobs/jobTypes.ts';
import { calledByPerson, isTreeRow, setting } from '../workbench/commands.ts';
import { type AskingConnections, askSubject, askSubjectOf } from './askSubject.ts';
import { askFile, askOptions, offerFolder } from './askTarget.ts';
import { subjectOf } from './exportArgument.ts';
import type { ExportJobs } from './exportJobs.ts';
import { type ExportOptions, givenFile, optionsOf } from './exportOptions.ts';
import { ExportRunner } from './exportRunner.ts';
import type { ExportSubject } from './exportSubject.ts';
import { requireFolder } from './exportTarget.ts';
import { type Given, givenFlag } from './given.ts';

/** What a person chose last, offered first the next time. */
const LAST_FORMAT = 'exportFormat';
const LAST_FOLDER = 'exportFolder';

/**
 * Exports usage into a file: of rows of the tree, of a document, of what a person chooses, or as a plain argument says.
 *
 * @param selection rows that are selected together with the one that the command was called on
 * @throws BillingError of kind `argument` that names the field; BackedOut
 */
export async function exportUsage(
  exports: ExportJobs,
  argument: ExportUsageArgument | NodeArgument | vscode.Uri | undefined,
  selection: readonly NodeArgument[] | undefined,
): Promise<ExportResult | undefined> {
  const runner = new ExportRunner(exports);
  const { connections } = exports.parts;
  const byPerson = calledByPerson(argument);
  if (argument === undefined || isTreeRow(argument)) {
    const rows = argument === undefined ? [] : (selection ?? [argument]);
    const subject = rows.length === 0 ? await askSubject(connections) : await askSubjectOf(rows, connections);
    return runner.start(subject, await askTarget(exports, subject, {}), byPerson);
  }
  const given = (argument instanceof vscode.Uri ? await ofDocument(exports, argument) : argument) as unknown as Given;
  if (typeof given !== 'object' || given === null) {
    throw refused('connection', 'is missing; give the name of a connection and what to export.');
  }
  const subject = await subjectOf(given, connections, new Date());
  const target = byPerson ? await askTarget(exports, subject, given) : await givenTarget(exports, subject, given);
  return runner.start(subject, target, byPerson);
}

/**
 * The same for what a row has besides usage.
 *
 * @param ask what of the row shall be exported
 * @throws BillingError of kind `argument` that names the field; BackedOut
 */
export async function exportRow(
  exports: ExportJobs,
  argument: ExportUsageArgument | NodeArgument | vscode.Uri,
  ask: (row: NodeArgument, connections: AskingConnections) => Promise<ExportSubject>,
): Promise<ExportResult | undefined> {
  if (!isTreeRow(argument)) {
    return exportUsage(exports, argument, undefined);
  }
  const subject = await ask(argument, exports.parts.connections);
  return new ExportRunner(exports).start(subject, await askTarget(exports, subject, {}), true);
}

async function ofDocument({ parts }: ExportJobs, document: vscode.Uri): Promise<ExportUsageArgument> {
  const argument = await parts.argumentOf(document);
  if (argument === undefined) {
    throw refused('document', 'is no usage document; open usage first, or choose a row of the tree.');
  }
  return argument;
}

/** Where and how a plain argument wants the file; asks for the place alone, and only where that is left out and may be asked for. */
async function givenTarget(exports: ExportJobs, subject: ExportSubject, given: Given): Promise<ExportTarget> {
  const options = optionsOf(given, subject.source.kind, setting);
  const mayAsk = givenFlag(given, 'ask') ?? true;
  const file = givenFile(given, options.format);
  if (file === undefined) {
    if (!mayAsk) {
      throw refused('file', 'is missing; give the absolute path of the file.');
    }
    return place(exports, subject, options);
  }
  await requireFolder(file);
  return { ...options, file };
}

/** Asks a person for the format and the place. */
async function askTarget(exports: ExportJobs, subject: ExportSubject, given: Given): Promise<ExportTarget> {
  const usual = optionsOf(given, subject.source.kind, setting);
  const last = exports.parts.context.globalState.get<string>(LAST_FORMAT);
  const format = given.format === undefined ? EXPORT_FORMATS.find((known) => known === last) : undefined;
  const options = await askOptions({ ...usual, format: format ?? usual.format }, subject.source.kind);
  return place(exports, subject, options);
}

async function place(exports: ExportJobs, subject: ExportSubject, options: ExportOptions): Promise<ExportTarget> {
  const { globalState } = exports.parts.context;
  const { file, format } = await askFile(subject, options, globalState.get<string>(LAST_FOLDER));
  await requireFolder(file, offerFolder);
  await Promise.all([
    globalState.update(LAST_FORMAT, format satisfies ExportFormat),
    globalState.update(LAST_FOLDER, path.dirname(file)),
  ]);
  return { ...options, format, file };
}
