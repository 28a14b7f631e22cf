import { ANY_TAG, groupLabel } from '../spend/groupNames.ts';
import { explain } from '../workbench/failures.ts';
import { plainText } from '../workbench/text.ts';
import { cleanOptions } from './cleanSpend.ts';
import type { SpendToHost, SpendToPage } from './spendContract.ts';
import type { Choices } from './spendScreen.ts';
import type { SpendSource } from './spendSource.ts';
import { type SpendSubject, scopeName } from './spendSubject.ts';

/** What can be said before the service has told what a scope allows. */
export function firstChoices(subject: SpendSubject): Choices {
  const { question } = subject;
  const { groupBy } = question;
  return {
    type: 'choices',
    title: scopeName(subject),
    question,
    groupBys: [
      { id: '', label: 'Nothing: one sum' },
      ...(groupBy === '' ? [] : cleanOptions([{ id: groupBy, label: groupLabel(groupBy) }])),
    ],
    presets: [],
    currencies: [question.currency],
    amortized: question.metric === 'amortized',
  };
}

type Offered = Pick<Choices, 'groupBys' | 'presets' | 'currencies' | 'amortized'>;

/** Asks once for each scope what it allows; a panel without the answer still shows its picture. */
export class SpendOffers {
  readonly #source: SpendSource;
  readonly #told: (offered: Offered) => void;
  #asking: AbortController | undefined;

  constructor(source: SpendSource, told: (offered: Offered) => void) {
    this.#source = source;
    this.#told = told;
  }

  /** @throws what asking throws: the next time it is asked again */
  async ask({ connection, question }: SpendSubject): Promise<void> {
    if (this.#asking !== undefined) {
      return;
    }
    const abort = new AbortController();
    this.#asking = abort;
    try {
      const { signal } = abort;
      const { groupBys, presets, ...rest } = await this.#source.choices(connection, question, { signal });
      if (!signal.aborted) {
        this.#told({ groupBys: cleanOptions(groupBys), presets: cleanOptions(presets), ...rest });
      }
    } catch (error) {
      if (this.#asking === abort) {
        this.#asking = undefined;
      }
      throw error;
    }
  }

  /** Another scope is shown, or none. */
  forget(): void {
    this.#asking?.abort();
    this.#asking = undefined;
  }
}

/** The values that a filter can have, or why there are none. @param note told of a failure */
export async function filterValues(
  source: SpendSource,
  { connection, question }: SpendSubject,
  { request, by }: Extract<SpendToHost, { type: 'values' }>,
  note: (error: unknown) => void,
): Promise<SpendToPage> {
  const common = { type: 'values', answers: request, by } as const;
  try {
    const values = await source.values(connection, question, by, {});
    return {
      ...common,
      values: cleanOptions(values.map((value) => ({ id: value, label: value }))),
      ...(values.length === 0
        ? { message: `Azure lists no ${by === ANY_TAG ? 'tags' : 'values'} here: type one.` }
        : {}),
    };
  } catch (error) {
    note(error);
    return { ...common, values: [], message: plainText(explain(error)) };
  }
}
