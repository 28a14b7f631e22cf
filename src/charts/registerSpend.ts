import * as vscode from 'vscode';
import { SPEND_EDITOR, SPEND_PANEL, SPEND_VIEW_ID } from '../contributions.ts';
import type { CommandRegistry } from '../workbench/commands.ts';
import { PINNED_KEY } from './pinned.ts';
import type { SpendFeature, SpendParts } from './spend.ts';

/** The start of the editor comes first. Milliseconds. */
const PATIENCE = 2_000;

/** The commands, panels, view files and view of spend. All of it is loaded when the first of them is wanted. */
export function registerSpend(parts: SpendParts, commands: CommandRegistry): vscode.Disposable {
  let loaded: Promise<SpendFeature> | undefined;
  const load = () => {
    loaded ??= import('./spend.ts').then(({ openSpend }) => openSpend(parts));
    return loaded;
  };
  commands.registerLazily(
    [
      'azureBilling.showSpend',
      'azureBilling.refreshSpend',
      'azureBilling.saveSpend',
      'azureBilling.pinSpend',
      'azureBilling.unpinSpend',
    ],
    async () => (await load()).commands,
  );
  const changed = new vscode.EventEmitter<undefined>();
  const view: vscode.TreeView<vscode.TreeItem> = vscode.window.createTreeView<vscode.TreeItem>(SPEND_VIEW_ID, {
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      // Asked for when somebody looks at the view.
      getChildren: async () => (await load()).glance(view, () => changed.fire(undefined)).items,
      getTreeItem: (item) => item,
    },
  });
  const timer = parts.context.globalState.get(PINNED_KEY) ? setTimeout(load, PATIENCE) : undefined;
  return vscode.Disposable.from(
    view,
    changed,
    vscode.window.registerWebviewPanelSerializer(SPEND_PANEL, {
      deserializeWebviewPanel: async (panel, state: unknown) => (await load()).panels.restore(panel, state),
    }),
    vscode.window.registerCustomEditorProvider(SPEND_EDITOR, {
      resolveCustomTextEditor: async (document, panel) => (await load()).panels.edit(document, panel),
    }),
    {
      dispose() {
        clearTimeout(timer);
        void loaded?.then((spend) => spend.dispose());
      },
    },
  );
}
