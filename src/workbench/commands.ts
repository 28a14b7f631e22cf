import * as vscode from 'vscode';
import { BillingError } from '../api/http/errors.ts';
import { type CommandId, type Commands, type NodeArgument, type Settings, TITLE_COMMANDS } from '../contributions.ts';
import { describeForLog, explain, isAccessFailure, isCancellation, needsSignIn } from './failures.ts';
import { plainText } from './text.ts';

/** What commands do, by id. */
export type CommandHandlers = {
  [Id in CommandId]: CommandHandler<Id>;
};

/**
 * Most commands act on the row that they were called on alone. One that takes several gets the selected rows as well, where that row is
 * one of them.
 */
type CommandHandler<Id extends CommandId> = (
  argument: Commands[Id]['argument'],
  selection?: readonly NodeArgument[],
) => Commands[Id]['result'] | Promise<Commands[Id]['result']>;

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
  register<Id extends CommandId>(id: Id, run: CommandHandler<Id>): void {
    this.#disposables.push(
      vscode.commands.registerCommand(id, async (...given: [Commands[Id]['argument'], unknown?]) => {
        const [argument, selection] = given;
        try {
          if (isLostRow(given) && !TITLE_COMMANDS.has(id)) {
            throw new BillingError('argument', 'The row was just being drawn anew, so nothing was done.', {
              advice: 'Choose it again.',
            });
          }
          return await run(argument, Array.isArray(selection) ? selection.filter(isTreeRow) : undefined);
        } catch (error) {
          if (isCancellation(error)) {
            return undefined;
          }
          this.#log.error(`${id}: ${describeForLog(error)}`);
          if (!calledByPerson(argument)) {
            throw new Error(explain(error), { cause: error });
          }
          void showFailure(explain(error), this.#log, { error, connection: connectionOf(argument) });
          return undefined;
        }
      }),
    );
  }

  /** The same for commands whose code is loaded when the first of them is called: activation stays small. */
  registerLazily<Id extends CommandId>(ids: readonly Id[], load: () => Promise<Pick<CommandHandlers, Id>>): void {
    for (const id of ids) {
      this.register(id, async (argument, selection) => (await load())[id](argument, selection));
    }
  }

  dispose(): void {
    for (const disposable of this.#disposables) {
      disposable.dispose();
    }
  }
}

const shown = new Set<string>();

/**
 * Shows a failure with a way to the log; the same one only once at a time.
 *
 * @param cause what failed, and where: a refusal gets a way to its explanation, a missing sign-in one to sign in
 */
export async function showFailure(
  message: string,
  log: vscode.LogOutputChannel,
  cause?: { error: unknown; connection: string | undefined },
): Promise<void> {
  const text = plainText(message);
  if (shown.has(text)) {
    return;
  }
  shown.add(text);
  const open = 'Show Log';
  const why = 'Explain';
  const signIn = 'Sign In';
  const buttons = [
    ...(isAccessFailure(cause?.error) ? [why] : []),
    ...(needsSignIn(cause?.error) && cause?.connection !== undefined ? [signIn] : []),
    open,
  ];
  const answer = await vscode.window.showErrorMessage(text, ...buttons);
  shown.delete(text);
  if (answer === why) {
    await vscode.commands.executeCommand('azureBilling.explainAccess' satisfies CommandId, cause);
  }
  if (answer === signIn) {
    await vscode.commands.executeCommand('azureBilling.signIn' satisfies CommandId, { connection: cause?.connection });
  }
  if (answer === open) {
    log.show();
  }
}

/** The connection that a command was called for: rows name it, documents have it in their address. */
function connectionOf(argument: unknown): string | undefined {
  if (argument instanceof vscode.Uri) {
    return argument.authority;
  }
  return isTreeRow(argument) ? argument.connection : undefined;
}

/**
 * A row's button passes the row and the selected ones. While the editor draws a level anew it knows none of its rows, and passes
 * nothing in the row's place (`ExtHostTreeViews`, `_convertArgument`); the palette and key bindings pass no argument at all.
 */
function isLostRow(given: readonly unknown[]): boolean {
  return given.length > 1 && (given[0] === undefined || given[0] === null);
}

/** The palette passes nothing, the tree one of its rows, a tab its address. */
export function calledByPerson(argument: unknown): boolean {
  return argument === undefined || argument instanceof vscode.Uri || isTreeRow(argument);
}

/** A row of the tree knows its parent; a plain argument of a key binding or another extension has no such member. */
export function isTreeRow(argument: unknown): argument is NodeArgument & { parent: NodeArgument | undefined } {
  return typeof argument === 'object' && argument !== null && 'parent' in argument;
}

/** The value of a setting of ours. */
export function setting<Name extends keyof Settings>(name: Name): Settings[Name] {
  return vscode.workspace.getConfiguration().get(name) as Settings[Name];
}
