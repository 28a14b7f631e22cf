import * as vscode from 'vscode';
import type { CommandId, Commands, NodeArgument, Settings } from '../contributions.ts';
import { describeForLog, explain, isCancellation } from './failures.ts';
import { plainText } from './text.ts';

/** Registers commands so that ids, arguments and results are checked against the table of contributions. */
export class CommandRegistry implements vscode.Disposable {
  readonly #log: vscode.LogOutputChannel;
  readonly #disposables: vscode.Disposable[] = [];

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
  }

  /**
   * One entry for every command. A cancelled command returns undefined. A failure is logged; called by a person (from the
   * palette or on a tree node) it is shown with a way to the log, called with a plain argument it rejects, so that the caller knows.
   */
  register<Id extends CommandId>(
    id: Id,
    run: (argument: Commands[Id]['argument']) => Commands[Id]['result'] | Promise<Commands[Id]['result']>,
  ): void {
    this.#disposables.push(
      vscode.commands.registerCommand(id, async (argument: Commands[Id]['argument']) => {
        try {
          return await run(argument);
        } catch (error) {
          if (isCancellation(error)) {
            return undefined;
          }
          this.#log.error(`${id}: ${describeForLog(error)}`);
          if (!calledByPerson(argument)) {
            throw new Error(explain(error), { cause: error });
          }
          void showFailure(explain(error), this.#log);
          return undefined;
        }
      }),
    );
  }

  dispose(): void {
    for (const disposable of this.#disposables) {
      disposable.dispose();
    }
  }
}

const shown = new Set<string>();

/** Shows a failure with a way to the log; the same one only once at a time. */
export async function showFailure(message: string, log: vscode.LogOutputChannel): Promise<void> {
  const text = plainText(message);
  if (shown.has(text)) {
    return;
  }
  shown.add(text);
  const open = 'Show Log';
  const answer = await vscode.window.showErrorMessage(text, open);
  shown.delete(text);
  if (answer === open) {
    log.show();
  }
}

/** The palette passes nothing, the tree one of its rows, a tab its address. */
function calledByPerson(argument: unknown): boolean {
  return argument === undefined || argument instanceof vscode.Uri || isTreeRow(argument);
}

/** A row of the tree knows its parent; a plain argument of a key binding or another extension has no such member. */
export function isTreeRow(argument: unknown): argument is NodeArgument {
  return typeof argument === 'object' && argument !== null && 'parent' in argument;
}

/** The value of a setting of ours. */
export function setting<Name extends keyof Settings>(name: Name): Settings[Name] {
  return vscode.workspace.getConfiguration().get(name) as Settings[Name];
}
