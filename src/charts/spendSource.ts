import type { ArmClient } from '../api/arm/armClient.ts';
import type { Budget } from '../api/arm/budgets.ts';
import type { SendOptions } from '../api/http/client.ts';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';
import type { AnswerStore } from '../spend/answerStore.ts';
import { readPartnerSpend } from '../spend/partnerSpend.ts';
import { SpendCache } from '../spend/spendCache.ts';
import { partnerSpendChoices, type SpendChoices, spendChoices, spendValues } from '../spend/spendChoices.ts';
import type { SpendEffort } from '../spend/spendMonths.ts';
import { spendPicture } from '../spend/spendPicture.ts';
import { checkSpendQuestion, isPartnerScope } from '../spend/spendQuestion.ts';
import { readSpend, spendEffort } from '../spend/spendReader.ts';
import type { SpendPicture, SpendQuestion } from '../spend/spendShapes.ts';

/** The clients of connections, by name. */
export interface ClientSource {
  arm(connection: string): Promise<ArmClient>;
  partnerCenter(connection: string): Promise<PartnerCenterClient>;
}

/** What is kept over windows of a connection's answers; undefined: nothing. */
export type AnswersOf = (connection: string) => Promise<AnswerStore | undefined>;

/** Tells that connections came, went or are others now. */
export interface ConnectionChanges {
  onDidChange(listener: () => void): { dispose(): void };
}

interface ReadOptions extends SendOptions {
  /** Asks anew for all that can have changed. */
  refresh?: boolean;
  /** Told what is there so far. */
  onPart?: (picture: SpendPicture) => void;
}

/** The month to date of a scope at a glance. */
export interface SpendGlance {
  picture: SpendPicture;
  /** Those of the scope; the service tells their use about once a day. */
  budgets: readonly Budget[];
}

/** Pictures of spend, whichever service has it; what was read is kept for everybody who asks the same. */
export class SpendSource {
  readonly #clients: ClientSource;
  readonly #answersOf: AnswersOf;
  readonly #locale: string;
  readonly #cache = new SpendCache();

  /** @param locale of the person who reads */
  constructor(clients: ClientSource, answersOf: AnswersOf, locale: string) {
    this.#clients = clients;
    this.#answersOf = answersOf;
    this.#locale = locale;
  }

  /** The client of a connection, with what is kept of its answers. */
  async #arm(connection: string): Promise<ArmClient> {
    const arm = await this.#clients.arm(connection);
    this.#cache.bind(arm, await this.#answersOf(connection));
    return arm;
  }

  /** @throws BillingError as any query; what was read until then is kept */
  async read(connection: string, question: SpendQuestion, { onPart, ...options }: ReadOptions): Promise<SpendPicture> {
    const now = new Date();
    const common = { ...options, cache: this.#cache, now };
    const presentation = { now, locale: this.#locale };
    if (isPartnerScope(question.scope)) {
      const client = await this.#clients.partnerCenter(connection);
      return spendPicture(await readPartnerSpend(client, question, common), presentation);
    }
    const arm = await this.#arm(connection);
    const read = await readSpend(arm, question, {
      ...common,
      ...(onPart && { onPart: (part) => onPart(spendPicture(part, presentation)) }),
    });
    return spendPicture(read, presentation);
  }

  /**
   * The month to date against the same days of the month before. One query in four hours, a second one for the month before, which is
   * closed and asked once.
   *
   * @throws BillingError as any query
   */
  async glance(connection: string, scope: string, options: SendOptions): Promise<SpendGlance> {
    const now = new Date();
    const question = checkSpendQuestion(glanceOf(scope), now);
    if (isPartnerScope(scope)) {
      return { picture: await this.read(connection, question, options), budgets: [] };
    }
    const arm = await this.#arm(connection);
    const read = await readSpend(arm, question, { ...options, cache: this.#cache, now, forecast: false });
    return { picture: spendPicture(read, { now, locale: this.#locale }), budgets: read.budgets ?? [] };
  }

  /** What the months of a question take that are not kept. Nothing is sent. */
  async effort(connection: string, question: SpendQuestion): Promise<SpendEffort> {
    return isPartnerScope(question.scope)
      ? { queries: 1 }
      : spendEffort(await this.#arm(connection), question, this.#cache, new Date());
  }

  /** What can be asked of a scope. @throws BillingError as any call */
  async choices(connection: string, question: SpendQuestion, options: SendOptions): Promise<SpendChoices> {
    return isPartnerScope(question.scope)
      ? partnerSpendChoices()
      : spendChoices(await this.#arm(connection), question, {
          ...options,
          cache: this.#cache,
          now: new Date(),
        });
  }

  /** The values that a filter can have. @throws BillingError as any call */
  async values(connection: string, question: SpendQuestion, by: string, options: SendOptions): Promise<string[]> {
    return isPartnerScope(question.scope)
      ? []
      : spendValues(await this.#arm(connection), question, by, {
          ...options,
          cache: this.#cache,
          now: new Date(),
        });
  }
}

/** Partner Center compares nothing: it has one estimate of the open period. */
function glanceOf(scope: string): Partial<SpendQuestion> {
  const common = { scope, period: 'MonthToDate', groupBy: '' };
  return isPartnerScope(scope)
    ? common
    : { ...common, granularity: 'daily', view: 'cumulative', compareWith: 'previous' };
}
