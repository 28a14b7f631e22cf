import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import { BillingError } from '../api/http/errors.ts';
import { VIEW_ID } from '../contributions.ts';
import type { CommandRegistry } from '../workbench/commands.ts';
import type { RequestSource } from '../workbench/copyRequest.ts';
import { describeForLog, explain, summarize } from '../workbench/failures.ts';
import { plainText } from '../workbench/text.ts';
import { ExplorerModel } from './model.ts';
import type { ExplorerNode } from './node.ts';
import { EMPTY_TEXTS, firstCall, openChildren } from './sources.ts';
import { ExplorerTree } from './treeView.ts';

/** What the explorer needs of the connections. */
interface ConnectionSource {
  list(): { name: string; sample: boolean; problem?: string }[];
  arm(name: string): Promise<ArmClient>;
  /** Names of the connections whose service is another one now. */
  onDidChange: vscode.Event<readonly string[]>;
}

/** The view with its tree and the commands that act on its rows. */
export function registerExplorer(
  connections: ConnectionSource,
  commands: CommandRegistry,
  log: vscode.LogOutputChannel,
): { disposable: vscode.Disposable; requestOf: RequestSource } {
  const sources = { arm: (name: string) => connections.arm(name), now: () => new Date(), locale: vscode.env.language };
  const model = new ExplorerModel({
    roots: () => connections.list().map(connectionNode),
    open: (node) => openChildren(node, sources),
    emptyText: (node) => EMPTY_TEXTS[node.kind] ?? { label: 'Nothing here' },
    explain: (error, node) => {
      // The id, not the label: customers' names stay out of the log.
      log.error(`[${node.connection}] ${node.resourceId ?? node.kind}: ${describeForLog(error)}`);
      const message = explain(error);
      return {
        summary: summarize(error),
        message,
        tooltip: `${message}\nSelect to open the log; Refresh tries again.`,
      };
    },
  });
  const tree = new ExplorerTree(model);
  const view = vscode.window.createTreeView(VIEW_ID, { treeDataProvider: tree, showCollapseAll: true });

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
    model.refresh(argument === undefined ? undefined : levelOf(argument));
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
    const id = rowOf(argument).resourceId;
    if (id === undefined) {
      throw new BillingError('argument', 'id: this row stands for no resource.');
    }
    await vscode.env.clipboard.writeText(id);
    vscode.window.setStatusBarMessage(plainText(`Copied ${id}`), 3000);
    return id;
  });

  /** The call that a row's children come from, or that brings its usage. */
  const requestOf: RequestSource = async ({ id }) => {
    if (id === undefined) {
      return undefined;
    }
    const node = rowOf({ id });
    const call = await firstCall(node, sources);
    return call && { ...call, url: (await connections.arm(node.connection)).http.absolute(call.address) };
  };

  const disposable = vscode.Disposable.from(
    tree,
    view,
    view.onDidCollapseElement(({ element }) => model.cancel(element)),
    connections.onDidChange((names) => {
      model.prune(names.map(rootId));
      model.refresh();
    }),
  );
  return { disposable, requestOf };
}

function rootId(connection: string): string {
  return `connection:${encodeURIComponent(connection).toLowerCase()}`;
}

function connectionNode({ name, sample, problem }: { name: string; sample: boolean; problem?: string }): ExplorerNode {
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
    ...(sample ? { description: 'made-up data', tooltip: 'A partner tenant with made-up customers and costs' } : {}),
  };
}
