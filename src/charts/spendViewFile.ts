import { BillingError } from '../api/http/errors.ts';
import { plainSubject, type SpendSubject } from './spendSubject.ts';

/** How the names of view files end, behind a dot. */
export const VIEW_ENDING = 'spend.json';

/** A view file: the question and no figures, members in a fixed order, so that versions differ in what was changed alone. */
export function viewText(subject: SpendSubject): string {
  return `${JSON.stringify(plainSubject(subject), undefined, 2)}\n`;
}

/**
 * What a view file says; it is still to be checked.
 *
 * @throws BillingError of kind `argument` when it is no JSON
 */
export function readView(text: string): unknown {
  try {
    const given: unknown = JSON.parse(text);
    // Editors like to write the address of a schema into JSON.
    const { $schema: _schema, ...view } = given as Record<string, unknown>;
    return view;
  } catch (error) {
    throw new BillingError('argument', `The view file is no JSON (${(error as Error).message}).`, {
      advice: 'Open it as text with "Reopen Editor With…" and correct it.',
    });
  }
}
