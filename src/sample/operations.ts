import { type Answer, failure, notFound, type SampleRequest } from './answers.ts';
import { guid } from './hash.ts';

export interface OperationSettings {
  /** How many polls answer 202 before the result; default 1. */
  readonly polls?: number;
  /** Seconds in Retry-After; default 1. */
  readonly retryAfter?: number;
  /** How operations end; `Never` goes on answering 202. Default Succeeded. */
  readonly ending?: OperationEnding;
}

const OPERATION_ENDINGS = ['Succeeded', 'Failed', 'Never'] as const;
type OperationEnding = (typeof OPERATION_ENDINGS)[number];

interface Operation {
  readonly finish: () => Answer;
  pollsLeft: number;
  answer: Answer | undefined;
}

/** How far an operation is: running, or ended with its answer (an error answer when it failed). */
type OperationState = { readonly running: true } | { readonly running: false; readonly answer: Answer };

const MOST_OPERATIONS = 1_000;
const OPERATION_FAMILY = 0x09e7;

/** Long-running operations in the service (ARM RPC: asynchronous operations). The oldest are forgotten after 1,000. */
export class Operations {
  readonly #initial: Required<OperationSettings>;
  #settings: Required<OperationSettings>;
  readonly #operations = new Map<string, Operation>();
  #started = 0;

  /** Throws a RangeError naming a setting that is not possible. */
  constructor(settings: OperationSettings = {}) {
    this.#initial = checked({ polls: 1, retryAfter: 1, ending: 'Succeeded', ...settings });
    this.#settings = this.#initial;
  }

  /** Changes the settings for operations started from now on, `ending` also for those that run. */
  set(settings: OperationSettings): void {
    this.#settings = checked({ ...this.#settings, ...settings });
  }

  reset(): void {
    this.#settings = this.#initial;
    this.#operations.clear();
    this.#started = 0;
  }

  /**
   * Begins an operation and answers 202 with `Location` and `Retry-After`. The operation lives at
   * `<parent>/operationResults/<kind>_<guid>`; `finish` runs once, when a poll finds it ended, and gives the last answer.
   */
  start(request: SampleRequest, parent: string, kind: string, finish: () => Answer): Answer {
    return { status: 202, headers: this.follow(request, parent, kind, finish), body: undefined };
  }

  /** The headers alone, for answers that are not 202. The api-version of the request is kept. */
  follow(request: SampleRequest, parent: string, kind: string, finish: () => Answer): Record<string, string> {
    const path = `${parent}/operationResults/${kind}_${guid(OPERATION_FAMILY, this.#started++)}`;
    const [oldest] = this.#operations.keys();
    if (this.#operations.size >= MOST_OPERATIONS && oldest !== undefined) this.#operations.delete(oldest);
    // By its whole path: an id is only known where it was given out.
    this.#operations.set(path.toLowerCase(), { finish, pollsLeft: this.#settings.polls, answer: undefined });
    const version = encodeURIComponent(request.parameters.get('api-version') ?? '');
    return {
      location: `${request.origin}${path}?api-version=${version}`,
      'retry-after': String(this.#settings.retryAfter),
    };
  }

  /** One poll of a Location: 202 while it runs, then always its last answer. Throws a Refusal for an unknown one. */
  poll(request: SampleRequest): Answer {
    const state = this.advance(request);
    if (!state.running) return state.answer;
    const location = `${request.origin}${request.path}?${request.query}`;
    return {
      status: 202,
      headers: { location, 'retry-after': String(this.#settings.retryAfter) },
      body: undefined,
    };
  }

  /** Counts one poll and tells the state, for status resources that answer 200 with a status in the body. */
  advance(request: SampleRequest): OperationState {
    const operation = this.#operations.get(decoded(request.path).toLowerCase());
    if (!operation) throw notFound('operation', request.path.split('/').at(-1) ?? '');
    if (operation.answer === undefined) {
      if (this.#settings.ending === 'Never') return { running: true };
      if (operation.pollsLeft > 0) {
        operation.pollsLeft--;
        return { running: true };
      }
      operation.answer =
        this.#settings.ending === 'Failed'
          ? failure(500, 'OperationFailed', 'The operation failed. Start it again.')
          : operation.finish();
    }
    return { running: false, answer: operation.answer };
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function checked(settings: Required<OperationSettings>): Required<OperationSettings> {
  const { polls, retryAfter, ending } = settings;
  for (const [name, value] of Object.entries({ polls, retryAfter })) {
    if (!Number.isInteger(value) || value < 0) throw new RangeError(`${name} must be a whole number from 0`);
  }
  if (!OPERATION_ENDINGS.includes(ending)) {
    throw new RangeError(`ending must be one of ${OPERATION_ENDINGS.join(', ')}`);
  }
  return settings;
}
