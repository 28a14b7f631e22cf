import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import { getBudget } from '../api/arm/budgets.ts';
import { parseCostScope } from '../api/arm/scope.ts';
import type { SendOptions } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import { type BudgetTemplate, type PlanTarget, planBudgets } from '../budgeting/bulkPlan.ts';
import { type RunRow, runBudgets, startRun } from '../budgeting/bulkRun.ts';
import { ExactNumber } from '../json/exact.ts';
import { plainText, waitText } from '../workbench/text.ts';
import { refreshBudgets } from './refreshBudgets.ts';
import { openRows, type RunStore, type StoredRun } from './runStore.ts';
import { kindOf } from './scopeWords.ts';
import type { TableRow, TableState } from './tableContract.ts';
import type { TableProgress, TableView, TableWork } from './tablePanel.ts';
import { count, tellWait } from './tableTexts.ts';
import { amountProblem } from './typedInput.ts';

/** What a preview begins with; a stored run has it already. */
export interface ApplyStart {
  connection: string;
  template: BudgetTemplate;
  targets: readonly PlanTarget[];
}

export interface ApplyParts {
  arm(connection: string): Promise<ArmClient>;
  store: RunStore;
  now(): Date;
}

/** A run is written down at most this often; what is lost between is found out by reading. Milliseconds. */
const BETWEEN_SAVES = 1000;

const STATES = {
  create: { label: 'Create', tone: 'work' },
  change: { label: 'Change', tone: 'work' },
  pending: { label: 'Not begun', tone: 'work' },
  failed: { label: 'Failed', tone: 'bad' },
  done: { label: 'Done', tone: 'good' },
  unchanged: { label: 'Unchanged', tone: 'quiet' },
  notAllowed: { label: 'Not allowed', tone: 'bad' },
  out: { label: 'Left out', tone: 'quiet' },
} as const;

type StateId = keyof typeof STATES;

/** One budget for many scopes: what it would do, then what it did. */
export class ApplyTable implements TableWork {
  readonly heads = { name: 'Scope', lines: 'What exactly' };
  readonly #parts: ApplyParts;
  readonly #start: ApplyStart;
  #stored: StoredRun | undefined;
  #out = new Set<number>();
  /** What is said in place of the counts while something is done. */
  #doing: string | undefined;

  /** @param stored goes on with it */
  constructor(parts: ApplyParts, start: ApplyStart | StoredRun) {
    this.#parts = parts;
    if ('run' in start) {
      this.#stored = start;
      this.#out = new Set(start.out);
      this.#start = { connection: start.connection, template: start.run.template, targets: start.run.rows };
    } else {
      this.#start = start;
    }
  }

  get title(): string {
    const { template, targets } = this.#start;
    return `Budget ${template.name} for ${count(targets.length, 'scope')}`;
  }

  get stored(): StoredRun | undefined {
    return this.#stored;
  }

  keep(): unknown {
    return { run: this.#stored?.id };
  }

  facts(): string[] {
    const { template } = this.#start;
    const currencies = new Set(this.#rows.map(({ currency }) => currency ?? 'a currency that is not known here'));
    return [
      template.currency === undefined
        ? `The amount is in what each scope is billed in: ${[...currencies].join(', ')}.`
        : `The amount is in ${template.currency}.`,
      'Budgets that exist keep their start. A budget that somebody else changes in the meantime is never written over.',
      'Nothing stops when a budget is reached; it tells the people that it names.',
    ];
  }

  async load(progress: TableProgress): Promise<void> {
    if (this.#stored !== undefined) {
      return;
    }
    const { connection, template, targets } = this.#start;
    const arm = await this.#parts.arm(connection);
    await requireReach(arm, template, targets, { signal: progress.signal, onWait: tellWait(progress) });
    let read = 0;
    const plan = await planBudgets(arm, template, targets, {
      signal: progress.signal,
      today: this.#today,
      onWait: tellWait(progress),
      onRow: () => progress.tell(`${++read} of ${count(targets.length, 'scope')} looked at; nothing is written.`),
    });
    this.#out = new Set();
    this.#stored = this.#parts.store.create(connection, startRun(template, plan));
    await this.#parts.store.save(this.#stored);
  }

  view(): TableView {
    const counts = new Map<StateId, number>();
    this.#rows.forEach((_, index) => {
      const state = this.#state(index);
      counts.set(state, (counts.get(state) ?? 0) + 1);
    });
    const states: TableState[] = (Object.keys(STATES) as StateId[])
      .filter((id) => counts.has(id))
      .map((id) => ({ id, ...STATES[id], count: counts.get(id) ?? 0 }));
    return {
      summary: this.#doing ?? this.#summary(counts),
      states,
      actions: this.#actions(),
      busy: this.#doing !== undefined,
    };
  }

