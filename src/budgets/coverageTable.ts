import type { ArmClient } from '../api/arm/armClient.ts';
import { type Budget, listBudgets } from '../api/arm/budgets.ts';
import { parseCostScope } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import type { PlanTarget } from '../budgeting/bulkPlan.ts';
import { type CoverageState, countStates, coverageOf, GAP_TEXTS, type ScopeCoverage } from '../budgeting/coverage.ts';
import { eachInTurn } from '../budgeting/pace.ts';
import { budgetTargets, type WantedScopes } from './budgetTargets.ts';
import { kindOf } from './scopeWords.ts';
import type { TableRow, TableState } from './tableContract.ts';
import type { TableProgress, TableView, TableWork } from './tablePanel.ts';
import { count, tellWait } from './tableTexts.ts';

export interface CoverageParts {
  arm(connection: string): Promise<ArmClient>;
  now(): Date;
  edit(connection: string, scope: string, name: string): Promise<void>;
  /** Asks for a budget and shows what it would do in these scopes. */
  apply(connection: string, targets: readonly PlanTarget[]): Promise<void>;
}

const STATES: readonly (Omit<TableState, 'count'> & { id: CoverageState })[] = [
  { id: 'none', label: 'No budget', tone: 'bad' },
  { id: 'expired', label: 'Expired', tone: 'bad' },
  { id: 'silent', label: 'Alerts nobody', tone: 'bad' },
  { id: 'future', label: 'Not begun', tone: 'work' },
  { id: 'unknown', label: 'Not known', tone: 'quiet' },
  { id: 'covered', label: 'Covered', tone: 'good' },
];

/** Where a new budget is what is missing. */
const CREATED: ReadonlySet<CoverageState> = new Set(['none', 'expired']);

/** Who has no budget, an expired one, one that tells nobody. */
export class CoverageTable implements TableWork {
  readonly heads = { name: 'Scope', lines: 'Budgets' };
  readonly title: string;
  readonly #parts: CoverageParts;
  readonly #wanted: WantedScopes;
  #targets: readonly PlanTarget[] = [];
  #rows: ScopeCoverage[] = [];

  constructor(parts: CoverageParts, wanted: WantedScopes, title: string) {
    this.#parts = parts;
    this.#wanted = wanted;
    this.title = title;
  }

  get coverage(): readonly ScopeCoverage[] {
    return this.#rows;
  }

  keep(): unknown {
    return { coverage: this.#wanted, title: this.title };
  }

  facts(): string[] {
    return [
      `As of ${this.#today}, UTC. A scope counts by its own budgets; those of what it is in or what is in it do not count.`,
      'Covered: a budget is in force, and at least one notification is on, can be reached, and names somebody.',
    ];
  }

  async load(progress: TableProgress): Promise<void> {
    const arm = await this.#parts.arm(this.#wanted.connection);
    const options = { signal: progress.signal, onWait: tellWait(progress) };
    progress.tell('Fetching scopes…');
    const targets = await budgetTargets(arm, this.#wanted, options);
    const rows: ScopeCoverage[] = [];
    let read = 0;
    await eachInTurn(arm, targets, options, async (target, index) => {
      rows[index] = await this.#coverageOf(arm, target, progress);
      progress.tell(`${++read} of ${count(targets.length, 'scope')} read…`);
    });
    progress.signal.throwIfAborted();
    // Together: a row and its target have the same place.
    this.#targets = targets;
    this.#rows = rows;
  }

  async #coverageOf(arm: ArmClient, target: PlanTarget, progress: TableProgress): Promise<ScopeCoverage> {
    try {
      const scope = parseCostScope(target.scope);
      const budgets: Budget[] = [];
      const options = { signal: progress.signal, onWait: tellWait(progress) };
      for await (const page of listBudgets(arm, { scope }).rest(options)) {
        budgets.push(...page.value);
      }
      return coverageOf(target, budgets, this.#today);
    } catch (error) {
      progress.signal.throwIfAborted();
      // Nothing is reached, or nobody is signed in: no row would be different.
      if (!(error instanceof BillingError) || error.kind === 'signIn' || error.kind === 'unreachable') {
        throw error;
      }
      return coverageOf(target, { failure: error.explanation }, this.#today);
    }
  }

  view(): TableView {
    const counts = countStates(this.#rows);
    const states = STATES.map((state) => ({ ...state, count: counts[state.id] })).filter(({ count: some }) => some > 0);
    const missing = this.#missing().length;
    const all = this.#rows.length;
    return {
      summary:
        all === 0
          ? 'There is no scope here.'
          : counts.covered === all
            ? `All ${count(all, 'scope')} have a budget that alerts.`
            : `${counts.covered} of ${count(all, 'scope')} ${counts.covered === 1 ? 'has' : 'have'} a budget that alerts.`,
      states,
      actions: [
        ...(missing === 0 ? [] : [{ id: 'create', label: `Create Budgets for ${missing}…` }]),
        { id: 'again', label: 'Read Again' },
      ],
      busy: false,
    };
  }

  get count(): number {
    return this.#rows.length;
  }

  row(index: number): TableRow {
    const { scope, label, state, budgets, failure } = this.#rows[index] as ScopeCoverage;
    const lines = budgets.map(({ name, gaps, ends }) => {
      const why = gaps.map((gap) => GAP_TEXTS[gap]).join(' ');
      const end = ends === undefined ? '' : `, ${gaps.includes('ended') ? 'ended' : 'ends'} ${ends}`;
      return `${name}${end}: ${why || 'alerts.'}`;
    });
    return {
      id: String(index),
      name: label,
      note: [kindOf(scope), this.#targets[index]?.currency].filter(Boolean).join(' · '),
      state,
      lines: failure === undefined ? (lines.length === 0 ? ['There is no budget.'] : lines) : [failure],
      ticked: null,
      actions: [
        ...(CREATED.has(state) ? [{ id: 'create', label: 'Create…' }] : []),
        ...(budgets.length > 0 && state !== 'covered' ? [{ id: 'edit', label: 'Edit' }] : []),
      ],
    };
  }

  tick(): void {
    // There is nothing to tick.
  }

  async act(action: string, row: number | undefined, progress: TableProgress): Promise<void> {
    const { connection } = this.#wanted;
    switch (action) {
      case 'create': {
        const rows = row === undefined ? this.#missing() : [row];
        const targets = rows.map((index) => this.#targets[index]).filter((target) => target !== undefined);
        return this.#parts.apply(connection, targets);
      }
      case 'edit': {
        const { scope, budgets } = this.#rows[row ?? -1] ?? {};
        const name = budgets?.[0]?.name;
        return scope === undefined || name === undefined ? undefined : this.#parts.edit(connection, scope, name);
      }
      case 'again': {
        await this.load(progress);
        progress.changed(...this.#rows.keys());
      }
    }
  }

  closed(): void {
    // Nothing is kept.
  }

  #missing(): number[] {
    return this.#rows.flatMap(({ state }, index) => (CREATED.has(state) ? [index] : []));
  }

  get #today(): string {
    return this.#parts.now().toISOString().slice(0, 10);
  }
}
