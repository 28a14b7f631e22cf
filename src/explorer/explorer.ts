import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import type { Call } from '../api/http/client.ts';
import { BillingError } from '../api/http/errors.ts';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';
import { type AccessQuestion, type RefreshBudgetsArgument, VIEW_ID } from '../contributions.ts';
import { type CommandRegistry, setting } from '../workbench/commands.ts';
import type { RequestSource } from '../workbench/copyRequest.ts';
import { describeForLog, explain, needsSignIn, signInReason, summarize } from '../workbench/failures.ts';
import { plainText } from '../workbench/text.ts';
import { billingCustomers } from './billingCustomers.ts';
import type { CostLabelOptions, CostLabels } from './costLabels.ts';
import { CustomerFilters } from './customerFilter.ts';
import { learnSignIn } from './learnedSignIn.ts';
import { ExplorerModel } from './model.ts';
import { type ExplorerNode, isOfPartnerCenter, type NodeKind } from './node.ts';
import type { SourceOptions } from './pages.ts';
import { ExplorerTree } from './treeView.ts';

/** What the explorer needs of the connections. */
interface ConnectionSource {
  list(): { name: string; sample: boolean; signsIn: boolean; problem?: string }[];
  find(name: unknown): string | undefined;
  arm(name: string): Promise<ArmClient>;
  partnerCenter(name: string): Promise<PartnerCenterClient>;
  /** Nothing is loaded or sent. */
  hasPartnerCenter(name: string): boolean;
  /** Names of the connections whose service is another one now. */
  onDidChange: vscode.Event<readonly string[]>;
}

/** The call that brings a row as JSON. */
interface JsonCall {
  connection: string;
  title: string;
  /** A GET. */
  call: Call;
  /** Whose paths its address is one of; left out: those of Azure Resource Manager. */
  source?: 'partnerCenter';
}

const SHOW_COSTS = 'azureBilling.explorer.showCosts';

