import type { ArmClient } from '../api/arm/armClient.ts';
import type { CostScope } from '../api/arm/scope.ts';
import type { Money } from '../api/arm/wire.ts';
import type { BillingError } from '../api/http/errors.ts';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';
import type { AnswerStore } from '../spend/answerStore.ts';
import type { Part } from '../spend/monthToDate.ts';
import { formatGlance, formatMoney } from '../workbench/money.ts';
import { type ExplorerNode, isOfPartnerCenter } from './node.ts';

export interface CostLabelOptions {
  arm(connection: string): Promise<ArmClient>;
  /** What is kept of a connection's answers over windows; left out: nothing. */
  answersOf?: ((connection: string) => Promise<AnswerStore | undefined>) | undefined;
  /** Left out: no connection has a Partner Center. */
  partnerCenter?(connection: string): Promise<PartnerCenterClient>;
  locale: string;
  /** Whether costs are wanted at all. */
  shown(): boolean;
  /** A level's costs could not be had; its rows go without, or with older ones that were kept. */
  failed(error: unknown, node: ExplorerNode): void;
}

/**
 * The month-to-date cost beside the rows of a level, in Partner Center the cost of the open billing period: one grouped query, or one
 * list of usage records, for all of them, asked once until the level is refreshed.
 * Labels are rounded and marked as estimates; the tooltip has every digit.
 */
export class CostLabels {
  readonly #options: CostLabelOptions;
  readonly #asked = new Map<string, Asked>();
  /** Rows whose costs somebody wants as they are now. */
  readonly #anew = new Set<string>();

  constructor(options: CostLabelOptions) {
    this.#options = options;
  }

  /** To be called before a level is fetched anew. */
  forget(node: ExplorerNode): void {
    if (this.#asked.delete(node.id)) {
      this.#anew.add(node.id);
    }
  }

  /** Puts costs beside children, or takes them away. Tells which rows changed. */
  async annotate(node: ExplorerNode, children: readonly ExplorerNode[], signal: AbortSignal): Promise<ExplorerNode[]> {
    const question = questionOf(node);
    if ((question === undefined && node.kind !== 'subscription') || children.length === 0) {
      return [];
    }
    if (!this.#options.shown()) {
      return setCosts(children, () => undefined);
    }
    if (question === undefined) {
      return setCosts(children, (child) => this.#label(child.monthToDate ?? [], 'Month to date'));
    }
    try {
      const { costs, keptSince, away } = await this.#costs(node, question, signal);
      if (away !== undefined && this.#asked.delete(node.id)) {
        // Asked again with the next look.
        this.#options.failed(away, node);
      }
      return setCosts(children, (child) => {
        const key = keyOf(child);
        // Costs of no customer or subscription are not those of a folder.
        return this.#label((key && costs.get(key)) || [], question.period, keptSince);
      });
    } catch (error) {
      if (!signal.aborted) {
        this.#asked.delete(node.id);
        this.#options.failed(error, node);
      }
      return [];
    }
  }

  #costs(node: ExplorerNode, question: Question, signal: AbortSignal): Promise<LevelCosts> {
    const asked = this.#asked.get(node.id);
    // What was stopped before its answer came (the level grew, was collapsed) brings nothing any more.
    if (asked !== undefined && (asked.answered || !asked.signal.aborted)) {
      return asked.costs;
    }
    const costs =
      'customer' in question ? this.#ofPartner(node, question.customer, signal) : this.#ofScope(node, question, signal);
    const asking: Asked = { costs, signal, answered: false };
    costs.then(
      () => {
        asking.answered = true;
      },
      () => {},
    );
    this.#asked.set(node.id, asking);
    return costs;
  }

