import { BillingError } from '../api/http/errors.ts';
import type { ConnectionNames } from '../choices/commandInput.ts';
import { expectEnd, JsonSyntaxError, skipSpace, sliceText, walkMembers } from '../json/scan.ts';
import { checkedSubject, plainSubject, type SpendSubject } from './spendSubject.ts';

/** How the names of view files end, behind a dot. */
export const VIEW_ENDING = 'spend.json';

const AS_TEXT = 'Correct it with "Reopen Editor With…" and the text editor.';

/**
 * A view file: the question and no figures, members in a fixed order, so that versions differ in what was changed alone.
 *
 * @param before what the file was, whose `$schema` stays
 */
export function viewText(subject: SpendSubject, before = ''): string {
  const schema = schemaOf(before);
  const view = { ...(schema === undefined ? {} : { $schema: schema }), ...plainSubject(subject) };
  return `${JSON.stringify(view, undefined, 2)}\n`;
}

/**
 * What a view file asks for.
 *
 * @throws BillingError of kind `argument` that names the line and the member
 */
export function readView(text: string, connections: ConnectionNames, now: Date): SpendSubject {
  const lines = memberLines(text);
  // Editors like to write the address of a schema into JSON.
  const { $schema: _schema, ...view } = JSON.parse(text) as Record<string, unknown>;
  try {
    return checkedSubject(view, connections, now);
  } catch (error) {
    const [, member = ''] = /^(\w+)[.:]/.exec((error as Error).message) ?? [];
    const line = lines.get(member);
    if (!(error instanceof BillingError) || line === undefined) {
      throw error;
    }
    throw new BillingError('argument', `Line ${line}: ${error.message}`, { advice: error.advice ?? AS_TEXT });
  }
}

/** The lines that members begin on, from 1. @throws BillingError of kind `argument` when the text is no JSON object */
function memberLines(text: string): ReadonlyMap<string, number> {
  const bytes = Buffer.from(text);
  const lineAt = (offset: number) => bytes.subarray(0, offset).toString('latin1').split('\n').length;
  const start = skipSpace(bytes, 0);
  if (start === bytes.length) {
    throw new BillingError('argument', 'The view file is empty: it needs a connection and a scope.', {
      advice: 'Write one with "Save View As…" of a spend panel.',
    });
  }
  try {
    const lines = new Map<string, number>();
    const end = walkMembers(bytes, start, (from, to) => {
      lines.set(String(JSON.parse(sliceText(bytes, from, to))), lineAt(from));
      return undefined;
    });
    expectEnd(bytes, end);
    return lines;
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) {
      throw error;
    }
    const why = error.message.replace(/ at byte \d+$/, '');
    throw new BillingError('argument', `Line ${lineAt(error.offset)}: the view file is no JSON object, ${why}.`, {
      advice: AS_TEXT,
    });
  }
}

function schemaOf(text: string): string | undefined {
  try {
    const { $schema } = JSON.parse(text) as { $schema?: unknown };
    return typeof $schema === 'string' ? $schema : undefined;
  } catch {
    return undefined;
  }
}