  get count(): number {
    return this.#rows.length;
  }

  row(index: number): TableRow {
    const row = this.#rows[index] as RunRow;
    const state = this.#state(index);
    const mayBeTicked = state !== 'done' && state !== 'unchanged' && state !== 'notAllowed';
    const lines = state === 'unchanged' ? ['It is so already.'] : amountFirst(row.sentences);
    return {
      id: String(index),
      name: row.label,
      note: [kindOf(row.scope), row.currency].filter(Boolean).join(' · '),
      state,
      lines: row.reason === undefined ? lines : [row.reason, ...lines],
      ticked: mayBeTicked ? !this.#out.has(index) : null,
      actions: [
        ...(mayBeTicked || state === 'notAllowed' ? [{ id: 'amount', label: 'Amount…' }] : []),
        ...(row.state === 'failed' ? [{ id: 'plan', label: 'Look Again' }] : []),
      ],
    };
  }

  tick(rows: readonly number[], ticked: boolean): void {
    for (const row of rows) {
      if (ticked) {
        this.#out.delete(row);
      } else {
        this.#out.add(row);
      }
    }
    this.#save();
  }

  async act(action: string, row: number | undefined, progress: TableProgress): Promise<void> {
    switch (action) {
      case 'write':
        return this.#write(progress);
      case 'plan':
        return this.#planAgain(row === undefined ? openRows(this.#now()) : [row], progress);
      case 'amount':
        return row === undefined ? undefined : this.#askAmount(row, progress);
    }
  }

  /** A preview that nobody acted on, and a run that is over, are forgotten. */
  closed(): void {
    const stored = this.#stored;
    if (stored !== undefined && (!stored.begun || openRows(this.#now()).length === 0)) {
      void this.#parts.store.remove(stored.id);
    } else {
      this.#save();
    }
  }

  async #write(progress: TableProgress): Promise<void> {
    const stored = this.#now();
    const open = openRows(stored);
    const arm = await this.#parts.arm(stored.connection);
    const { run } = stored;
    this.#stored = { ...stored, begun: true };
    await this.#parts.store.save(this.#stored);
    let ended = 0;
    let saved = Date.now();
    const say = (more = '') => {
      this.#doing = `Writing: ${ended} of ${open.length}.${more && ` ${more}`}`;
      progress.changed();
    };
    say();
    // What was planned is pending now.
    progress.changed(...this.#rows.keys());
    try {
      await runBudgets(
        arm,
        { ...run, rows: open.map((index) => run.rows[index] as RunRow) },
        {
          signal: progress.signal,
          today: this.#today,
          onWait: (wait) => say(waitText(wait)),
          onRow: (row, place) => {
            const index = open[place] ?? 0;
            this.#replace(index, row);
            ended++;
            say();
            progress.changed(index);
            if (Date.now() - saved > BETWEEN_SAVES) {
              saved = Date.now();
              this.#save();
            }
          },
        },
      );
    } finally {
      this.#doing = undefined;
      this.#save();
      refreshBudgets(
        stored.connection,
        open.flatMap((index) => this.#rows[index]?.scope ?? []),
      );
      // Those that were not begun are called so now.
      progress.changed(...open);
    }
  }

  /** Looks at rows anew: somebody changed their budgets, or they could not be read. */
  async #planAgain(rows: readonly number[], progress: TableProgress): Promise<void> {
    await this.#planRows(
      rows.map((index) => ({ index, target: this.#rows[index] as RunRow })),
      progress,
    );
  }

  async #askAmount(index: number, progress: TableProgress): Promise<void> {
    const row = this.#rows[index] as RunRow;
    const { amount } = row.amount === undefined ? this.#start.template.body : row;
    const unit = row.currency === undefined ? 'in what it is billed in' : `in ${row.currency}`;
    const text = await vscode.window.showInputBox({
      title: plainText(`Budget of ${row.label}`),
      prompt: `The amount of this scope alone, ${unit}.`,
      value: amount === undefined ? '' : String(amount),
      validateInput: amountProblem,
    });
    if (text !== undefined) {
      await this.#planRows([{ index, target: { ...row, amount: new ExactNumber(text.trim()) } }], progress);
    }
  }

  async #planRows(wanted: readonly { index: number; target: PlanTarget }[], progress: TableProgress): Promise<void> {
    const stored = this.#now();
    const { template } = stored.run;
    const arm = await this.#parts.arm(stored.connection);
    let read = 0;
    try {
      const targets = wanted.map(({ target: { scope, label, currency, amount } }) => ({
        ...{ scope, label, currency },
        ...(amount !== undefined && { amount }),
      }));
      await planBudgets(arm, template, targets, {
        signal: progress.signal,
        today: this.#today,
        onRow: (row, place) => {
          const index = wanted[place]?.index ?? 0;
          const [planned] = startRun(template, [row]).rows;
          if (planned !== undefined) {
            this.#replace(index, planned);
          }
          this.#doing = `Looking: ${++read} of ${wanted.length}.`;
          progress.changed(index);
        },
      });
    } finally {
      this.#doing = undefined;
      this.#save();
    }
  }

  #replace(index: number, row: RunRow): void {
    const stored = this.#now();
    this.#stored = { ...stored, run: { ...stored.run, rows: stored.run.rows.with(index, row) } };
  }

  /** The run as it is now. */
  #now(): StoredRun {
    if (this.#stored === undefined) {
      throw new BillingError('argument', 'The scopes have not been looked at yet.');
    }
    return { ...this.#stored, out: [...this.#out] };
  }

  #save(): void {
    // What cannot be written down is only lost at a reload; then reading tells.
    this.#parts.store.save(this.#now()).catch(() => {});
  }