/** The view with its tree and the commands that act on its rows. */
export function registerExplorer(
  connections: ConnectionSource,
  answersOf: CostLabelOptions['answersOf'],
  commands: CommandRegistry,
  log: vscode.LogOutputChannel,
): {
  disposable: vscode.Disposable;
  /** With the rows that are selected. */
  view: vscode.TreeView<ExplorerNode>;
  requestOf: RequestSource;
  /** What "why?" means on the row with this id. */
  questionOf(id: string): Promise<AccessQuestion>;
  jsonCallOf(id: string): Promise<JsonCall | undefined>;
} {
  const filters = new CustomerFilters();
  const sources: SourceOptions = {
    arm: (name) => connections.arm(name),
    now: () => new Date(),
    locale: vscode.env.language,
    partner: {
      has: (name) => connections.hasPartnerCenter(name),
      client: (name) => connections.partnerCenter(name),
      filter: (name) => filters.get(name),
      billingCustomers: (name) => billingCustomers(model.seen(), name),
    },
  };
  let costs: Promise<CostLabels> | undefined;
  const loadCosts = async (): Promise<CostLabels> =>
    new (await import('./costLabels.ts')).CostLabels({
      arm: sources.arm,
      answersOf,
      partnerCenter: (name) => connections.partnerCenter(name),
      locale: sources.locale,
      shown: () => setting(SHOW_COSTS),
      failed: (error, node) => {
        log.warn(`[${node.connection}] Costs of ${node.resourceId ?? node.kind}: ${describeForLog(error)}`);
        void learn(error, node);
      },
    });
  /** Loaded with the first level: none is empty before. */
  let emptyText: typeof import('./emptyTexts.ts').emptyText = () => ({ label: '' });
  const model = new ExplorerModel({
    async annotate(node, children, fresh, signal) {
      costs ??= loadCosts();
      const labels = await costs;
      if (fresh) {
        labels.forget(node);
      }
      return labels.annotate(node, children, signal);
    },
    roots: () => connections.list().map(connectionNode),
    async open(node) {
      const [{ openChildren }, texts] = await Promise.all([import('./sources.ts'), import('./emptyTexts.ts')]);
      emptyText = texts.emptyText;
      return openChildren(node, sources);
    },
    emptyText: (node) => emptyText(node, filters.get(node.connection)),
    explain: (error, node) => {
      // The id, not the label: customers' names stay out of the log.
      log.error(`[${node.connection}] ${node.resourceId ?? node.kind}: ${describeForLog(error)}`);
      void learn(error, node);
      const message = explain(error);
      if (needsSignIn(error)) {
        return { summary: 'Sign in…', message: signInReason(error), tooltip: `${message}\nSelect to sign in.` };
      }
      return {
        summary: summarize(error),
        message,
        tooltip: `${message}\nSelect to open the log; Refresh tries again.`,
      };
    },
  });
  const refreshAll = (kind: NodeKind, connection: string): void => {
    for (const node of model.seen()) {
      if (node.kind === kind && node.connection === connection) {
        model.refresh(node);
      }
    }
  };
  const refreshBudgets = ({ connection, budgetsOf }: RefreshBudgetsArgument): void => {
    const changed = new Set(budgetsOf.map((scope) => scope.toLowerCase()));
    for (const node of model.seen()) {
      if (
        node.kind === 'budgets' &&
        node.connection === connection &&
        changed.has(node.costScope?.toLowerCase() ?? '')
      ) {
        model.refresh(node);
      }
    }
  };
  const learn = async (error: unknown, { connection }: ExplorerNode): Promise<void> => {
    if (await learnSignIn(error, () => connections.partnerCenter(connection)).catch(() => false)) {
      refreshAll('partnerCenter', connection);
    }
  };
  const tree = new ExplorerTree(model);
  const view = vscode.window.createTreeView(VIEW_ID, {
    treeDataProvider: tree,
    showCollapseAll: true,
    canSelectMany: true,
  });

  /** The row that a command is called on, or the one with the same id. */
  const rowOf = (argument: { id: string } | undefined): ExplorerNode => {
    const node = typeof argument?.id === 'string' ? model.find(argument.id) : undefined;
    if (node === undefined) {
      throw new BillingError('argument', `id: there is no row '${String(argument?.id)}' in the tree.`, {
        advice: 'Call the command on a row, or give the id of one.',
      });
    }
    return node;
  };
  /** The node whose children a row that stands for no resource belongs to; any other node itself. */
  const levelOf = (argument: { id: string } | undefined): ExplorerNode => {
    const node = rowOf(argument);
    return !node.expandable && node.parent !== undefined ? node.parent : node;
  };

  commands.register('azureBilling.refresh', (argument) => {
    if (argument !== undefined && 'budgetsOf' in argument) {
      refreshBudgets(argument);
    } else {
      model.refresh(argument === undefined ? undefined : levelOf(argument));
    }
    return undefined;
  });
  commands.register('azureBilling.loadMore', async (argument) => {
    await model.loadMore(levelOf(argument));
    return undefined;
  });
  commands.register('azureBilling.loadAll', async (argument) => {
    await model.loadAll(levelOf(argument));
    return undefined;
  });
  commands.register('azureBilling.copyId', async (argument) => {
    const { resourceId: id, idName } = rowOf(argument);
    if (id === undefined) {
      throw new BillingError('argument', 'id: this row stands for no resource.');
    }
    await vscode.env.clipboard.writeText(id);
    vscode.window.setStatusBarMessage(plainText(`Copied ${idName === undefined ? '' : `the ${idName} `}${id}`), 3000);
    return id;
  });
  commands.register('azureBilling.filterCustomers', async (argument) => {
    const withPartnerCenter = (name: unknown) => {
      const found = connections.find(name);
      return found !== undefined && connections.hasPartnerCenter(found) ? found : undefined;
    };
    const { askFilter } = await import('./askFilter.ts');
    const asked = await askFilter(argument, withPartnerCenter, (name) => filters.get(name));
    if (asked === undefined) {
      return undefined;
    }
    filters.set(asked.connection, asked.text);
    refreshAll('partnerCustomers', asked.connection);
    return asked.text;
  });

  const showCosts = (show: boolean) => async () => {
    await vscode.workspace.getConfiguration().update(SHOW_COSTS, show, vscode.ConfigurationTarget.Global);
    return undefined;
  };
  commands.register('azureBilling.showCosts', showCosts(true));
  commands.register('azureBilling.hideCosts', showCosts(false));

  /** The call that a row's children come from, or that brings its usage. */
  const requestOf: RequestSource = async ({ id }) => {
    if (id === undefined) {
      return undefined;
    }
    const node = rowOf({ id });
    const call = await (await import('./sources.ts')).firstCall(node, sources);
    const client = await (isOfPartnerCenter(node)
      ? connections.partnerCenter(node.connection)
      : connections.arm(node.connection));
    return call && { ...call, url: client.http.absolute(call.address) };
  };

  /** The call that brings a row as JSON. */
  const jsonCallOf = async (id: string): Promise<JsonCall | undefined> => {
    const node = rowOf({ id });
    const call = await (await import('./sources.ts')).jsonCall(node, sources);
    const title = [node.title, node.title?.endsWith(node.label) ? undefined : node.label].filter(Boolean).join(' ');
    const source = isOfPartnerCenter(node) ? { source: 'partnerCenter' as const } : {};
    return call && { connection: node.connection, title, call, ...source };
  };

  const questionOf = async (id: string) => {
    const node = rowOf({ id });
    return (await import('./accessQuestion.ts')).accessQuestion(node);
  };

  const disposable = vscode.Disposable.from(
    tree,
    view,
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(SHOW_COSTS)) {
        model.annotateAll();
      }
    }),
    view.onDidCollapseElement(({ element }) => model.cancel(element)),
    connections.onDidChange((names) => model.prune(names.map(rootId))),
  );
  return { disposable, view, requestOf, jsonCallOf, questionOf };
}

function rootId(connection: string): string {
  return `connection:${encodeURIComponent(connection).toLowerCase()}`;
}

function connectionNode({
  name,
  sample,
  signsIn,
  problem,
}: ReturnType<ConnectionSource['list']>[number]): ExplorerNode {
  const node = { connection: name, parent: undefined };
  if (problem !== undefined) {
    return {
      ...node,
      // Not the id of a connection: a good one may have this name.
      id: `invalid:${encodeURIComponent(name).toLowerCase()}`,
      kind: 'error',
      label: `${name} is wrong`,
      description: problem,
      tooltip: `${problem}\nThis entry is left out; the others work. Select to open the setting.`,
      expandable: false,
    };
  }
  return {
    ...node,
    id: rootId(name),
    kind: 'connection',
    label: name,
    expandable: true,
    abilities: [...(sample ? [] : ['edit']), ...(signsIn ? ['signIn'] : [])],
    ...(sample ? { description: 'made-up data', tooltip: 'A partner tenant with made-up customers and costs' } : {}),
  };
}
