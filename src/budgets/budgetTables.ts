import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import { getBudget } from '../api/arm/budgets.ts';
import { parseCostScope, scopePath } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import type { BudgetBody } from '../budgeting/budgetBody.ts';
import { readBudgetText } from '../budgeting/budgetText.ts';
import type { BudgetTemplate, PlanTarget } from '../budgeting/bulkPlan.ts';
import { pickScope } from '../choices/pickScope.ts';
import {
  type AppliedBudget,
  type ApplyBudgetArgument,
  type BackTestArgument,
  BUDGET_TABLE_PANEL,
  type BudgetScopes,
  type CommandId,
  type EditBudgetArgument,
  type NodeArgument,
  type ShownCoverage,
} from '../contributions.ts';
import { type CommandHandlers, calledByPerson, isTreeRow } from '../workbench/commands.ts';
import { describeForLog, explain, isCancellation } from '../workbench/failures.ts';
import { withProgress } from '../workbench/progress.ts';
import { plainText, waitText } from '../workbench/text.ts';
import { type ApplyStart, ApplyTable } from './applyTable.ts';
import { askTemplate, templateOf } from './askTemplate.ts';
import { type BackTestStart, BackTestTable } from './backTestTable.ts';
import { connectionOf, partsOf, placeOf } from './budgetPlace.ts';
import { budgetTargets, type WantedScopes, wantedOfRows, wantedScopes } from './budgetTargets.ts';
import { CoverageTable } from './coverageTable.ts';
import { documentOf } from './openBudgets.ts';
import { openRows, RunStore, type StoredRun } from './runStore.ts';
import { TablePanel, type TableWork } from './tablePanel.ts';
import { count } from './tableTexts.ts';

export interface TableParts {
  connections: {
    list(): { name: string; problem?: string }[];
    find(name: unknown): string | undefined;
    arm(name: string): Promise<ArmClient>;
  };
  context: Pick<vscode.ExtensionContext, 'extensionUri' | 'globalStorageUri'>;
  log: vscode.LogOutputChannel;
}

type TableCommands = Pick<
  CommandHandlers,
  'azureBilling.applyBudget' | 'azureBilling.showBudgetCoverage' | 'azureBilling.backTestBudget'
>;

/** The commands that show tables of budgets, and their panels. */
export class BudgetTables {
  readonly commands: TableCommands = {
    'azureBilling.applyBudget': (argument, selection) => this.#apply(argument, selection),
    'azureBilling.showBudgetCoverage': (argument, selection) => this.#showCoverage(argument, selection),
    'azureBilling.backTestBudget': (argument) => this.#backTest(argument),
  };
  readonly #parts: TableParts;
  readonly #store: RunStore;
  readonly #open = new Set<TablePanel>();

  constructor(parts: TableParts) {
    this.#parts = parts;
    this.#store = new RunStore(parts.context.globalStorageUri);
  }

  /** Fills a panel that the editor brought back after a reload. Its state comes from the disk and may be anything. */
  async restore(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const work = await this.#workOf(state).catch(() => undefined);
    if (work === undefined) {
      // A preview that was closed, or a connection that is gone: there is nothing to show.
      panel.dispose();
      return;
    }
    // Not awaited: the editor shows the panel, and so how far it is, when this is done.
    this.#load(this.#keep(panel, work), true).catch(() => {});
  }

  async #workOf(state: unknown): Promise<TableWork | undefined> {
    const { run, coverage, backTest, title } = (state ?? {}) as Record<string, unknown>;
    if (run !== undefined) {
      const stored = await this.#store.read(run);
      return stored && this.#shown(stored.id) === undefined ? new ApplyTable(this.#applyParts, stored) : undefined;
    }
    if (coverage !== undefined) {
      const wanted = coverage as WantedScopes;
      this.#connection(wanted.connection);
      return new CoverageTable(this.#coverageParts, wanted, String(title));
    }
    if (backTest !== undefined) {
      const start = backTest as BackTestStart;
      this.#connection(start.connection);
      parseCostScope(start.scope);
      return new BackTestTable(this.#plainParts, start);
    }
    return undefined;
  }

  async #apply(
    argument: ApplyBudgetArgument | NodeArgument | undefined,
    selection: readonly NodeArgument[] = [],
  ): Promise<AppliedBudget | undefined> {
    if (!calledByPerson(argument)) {
      return this.#applyPlain(argument as ApplyBudgetArgument);
    }
    const rows = isTreeRow(argument) ? (selection.length > 1 ? selection : [argument]) : [];
    const unfinished = rows.length > 0 ? undefined : await this.#askUnfinished();
    if (unfinished === 'backedOut') {
      return undefined;
    }
    if (unfinished !== undefined) {
      this.#show(new ApplyTable(this.#applyParts, unfinished));
      return undefined;
    }
    const [row] = rows;
    const start =
      row?.budget !== undefined && rows.length === 1 ? await this.#startOfBudget(row) : await this.#startOf(rows);
    if (start !== undefined) {
      await this.#load(this.#show(new ApplyTable(this.#applyParts, start)), true);
    }
    return undefined;
  }

