import type * as vscode from 'vscode';
import type { CommandRegistry } from '../workbench/commands.ts';
import type { ConnectionSource, QuestionSource } from './explainAccess.ts';
import { ExplanationDocuments } from './explanationDocuments.ts';

/** The command that tells why something is refused or empty, and what can be done about it. */
export function registerExplainAccess(
  connections: ConnectionSource,
  questionOf: QuestionSource,
  commands: CommandRegistry,
): vscode.Disposable {
  const documents = new ExplanationDocuments();
  commands.register('azureBilling.explainAccess', async (argument) => {
    const { explainAccess } = await import('./explainAccess.ts');
    return explainAccess(argument, connections, questionOf, documents);
  });
  return documents;
}
