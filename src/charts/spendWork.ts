import type { ShownSpend } from '../contributions.ts';
import { isWithoutPricing } from '../spend/pricingRows.ts';
import type { SpendPicture } from '../spend/spendShapes.ts';
import { explain, isAccessFailure, isCancellation } from '../workbench/failures.ts';
import { plainText, waitText } from '../workbench/text.ts';
import { emptySpend, longQuestion } from './spendPanelTexts.ts';
import type { SpendScreen, Stopped } from './spendScreen.ts';
import type { SpendSource } from './spendSource.ts';
import type { SpendSubject } from './spendSubject.ts';

/** How somebody asks. */
export interface Asking {
  /** Of the page; 0 for what comes by itself. */
  request: number;
  /** Whether the person in front is asked before a question that takes minutes. */
  confirm: boolean;
  /** Asks anew for all that can have changed. */
  refresh?: boolean;
}

/** Reading for one screen. The last question wins; what an earlier one brings is not shown. */
export class SpendWork {
  readonly #source: SpendSource;
  readonly #screen: SpendScreen;
  #running: { abort: AbortController; result: Promise<ShownSpend | undefined> } | undefined;

  constructor(source: SpendSource, screen: SpendScreen) {
    this.#source = source;
    this.#screen = screen;
  }

  /** What is under way. */
  get result(): Promise<ShownSpend | undefined> | undefined {
    return this.#running?.result;
  }

  /**
   * Reads a subject in place of what is under way. The screen shows a failure too.
   *
   * @returns undefined when the person is asked first
   * @throws what reading throws; an AbortError when it is cancelled
   */
  start(subject: SpendSubject, asking: Asking): Promise<ShownSpend | undefined> {
    this.cancel();
    const running = { abort: new AbortController(), result: Promise.resolve<ShownSpend | undefined>(undefined) };
    // Before anything else happens: what comes late is told by it.
    this.#running = running;
    running.result = this.#read(subject, asking, running.abort.signal).catch((error: unknown) => {
      if (this.#running === running) {
        this.#running = undefined;
        const stopped = stoppedBy(error, asking.request);
        if (stopped.why === 'empty') {
          this.#screen.clear();
        }
        this.#screen.stop(stopped);
      }
      throw error;
    });
    return running.result;
  }

  cancel(): void {
    this.#running?.abort.abort();
  }

  /** Ends what is under way without a word: something else is shown. */
  drop(): void {
    const running = this.#running;
    this.#running = undefined;
    running?.abort.abort();
  }

  async #read(
    subject: SpendSubject,
    { request, confirm, refresh }: Asking,
    signal: AbortSignal,
  ): Promise<ShownSpend | undefined> {
    const { connection, question } = subject;
    const screen = this.#screen;
    screen.work('Reading the costs…');
    const isAsked = confirm && refresh !== true;
    const long = isAsked ? longQuestion(await this.#source.effort(connection, question)) : undefined;
    signal.throwIfAborted();
    if (long !== undefined) {
      this.#running = undefined;
      screen.stop({ type: 'stopped', answers: request, why: 'confirm', ...long });
      return undefined;
    }
    const picture = await this.#source.read(connection, question, {
      signal,
      ...(refresh === true ? { refresh } : {}),
      onWait: (wait) => {
        if (!signal.aborted) {
          screen.work(waitText(wait), wait.milliseconds);
        }
      },
      onPart: (part) => {
        if (!signal.aborted) {
          screen.show(part, request, false);
          screen.work('Reading the other months…');
        }
      },
    });
    signal.throwIfAborted();
    this.#running = undefined;
    if (picture.currencies.length === 0) {
      screen.clear();
      screen.stop({ type: 'stopped', answers: request, why: 'empty', ...emptySpend(subject, picture) });
    } else {
      screen.show(picture, request, true);
    }
    return shownSpend(picture);
  }
}

/** What a caller is told of a picture. */
export function shownSpend({ period, currency, currencies, total, fetchedAt }: SpendPicture): ShownSpend {
  return { period, currency, currencies, total, fetchedAt };
}

/** What the page says of reading that has ended without an answer. */
export function stoppedBy(error: unknown, answers: number): Stopped {
  const common = { type: 'stopped', answers } as const;
  if (isWithoutPricing(error)) {
    return { ...common, why: 'empty', message: plainText(explain(error)) };
  }
  return isCancellation(error)
    ? { ...common, why: 'cancelled', message: 'Reading was cancelled.' }
    : { ...common, why: isAccessFailure(error) ? 'permission' : 'failed', message: plainText(explain(error)) };
}
