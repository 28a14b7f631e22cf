import { type Answer, badRequest, failure, json, notFound, Refusal, type SampleRequest } from './answers.ts';
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

/** What an operation does, and where it is asked about. */
export interface OperationPlan {
  /** The path at which its result is polled, of a new GUID. */
  readonly result: (id: string) => string;
  /** Put into the query of its addresses before the api-version, percent-encoded. */
  readonly query?: string;
  /** The resource behind Azure-AsyncOperation: 200 while it runs and ever after. */
  readonly status?: {
    readonly path: (id: string) => string;
    /** Its body, of the operation's last answer; undefined while the operation runs. */
    readonly body: (id: string, last: Answer | undefined) => unknown;
  };
  /** Runs once, when a poll finds the operation ended, and gives the last answer of the result. */
  readonly finish: (id: string) => Answer | Promise<Answer>;
  /** The last answer when operations are set to fail; default 500. */
  readonly fail?: (id: string) => Answer;
}

interface Operation {
  readonly id: string;
  readonly plan: OperationPlan;
  readonly paths: readonly string[];
  pollsLeft: number;
  last: Promise<Answer> | undefined;
}

const MOST_ADDRESSES = 1_000;
const OPERATION_FAMILY = 0x09e7;

/** Long-running operations in the service (ARM RPC: asynchronous operations). The oldest are forgotten after 1,000 addresses. */
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
   * `<parent>/operationResults/<kind>_<guid>`; `finish` gives its last answer.
   */
  start(request: SampleRequest, parent: string, kind: string, finish: OperationPlan['finish']): Answer {
    return this.begin(request, { result: (id) => `${parent}/operationResults/${kind}_${id}`, finish });
  }

  /** The headers of `start` alone, for answers that are not 202. */
  follow(
    request: SampleRequest,
    parent: string,
    kind: string,
    finish: OperationPlan['finish'],
  ): Readonly<Record<string, string>> {
    return this.start(request, parent, kind, finish).headers;
  }

  /** Begins an operation of any kind and answers 202 with its addresses. The api-version of the request is kept in them. */
  begin(request: SampleRequest, plan: OperationPlan): Answer {
    const id = guid(OPERATION_FAMILY, this.#started++);
    const paths = [plan.result(id), ...(plan.status ? [plan.status.path(id)] : [])];
    const operation: Operation = { id, plan, paths, pollsLeft: this.#settings.polls, last: undefined };
    this.#remember(operation);
    const version = encodeURIComponent(request.parameters.get('api-version') ?? '');
    const query = [...(plan.query ? [plan.query] : []), `api-version=${version}`].join('&');
    const [location = '', status] = paths.map((path) => `${request.origin}${path}?${query}`);
    return {
      status: 202,
      headers: {
        location,
        ...(status ? { 'azure-asyncoperation': status } : {}),
        'retry-after': String(this.#settings.retryAfter),
      },
      body: undefined,
    };
  }

  /** One poll of a Location: 202 while it runs, then always its last answer. Throws a Refusal for an unknown one. */
  async poll(request: SampleRequest): Promise<Answer> {
    const { last } = await this.#advance(request);
    if (last) return last;
    const location = `${request.origin}${request.path}?${request.query}`;
    return { status: 202, headers: { location, ...this.#retryAfter() }, body: undefined };
  }

  /** One poll of a status resource: 200 with the status in the body. Throws a Refusal for an unknown one. */
  async status(request: SampleRequest): Promise<Answer> {
    const { operation, last } = await this.#advance(request);
    const answer = json(operation.plan.status?.body(operation.id, last));
    return last ? answer : { ...answer, headers: { ...answer.headers, ...this.#retryAfter() } };
  }

  /** Counts one poll. */
  async #advance(request: SampleRequest): Promise<{ operation: Operation; last: Answer | undefined }> {
    const operation = this.#operations.get(decoded(request.path).toLowerCase());
    if (!operation) throw notFound('operation', request.path.split('/').at(-1) ?? '');
    // What it says beside the api-version is a session: without it the service does not know the operation.
    if (!request.query.includes(operation.plan.query ?? '')) {
      throw badRequest('The address of the operation is not complete: follow it as it was given.');
    }
    if (operation.last === undefined) {
      if (this.#settings.ending === 'Never') return { operation, last: undefined };
      if (operation.pollsLeft > 0) {
        operation.pollsLeft--;
        return { operation, last: undefined };
      }
      operation.last = this.#end(operation);
    }
    return { operation, last: await operation.last };
  }

  async #end({ id, plan }: Operation): Promise<Answer> {
    if (this.#settings.ending === 'Failed') {
      return plan.fail?.(id) ?? failure(500, 'OperationFailed', 'The operation failed. Start it again.');
    }
    try {
      return await plan.finish(id);
    } catch (error) {
      if (error instanceof Refusal) return error.answer;
      throw error;
    }
  }

  #retryAfter(): Record<string, string> {
    return { 'retry-after': String(this.#settings.retryAfter) };
  }

  // By its whole paths: an id is only known where it was given out.
  #remember(operation: Operation): void {
    const [oldest] = this.#operations.values();
    if (this.#operations.size >= MOST_ADDRESSES && oldest) {
      for (const path of oldest.paths) this.#operations.delete(path.toLowerCase());
    }
    for (const path of operation.paths) this.#operations.set(path.toLowerCase(), operation);
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
