import * as vscode from 'vscode';
import { BillingError } from '../api/http/errors.ts';
import type { FilterCustomersArgument, NodeArgument } from '../contributions.ts';
import { plainText } from '../workbench/text.ts';

/** Longer than any name. */
const LONGEST = 200;

/**
 * The connection and the text of an argument; the text is asked for where it is left out.
 *
 * @param find the name of a connection with a Partner Center, whatever case it is written in
 * @returns text undefined to list all customers; undefined as a whole when the user backed out
 * @throws BillingError of kind `argument` that names the field
 */
export async function askFilter(
  argument: FilterCustomersArgument | NodeArgument,
  find: (connection: unknown) => string | undefined,
  current: (connection: string) => string | undefined,
): Promise<{ connection: string; text: string | undefined } | undefined> {
  const given: { connection?: unknown; text?: unknown } = argument ?? {};
  const connection = find(given.connection);
  if (connection === undefined) {
    throw new BillingError(
      'argument',
      `connection: there is no connection '${String(given.connection).slice(0, 60)}' with a Partner Center.`,
      { advice: 'Call the command on the customers of Partner Center in the tree, or name a connection that has one.' },
    );
  }
  const text = given.text ?? (await askText(connection, current(connection)));
  if (text === undefined) {
    return undefined;
  }
  if (typeof text !== 'string' || text.length > LONGEST) {
    throw new BillingError('argument', `text: has to be the beginning of a name, of at most ${LONGEST} characters.`);
  }
  return { connection, text: text.trim() || undefined };
}

function askText(connection: string, current: string | undefined): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: plainText(`Customers of ${connection} in Partner Center`),
    prompt: 'List customers whose name begins with this text, in any case. Leave it empty to list all.',
    value: current ?? '',
    validateInput: (text) => (text.length > LONGEST ? `Use at most ${LONGEST} characters.` : undefined),
  });
}