  get #rows(): readonly RunRow[] {
    return this.#stored?.run.rows ?? [];
  }

  get #today(): string {
    return this.#parts.now().toISOString().slice(0, 10);
  }

  #state(index: number): StateId {
    const row = this.#rows[index];
    if (row === undefined || row.action === 'notAllowed') {
      return 'notAllowed';
    }
    if (row.action === 'unchanged') {
      return 'unchanged';
    }
    if (row.state !== 'pending') {
      return row.state;
    }
    if (this.#stored?.begun !== true) {
      return row.action;
    }
    return this.#out.has(index) ? 'out' : 'pending';
  }

  #summary(counts: ReadonlyMap<StateId, number>): string {
    const of = (id: StateId): number => counts.get(id) ?? 0;
    const open = openRows(this.#now()).length;
    if (this.#stored?.begun !== true) {
      const said = [`${of('create')} to create`, `${of('change')} to change`, `${of('unchanged')} unchanged`];
      const left = this.#out.size === 0 ? '' : ` ${count(this.#out.size, 'row')} left out.`;
      return `Nothing is written yet: ${said.join(', ')}, ${of('notAllowed')} not allowed.${left}`;
    }
    const written = `${count(of('done'), 'budget')} written`;
    if (open === 0) {
      return `${written}; nothing is left to do.`;
    }
    const failed = of('failed') === 0 ? '' : `, ${of('failed')} failed`;
    const pending = of('pending') === 0 ? '' : `, ${of('pending')} not begun`;
    return `${written}${failed}${pending}. Going on touches only what is not done.`;
  }

  #actions(): TableView['actions'] {
    const stored = this.#stored;
    const open = stored === undefined ? 0 : openRows(this.#now()).length;
    if (open === 0) {
      return [];
    }
    const write = stored?.begun === true ? `Go On with ${open}` : `Write ${count(open, 'Budget')}`;
    return [
      { id: 'write', label: write },
      { id: 'plan', label: 'Look Again' },
    ];
  }
}

/** People look for the amount; the rest may be folded away. */
function amountFirst(sentences: readonly string[]): string[] {
  const isAmount = (sentence: string): boolean => sentence.startsWith('amount: ');
  return [...sentences.filter(isAmount), ...sentences.filter((sentence) => !isAmount(sentence))];
}

/** Nobody waits for hundreds of rows that all fail because nothing is reached, or nobody signed in. */
async function requireReach(
  arm: ArmClient,
  { name, provider }: BudgetTemplate,
  [first]: readonly PlanTarget[],
  options: SendOptions,
): Promise<void> {
  try {
    if (first !== undefined) {
      await getBudget(arm, { scope: parseCostScope(first.scope), provider }, name, options);
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof BillingError && (error.kind === 'unreachable' || error.kind === 'signIn')) {
      throw error;
    }
  }
}
