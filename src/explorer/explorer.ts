import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import { type NodeArgument, VIEW_ID } from '../contributions.ts';
import type { CommandRegistry } from '../workbench/commands.ts';
import { describeForLog, explain, summarize } from '../workbench/failures.ts';
import { ExplorerModel } from './model.ts';
import type { ExplorerNode } from './node.ts';
import { EMPTY_TEXT, openChildren } from './sources.ts';
import { ExplorerTree } from './treeView.ts';

/** What the explorer needs of the connections. */
interface ConnectionSource {
  list(): { name: string; sample: boolean; problem?: string }[];
  arm(name: string): Promise<ArmClient>;
  onDidChange: vscode.Event<void>;
}

/** The view with its tree and the commands that act on its rows. */
export function registerExplorer(
  connections: ConnectionSource,
  commands: CommandRegistry,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const model = new ExplorerModel({
    roots: () => connections.list().map(connectionNode),
    open: (node) =>
      openChildren(node, { arm: (name) => connections.arm(name), now: () => new Date(), locale: vscode.env.language }),
    emptyText: (node) => EMPTY_TEXT[node.kind] ?? 'Nothing here',
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

  commands.register('azureBilling.refresh', (node) => {
    const target = node === undefined ? undefined : asNode(node);
    model.refresh(target?.kind === 'error' ? target.parent : target);
    return undefined;
  });
  commands.register('azureBilling.loadMore', async (row) => {
    await model.loadMore(levelOf(row));
    return undefined;
  });
  commands.register('azureBilling.loadAll', async (row) => {
    await model.loadAll(levelOf(row));
    return undefined;
  });
  commands.register('azureBilling.copyId', async (node) => {
    const id = asNode(node).resourceId ?? node.id;
    await vscode.env.clipboard.writeText(id);
    vscode.window.setStatusBarMessage(`Copied ${id}`, 3000);
    return id;
  });

  return vscode.Disposable.from(
    tree,
    view,
    view.onDidCollapseElement(({ element }) => model.cancel(element)),
    connections.onDidChange(() => {
      model.prune();
      model.refresh();
    }),
  );
}

function connectionNode({ name, sample, problem }: { name: string; sample: boolean; problem?: string }): ExplorerNode {
  const node = {
    id: `connection:${encodeURIComponent(name).toLowerCase()}`,
    connection: name,
    parent: undefined,
    label: name,
  };
  return problem === undefined
    ? {
        ...node,
        kind: 'connection',
        expandable: true,
        ...(sample
          ? {
              description: 'made-up data',
              tooltip: 'A partner tenant with made-up customers and costs',
            }
          : {}),
      }
    : {
        ...node,
        kind: 'error',
        label: `${name} is wrong`,
        description: problem,
        expandable: false,
        tooltip: `${problem}\nThis entry is left out; the others work.`,
      };
}

function asNode(argument: NodeArgument): ExplorerNode {
  return argument as ExplorerNode;
}

/** The node whose children a "load more" row continues; the node itself works too. */
function levelOf(row: NodeArgument): ExplorerNode {
  const node = asNode(row);
  return (node.kind === 'loadMore' || node.kind === 'loadAll') && node.parent !== undefined ? node.parent : node;
}
