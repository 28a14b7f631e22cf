import * as vscode from 'vscode';
import type { Diagnosis } from '../access/diagnosis.ts';
import { explainScope, explainSubject } from '../access/explain.ts';
import { scopeOfCall } from '../access/subject.ts';
import type { ArmClient } from '../api/arm/armClient.ts';
import { BillingError } from '../api/http/errors.ts';
import type { AccessQuestion, ExplainAccessArgument, NodeArgument } from '../contributions.ts';
import { isTreeRow } from '../workbench/commands.ts';
import { withProgress } from '../workbench/progress.ts';
import { plainText } from '../workbench/text.ts';
import type { ExplanationDocuments } from './explanationDocuments.ts';

export interface ConnectionSource {
  find(name: unknown): string | undefined;
  arm(name: string): Promise<ArmClient>;
}

/** The question behind a row of the tree, by its id. */
export type QuestionSource = (id: string) => Promise<AccessQuestion>;

type ExplainArgument = ExplainAccessArgument | NodeArgument | undefined;

/**
 * Finds out why something is refused or empty. Asked by a person (on a row, or from the notification of a failure) the answer is
 * shown too.
 *
 * @throws BillingError of kind `argument` that names the field
 */
export async function explainAccess(
  argument: ExplainArgument,
  connections: ConnectionSource,
  questionOf: QuestionSource,
  documents: ExplanationDocuments,
): Promise<Diagnosis> {
  const question = await completeQuestion(argument, questionOf, connections);
  if (!isTreeRow(argument) && !hasMember(argument, 'error')) {
    return diagnosisOf(question, connections, new AbortController().signal);
  }
  const diagnosis = await withProgress('Finding out why', (_, signal) => diagnosisOf(question, connections, signal));
  void present(diagnosis, documents);
  return diagnosis;
}

/** Checks a plain argument, or takes the question of the row. */
async function completeQuestion(
  argument: ExplainArgument,
  questionOf: QuestionSource,
  connections: ConnectionSource,
): Promise<AccessQuestion> {
  if (argument === undefined) {
    // The editor passes nothing for a row that a refresh is just replacing.
    throw new BillingError('argument', 'There is no row to explain.', { advice: 'Call the command on the row again.' });
  }
  const given: Partial<Record<'id' | 'connection' | 'scope' | 'error', unknown>> = argument;
  if (typeof given.id === 'string') {
    return questionOf(given.id);
  }
  if (given.scope !== undefined && (typeof given.scope !== 'string' || given.scope.trim() === '')) {
    throw new BillingError('argument', 'scope: has to be the ARM path of what is asked about.');
  }
  const scope = given.scope as string | undefined;
  const connection = connections.find(given.connection);
  if (given.error !== undefined) {
    // Explained without a connection too, from what the service said alone.
    return { connection, scope, error: given.error };
  }
  if (connection === undefined) {
    throw new BillingError('argument', `connection: there is no connection '${String(given.connection)}'.`, {
      advice: 'Call the command on a row of the tree, or name a connection of it.',
    });
  }
  if (scope === undefined) {
    throw new BillingError('argument', 'scope: is missing.', {
      advice:
        "Give the path of a billing account, billing profile, customer, invoice or subscription ('/subscriptions/…').",
    });
  }
  return { connection, scope };
}

function hasMember(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && name in value;
}

async function diagnosisOf(
  { connection, scope, error, listed }: AccessQuestion,
  connections: ConnectionSource,
  signal: AbortSignal,
): Promise<Diagnosis> {
  const arm = connection === undefined ? undefined : await connections.arm(connection);
  const options = { signal, now: new Date() };
  if (error === undefined && listed === undefined && arm !== undefined && scope !== undefined) {
    return explainScope(arm, scope, options);
  }
  return explainSubject(arm, { scope: scope ?? scopeOfCall(error), error, listed }, options);
}

const COPY = 'Copy Text for an Admin';
const DETAILS = 'Show Details';

async function present(diagnosis: Diagnosis, documents: ExplanationDocuments): Promise<void> {
  const [first = ''] = diagnosis.steps;
  const text = plainText(`${diagnosis.sentence} ${first}`);
  const show = diagnosis.cause === 'readable' ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const answer = await show(text, COPY, DETAILS);
  if (answer === COPY) {
    await vscode.env.clipboard.writeText(diagnosis.adminText);
    vscode.window.setStatusBarMessage('Copied the text for an admin', 3000);
  } else if (answer === DETAILS) {
    await documents.show(diagnosis.details);
  }
}