  async #applyPlain(argument: ApplyBudgetArgument): Promise<AppliedBudget | undefined> {
    if (argument.goOn !== undefined) {
      const stored = await this.#store.read(argument.goOn);
      if (stored === undefined) {
        throw new BillingError('argument', `goOn: there is no run '${String(argument.goOn).slice(0, 60)}'.`, {
          advice: 'A run is kept until all of it is done, or its table is closed without having begun.',
        });
      }
      if (this.#shown(stored.id)?.busy === true) {
        throw new BillingError('argument', 'goOn: the run is going on already.', {
          advice: 'Wait for its end, or stop it.',
        });
      }
      const panel = this.#shown(stored.id) ?? this.#show(new ApplyTable(this.#applyParts, stored));
      await panel.load();
      await panel.act('write');
      return applied(panel.work);
    }
    const connection = this.#connection(argument.connection);
    const arm = await this.#parts.connections.arm(connection);
    const template = await this.#templateOf(arm, argument);
    const targets = await budgetTargets(arm, wantedScopes(argument, connection), {});
    const panel = this.#show(new ApplyTable(this.#applyParts, { connection, template, targets }));
    await panel.load();
    if (argument.run === true) {
      await panel.act('write');
    }
    return applied(panel.work);
  }

  async #templateOf(arm: ArmClient, { name, body, like, currency }: ApplyBudgetArgument): Promise<BudgetTemplate> {
    if (like !== undefined) {
      const scope = parseCostScope(String(like.scope));
      const budget = await getBudget(arm, { scope }, String(like.name));
      const found = templateOf(budget, this.#today, String(like.scope));
      return { ...found, name: name ?? found.name, currency: currency ?? found.currency };
    }
    if (typeof name !== 'string' || name === '') {
      throw new BillingError('argument', 'name: is missing.', { advice: 'Give the name of the budget.' });
    }
    if (typeof body !== 'object' || body === null) {
      throw new BillingError('argument', 'body: is missing.', {
        advice: 'Give the properties of the budget, or a budget to be like in like.',
      });
    }
    return { name, body: body as BudgetBody, currency, provider: undefined };
  }

  /** One budget of the tree for other customers of its account. */
  async #startOfBudget(row: NodeArgument): Promise<ApplyStart | undefined> {
    const { connection, account, costScope = '', budget: name = '' } = row;
    if (account === undefined) {
      throw new BillingError('argument', 'The billing account of this budget is not known.', {
        advice: 'Select the customers in the tree, and then "Apply Budget to Many".',
      });
    }
    const provider = partsOf(row).provider === 'consumption' ? 'consumption' : undefined;
    const arm = await this.#parts.connections.arm(connection);
    const wanted: WantedScopes = { connection, scopes: [], customersOf: [{ account }] };
    const [budget, targets] = await withProgress('Fetching customers', async (report, signal) => {
      const options = { signal, onWait: (wait: Parameters<typeof waitText>[0]) => report(waitText(wait)) };
      return Promise.all([
        getBudget(arm, { scope: parseCostScope(costScope), provider }, name, options),
        budgetTargets(arm, wanted, options),
      ]);
    });
    const chosen = await vscode.window.showQuickPick(
      targets
        .filter(({ scope }) => scope.toLowerCase() !== costScope.toLowerCase())
        .map((target) => ({ label: plainText(target.label), description: target.currency ?? '', target })),
      { title: plainText(`Apply ${name} to Many`), placeHolder: 'Customers', canPickMany: true },
    );
    return chosen === undefined || chosen.length === 0
      ? undefined
      : {
          connection,
          template: { ...templateOf(budget, this.#today, costScope), provider },
          targets: chosen.map(({ target }) => target),
        };
  }

  async #startOf(rows: readonly NodeArgument[]): Promise<ApplyStart | undefined> {
    const wanted = rows.length > 0 ? wantedOfRows(rows) : await this.#askScopes('Apply Budget to Many');
    if (wanted === undefined) {
      return undefined;
    }
    const targets = await this.#targetsOf(wanted);
    return this.#askStart(wanted.connection, targets);
  }

  async #askStart(connection: string, targets: readonly PlanTarget[]): Promise<ApplyStart | undefined> {
    if (targets.length === 0) {
      throw new BillingError('argument', 'There is no scope here that could have a budget.');
    }
    const arm = await this.#parts.connections.arm(connection);
    const template = await askTemplate(arm, targets, this.#today);
    return template && { connection, template, targets };
  }

  #targetsOf(wanted: WantedScopes): Promise<PlanTarget[]> {
    return withProgress('Fetching scopes', async (report, signal) =>
      budgetTargets(await this.#parts.connections.arm(wanted.connection), wanted, {
        signal,
        onWait: (wait) => report(waitText(wait)),
      }),
    );
  }

  /** From the palette: a billing account is all its customers. */
  async #askScopes(title: string): Promise<WantedScopes | undefined> {
    const picked = await pickScope(this.#parts.connections, title);
    if (picked === undefined) {
      return undefined;
    }
    const { connection, scope: path, label } = picked;
    const scope = parseCostScope(path);
    return scope.kind === 'billingAccount'
      ? { connection, scopes: [], customersOf: [{ account: scope.account }] }
      : { connection, scopes: [{ scope: path, label }], customersOf: [] };
  }

  /** A run to go on with, where there is one; undefined for a new one. */
  async #askUnfinished(): Promise<StoredRun | 'backedOut' | undefined> {
    const runs = (await this.#store.unfinished()).filter(({ id }) => this.#shown(id) === undefined);
    if (runs.length === 0) {
      return undefined;
    }
    const fresh = { label: '$(add) Another budget for many', detail: 'Asks which, and for whom.', stored: undefined };
    const items = runs.map((stored) => ({
      label: plainText(`Go on with ${stored.run.template.name}`),
      detail: plainText(
        `${openRows(stored).length} of ${count(stored.run.rows.length, 'scope')} left, ${stored.connection}`,
      ),
      stored,
    }));
    const picked = await vscode.window.showQuickPick([...items, fresh], { title: 'Apply Budget to Many' });
    return picked === undefined ? 'backedOut' : picked.stored;
  }

  async #showCoverage(
    argument: BudgetScopes | NodeArgument | undefined,
    selection: readonly NodeArgument[] = [],
  ): Promise<ShownCoverage[] | undefined> {
    const byPerson = calledByPerson(argument);
    const rows = isTreeRow(argument) ? (selection.length > 1 ? selection : [argument]) : [];
    let wanted: WantedScopes | undefined;
    if (!byPerson) {
      const given = argument as BudgetScopes;
      wanted = wantedScopes(given, this.#connection(given.connection));
    } else {
      wanted = rows.length > 0 ? withBelow(wantedOfRows(rows), rows) : await this.#askScopes('Show Budget Coverage');
    }
    if (wanted === undefined) {
      return undefined;
    }
    const [first] = rows;
    const name = rows.length === 1 && first !== undefined ? (first.title ?? first.label) : undefined;
    const title = name === undefined ? 'Budget coverage' : `Budget coverage of ${name}`;
    const work = new CoverageTable(this.#coverageParts, wanted, title);
    await this.#load(this.#show(work), byPerson);
    return work.coverage.map(({ scope, label, state, budgets, failure }) => ({
      scope,
      label,
      state,
      budgets: budgets.map(({ name: budget, gaps }) => ({ name: budget, gaps: [...gaps] })),
      ...(failure !== undefined && { failure }),
    }));
  }

  async #backTest(
    argument: BackTestArgument | NodeArgument | vscode.Uri | undefined,
  ): Promise<BackTestTable['result']> {
    const byPerson = calledByPerson(argument);
    const { connection, scope, name, provider } = placeOf(argument, (known) => this.#parts.connections.find(known));
    const work = new BackTestTable(this.#plainParts, {
      connection,
      scope: scopePath(scope),
      name,
      provider,
      label: isTreeRow(argument) ? (argument.title ?? '').replace(/\s*\S*$/, '') : '',
      body: bodyToTest(argument),
    });
    await this.#load(this.#show(work), byPerson);
    return work.result;
  }

  /** @throws BillingError of kind `argument` */
  #connection(name: unknown): string {
    return connectionOf(name, (known) => this.#parts.connections.find(known));
  }

  #show(work: TableWork): TablePanel {
    const { title } = work;
    return this.#keep(
      vscode.window.createWebviewPanel(BUDGET_TABLE_PANEL, plainText(title), vscode.ViewColumn.Active),
      work,
    );
  }

  #keep(webviewPanel: vscode.WebviewPanel, work: TableWork): TablePanel {
    const { log, context } = this.#parts;
    const panel = new TablePanel(webviewPanel, work, { log, extension: context.extensionUri }, (closed) =>
      this.#open.delete(closed),
    );
    this.#open.add(panel);
    return panel;
  }

  /** The panel that shows a run. */
  #shown(id: string): TablePanel | undefined {
    return [...this.#open].find(({ work }) => work instanceof ApplyTable && work.stored?.id === id);
  }

  async #load(panel: TablePanel, byPerson: boolean): Promise<void> {
    try {
      await panel.load();
    } catch (error) {
      if (!byPerson || isCancellation(error)) {
        throw error;
      }
      // The panel says what went wrong; a notification would say it twice.
      this.#parts.log.error(`Table of budgets: ${describeForLog(error)}`);
    }
  }

  get #plainParts() {
    return { arm: (name: string) => this.#parts.connections.arm(name), now: () => new Date() };
  }

  get #applyParts() {
    return { ...this.#plainParts, store: this.#store };
  }

  get #coverageParts() {
    return {
      ...this.#plainParts,
      edit: async (connection: string, scope: string, name: string): Promise<void> => {
        const argument: EditBudgetArgument = { connection, scope, name };
        await vscode.commands.executeCommand('azureBilling.editBudget' satisfies CommandId, argument);
      },
      apply: async (connection: string, targets: readonly PlanTarget[]): Promise<void> => {
        const start = await this.#askStart(connection, targets);
        if (start !== undefined) {
          // Not awaited: the table that asked for it is free again.
          this.#load(this.#show(new ApplyTable(this.#applyParts, start)), true).catch((error: unknown) => {
            this.#parts.log.error(explain(error));
          });
        }
      },
    };
  }

  get #today(): string {
    return new Date().toISOString().slice(0, 10);
  }
}

