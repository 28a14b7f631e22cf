import * as vscode from 'vscode';
import { JOBS_VIEW_ID } from '../contributions.ts';

/** A row of the list of exports. One object for as long as the job is listed. */
export interface JobRow {
  /** Id of the job. */
  job: string;
  /** Tells commands that a person chose a row; the list has no levels. */
  parent: undefined;
  /** How it looks now. */
  item: vscode.TreeItem;
}

/** Where the rows come from; loaded when the view is first seen. */
interface RowSource {
  list(): JobRow[];
}

/** The view with the exports. It holds nothing itself, so that it costs nothing until somebody looks at it. */
export class JobsView implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<JobRow | undefined>();
  readonly view: vscode.TreeView<JobRow>;

  constructor(open: () => Promise<RowSource>) {
    this.view = vscode.window.createTreeView(JOBS_VIEW_ID, {
      treeDataProvider: {
        onDidChangeTreeData: this.#changed.event,
        getChildren: async (row) => (row === undefined ? (await open()).list() : []),
        getTreeItem: ({ item }) => item,
        getParent: () => undefined,
      },
    });
  }

  /** A row looks different; undefined: there are others. */
  changed(row: JobRow | undefined): void {
    this.#changed.fire(row);
  }

  dispose(): void {
    vscode.Disposable.from(this.view, this.#changed).dispose();
  }
}