  async #ofScope(node: ExplorerNode, { scope, part }: ScopeQuestion, signal: AbortSignal): Promise<LevelCosts> {
    const [{ keptMonthToDate }, arm, answers] = await Promise.all([
      import('../spend/monthToDate.ts'),
      this.#options.arm(node.connection),
      this.#options.answersOf?.(node.connection),
    ]);
    const anew = this.#anew.has(node.id);
    const found = await keptMonthToDate(arm, scope, part, { answers, anew, now: new Date() }, { signal, priority: 1 });
    if (found.away === undefined) {
      this.#anew.delete(node.id);
    }
    return found;
  }

  async #ofPartner(node: ExplorerNode, customer: string | undefined, signal: AbortSignal): Promise<LevelCosts> {
    const [{ usageOfPartner }, client] = await Promise.all([
      import('./partnerUsage.ts'),
      this.#options.partnerCenter?.(node.connection),
    ]);
    return { costs: client === undefined ? new Map() : await usageOfPartner(client, customer, { signal }) };
  }

  #label(costs: readonly Money[], period: string, keptSince?: Date): ExplorerNode['cost'] {
    if (costs.length === 0) {
      return undefined;
    }
    const { locale } = this.#options;
    const since = keptSince && `, as of ${momentText(keptSince, locale)}`;
    return {
      label: `≈ ${costs.map((cost) => formatGlance(cost, locale)).join(' + ')}`,
      tooltip: `${period}: ${costs.map((cost) => formatMoney(cost, locale)).join(' and ')} (estimate, before taxes${since ?? ''})`,
    };
  }
}

/** What the rows of a level cost, by what the answer calls them. */
interface LevelCosts {
  costs: ReadonlyMap<string, Money[]>;
  /** When it was asked for, where that was not just now. */
  keptSince?: Date;
  /** Why they are older than they should be. */
  away?: BillingError;
}

/** A query that was sent, or answered. */
interface Asked {
  costs: Promise<LevelCosts>;
  signal: AbortSignal;
  answered: boolean;
}

/** One grouped query of Cost Management. */
interface ScopeQuestion {
  scope: CostScope;
  part: Part;
  period: string;
}

/** The usage records of Partner Center: of all customers, or of one's subscriptions. */
interface PartnerQuestion {
  customer: string | undefined;
  period: string;
}

type Question = ScopeQuestion | PartnerQuestion;

function questionOf(node: ExplorerNode): Question | undefined {
  const { kind, account, profile, customer } = node;
  if (kind === 'customers' && account !== undefined) {
    const scope: CostScope =
      profile === undefined ? { kind: 'billingAccount', account } : { kind: 'billingProfile', account, profile };
    return { scope, part: 'CustomerTenantId', period: 'Month to date' };
  }
  if (kind === 'customer' && account !== undefined && customer !== undefined) {
    return { scope: { kind: 'customer', account, customer }, part: 'SubscriptionId', period: 'Month to date' };
  }
  if (kind === 'partnerCustomers' || listsPartnerSubscriptions(node)) {
    return { customer, period: 'Open billing period' };
  }
  return undefined;
}

function listsPartnerSubscriptions({ kind, customer }: ExplorerNode): boolean {
  return (kind === 'partnerCenter' || kind === 'partnerCustomer') && customer !== undefined;
}

/** What the answer calls a child: a customer's name is its tenant id. */
function keyOf(child: ExplorerNode): string {
  if (isOfPartnerCenter(child)) {
    return (child.subscription ?? (child.kind === 'partnerCustomer' ? child.customer : '') ?? '').toLowerCase();
  }
  return (child.kind === 'customer' ? (child.customer ?? '') : (child.scope?.split('/').at(-1) ?? '')).toLowerCase();
}

/** Its day too, unless that is today. */
function momentText(moment: Date, locale: string): string {
  const isToday = moment.toDateString() === new Date().toDateString();
  return moment.toLocaleString(locale, { timeStyle: 'short', ...(isToday ? {} : { dateStyle: 'medium' }) });
}

function setCosts(
  children: readonly ExplorerNode[],
  costOf: (child: ExplorerNode) => ExplorerNode['cost'],
): ExplorerNode[] {
  return children.filter((child) => {
    const cost = costOf(child);
    if (cost?.label === child.cost?.label && cost?.tooltip === child.cost?.tooltip) {
      return false;
    }
    child.cost = cost;
    return true;
  });
}
