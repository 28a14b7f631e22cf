import type { TableAnswer, TableQuestion, UsageTableToHost, UsageTableToPage } from '../tableContract.ts';

type About = TableQuestion['about'];
type AnswerTo<Asked extends About> = Extract<TableAnswer, { about: Asked extends 'copyGroups' ? 'copy' : Asked }>;

/** A question that was asked. */
export interface Asked<Answer> {
  readonly answer: Promise<Answer>;
  /** Nobody waits for it any more: it ends without an answer. */
  drop(): void;
}

/** Why there is no answer. */
export class NoAnswer extends Error {
  readonly why: 'failed' | 'cancelled' | 'dropped';

  constructor(why: NoAnswer['why'], message: string) {
    super(message);
    this.why = why;
  }
}

/** What is told of the questions that are open. */
export interface QuestionEvents {
  send(message: UsageTableToHost): void;
  /** Which are open changed. */
  changed(open: readonly About[]): void;
}

interface Open {
  about: About;
  resolve(answer: TableAnswer): void;
  reject(why: NoAnswer): void;
}

/** The questions of a page, by number. An answer that nobody waits for is not heard. */
export class Questions {
  readonly #events: QuestionEvents;
  readonly #open = new Map<number, Open>();
  #last = 0;

  constructor(events: QuestionEvents) {
    this.#events = events;
  }

  ask<Question extends TableQuestion>(question: Question): Asked<AnswerTo<Question['about']>> {
    const request = ++this.#last;
    const { promise, resolve, reject } = Promise.withResolvers<TableAnswer>();
    this.#open.set(request, { about: question.about, resolve, reject });
    this.#events.send({ type: 'ask', request, question });
    this.#tell();
    return {
      // Whoever answers says what the answer is about, and that was compared.
      answer: promise as Promise<AnswerTo<Question['about']>>,
      drop: () => this.#drop([request]),
    };
  }

  hear(message: Extract<UsageTableToPage, { type: 'answer' | 'failed' }>): void {
    const open = this.#open.get(message.request);
    if (open === undefined) {
      return;
    }
    this.#open.delete(message.request);
    if (message.type === 'failed') {
      open.reject(new NoAnswer(message.why, message.message));
    } else if (message.answer.about === (open.about === 'copyGroups' ? 'copy' : open.about)) {
      open.resolve(message.answer);
    } else {
      open.reject(new NoAnswer('failed', 'The answer was to another question; reload the table.'));
    }
    this.#tell();
  }

  /** The person in front does not want to wait. */
  cancelAll(): void {
    const requests = [...this.#open.keys()];
    for (const { reject } of this.#open.values()) {
      reject(new NoAnswer('cancelled', 'Cancelled.'));
    }
    this.#forget(requests);
  }

  /** Nothing of what was asked matters any more. */
  dropAll(): void {
    this.#drop([...this.#open.keys()]);
  }

  #drop(requests: readonly number[]): void {
    const open = requests.filter((request) => this.#open.has(request));
    for (const request of open) {
      this.#open.get(request)?.reject(new NoAnswer('dropped', ''));
    }
    this.#forget(open);
  }

  #forget(requests: number[]): void {
    if (requests.length > 0) {
      for (const request of requests) {
        this.#open.delete(request);
      }
      this.#events.send({ type: 'drop', requests });
      this.#tell();
    }
  }

  #tell(): void {
    this.#events.changed([...this.#open.values()].map(({ about }) => about));
  }
}
