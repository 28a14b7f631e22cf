import * as vscode from 'vscode';
import type { NodeArgument } from '../contributions.ts';
import type { CommandHandlers } from '../workbench/commands.ts';
import { savePictureShown } from './spendFiles.ts';
import { SpendGlances } from './spendGlance.ts';
import { SpendPanels } from './spendPanels.ts';
import { SpendPin } from './spendPin.ts';
import { type AnswersOf, type ClientSource, type ConnectionChanges, SpendSource } from './spendSource.ts';
import { type SubjectSource, spendSubject } from './spendSubject.ts';

/** What spend needs of the rest of the extension. */
export interface SpendParts {
  connections: SubjectSource & ClientSource & ConnectionChanges;
  context: vscode.ExtensionContext;
  log: vscode.LogOutputChannel;
  answersOf: AnswersOf;
  /** The tree whose selected row the view is about. */
  explorer: Pick<vscode.TreeView<NodeArgument>, 'selection' | 'onDidChangeSelection'>;
}

/** Everything of spend that the editor can ask for. */
export interface SpendFeature extends vscode.Disposable {
  panels: SpendPanels;
  pin: SpendPin;
  /** The view of the selected row, made when it is first seen. */
  glance(view: vscode.TreeView<vscode.TreeItem>, changed: () => void): SpendGlances;
  commands: Pick<
    CommandHandlers,
    | 'azureBilling.showSpend'
    | 'azureBilling.refreshSpend'
    | 'azureBilling.saveSpend'
    | 'azureBilling.pinSpend'
    | 'azureBilling.unpinSpend'
  >;
}

export function openSpend({ connections, context, log, answersOf, explorer }: SpendParts): SpendFeature {
  const source = new SpendSource(connections, answersOf, vscode.env.language);
  const panels = new SpendPanels({
    source,
    connections,
    extension: context.extensionUri,
    log,
    locale: vscode.env.language,
    save: savePictureShown,
  });
  const pin = new SpendPin({ source, connections, state: context.globalState, log });
  let glances: SpendGlances | undefined;
  return {
    panels,
    pin,
    glance(view, changed) {
      glances ??= new SpendGlances({ source, connections, explorer, view, changed, log });
      return glances;
    },
    commands: {
      'azureBilling.showSpend': (argument) => panels.show(argument),
      'azureBilling.refreshSpend': async () => {
        await panels.refresh();
        return undefined;
      },
      'azureBilling.saveSpend': (argument) => panels.save(argument),
      'azureBilling.pinSpend': async (argument) => {
        const subject = await spendSubject(argument, connections, new Date());
        if (subject === undefined) {
          return undefined;
        }
        await pin.pin(subject);
        return true;
      },
      'azureBilling.unpinSpend': async () => {
        await pin.unpin();
        return undefined;
      },
    },
    dispose() {
      glances?.dispose();
      pin.dispose();
    },
  };
}