/** An account or profile is looked at with all its customers, a customer with its subscriptions. */
function withBelow(wanted: WantedScopes, rows: readonly NodeArgument[]): WantedScopes {
  const customersOf = [...wanted.customersOf];
  const subscriptionsOf: NonNullable<WantedScopes['subscriptionsOf']> = [];
  for (const { kind, account, profile, customer, label } of rows) {
    if ((kind === 'account' || kind === 'profile') && account !== undefined) {
      customersOf.push({ account, profile });
    } else if (kind === 'customer' && account !== undefined && customer !== undefined) {
      subscriptionsOf.push({ account, customer, label });
    }
  }
  return { ...wanted, customersOf, subscriptionsOf };
}

/** What a tab says, saved or not, or what a caller gave; undefined: what the service holds. */
function bodyToTest(argument: BackTestArgument | NodeArgument | vscode.Uri | undefined): BudgetBody | undefined {
  if (argument !== undefined && !(argument instanceof vscode.Uri)) {
    return isTreeRow(argument) ? undefined : ((argument as BackTestArgument).body as BudgetBody | undefined);
  }
  const uri = argument ?? vscode.window.activeTextEditor?.document.uri;
  const document = uri && documentOf(uri);
  if (document === undefined) {
    return undefined;
  }
  const { body } = readBudgetText(document.getText());
  if (body === undefined) {
    throw new BillingError('argument', 'The document is no budget that can be read.', {
      advice: 'Correct what the problems view shows first.',
    });
  }
  return body;
}

function applied(work: TableWork): AppliedBudget | undefined {
  const stored = work instanceof ApplyTable ? work.stored : undefined;
  return (
    stored && {
      run: stored.id,
      rows: stored.run.rows.map(({ scope, label, action, state, sentences, reason }) => ({
        scope,
        label,
        action,
        state,
        changes: sentences,
        ...(reason !== undefined && { reason }),
      })),
    }
  );
}
