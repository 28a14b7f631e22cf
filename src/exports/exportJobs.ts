import * as vscode from 'vscode';
import { systemClock } from '../api/http/clock.ts';
import type { ContextKeys } from '../contributions.ts';
import { Jobs } from '../jobs/jobs.ts';
import { describeForLog } from '../workbench/failures.ts';
import { exportClients } from './exportClients.ts';
import type { ExportParts } from './exportParts.ts';
import { isActive, isOver, JobRows } from './jobRows.ts';
import type { JobsView } from './jobsView.ts';
import { pseudonymKey } from './pseudonymKey.ts';
import { UNFINISHED_KEY } from './unfinished.ts';

/** The exports of this window, with their list. Made when somebody looks at it, or the first export begins. */
export interface ExportJobs {
  jobs: Jobs;
  rows: JobRows;
  view: JobsView;
  parts: ExportParts;
  /** By job: who tells of its end, the last one who started or resumed it. */
  tellers: Map<string, symbol>;
  /** Stops what is under way. Resolves when all of it is on the disk and can be resumed; never rejects. */
  close(): Promise<void>;
}

/** Reads the exports that the disk knows, and shows them. */
export async function openExportJobs(parts: ExportParts, view: JobsView): Promise<ExportJobs> {
  const { connections, context, log } = parts;
  const { name = 'azure-billing-explorer', version = '' } = context.extension.packageJSON as Record<string, string>;
  const jobs = new Jobs({
    folder: vscode.Uri.joinPath(context.globalStorageUri, 'exports').fsPath,
    async open({ connection, target, anew }) {
      const clients = {
        ...(await exportClients(connections, connection)),
        kept: anew === true ? undefined : await parts.keptOf(connection),
      };
      return target.shareSafe ? { clients, pseudonymKey: await pseudonymKey(context.secrets) } : { clients };
    },
    clock: systemClock,
    producedBy: { name, version },
    onError: (error) => log.error(`Exports: ${describeForLog(error)}`),
  });
  await jobs.load();
  const rows = new JobRows(jobs, (row) => view.changed(row));
  const glance = new Glance(jobs, view.view, context.globalState);
  // Other windows export as well, and tell nobody.
  const looks = view.view.onDidChangeVisibility(({ visible }) => {
    if (visible) {
      void jobs.load();
    }
  });
  return {
    jobs,
    rows,
    view,
    parts,
    tellers: new Map(),
    close() {
      looks.dispose();
      glance.dispose();
      rows.dispose();
      return jobs.dispose();
    },
  };
}

/**
 * What is told of all exports together: the badge, the context key, and a mark for the next start. There is no progress bar over the
 * list: the editor would show its sign in place of the count, and each row has its own.
 */
class Glance implements vscode.Disposable {
  readonly #jobs: Jobs;
  readonly #view: vscode.TreeView<unknown>;
  readonly #state: vscode.Memento;
  readonly #stop: () => void;
  #active = 0;
  #finished: boolean | undefined;

  constructor(jobs: Jobs, view: vscode.TreeView<unknown>, state: vscode.Memento) {
    this.#jobs = jobs;
    this.#view = view;
    this.#state = state;
    if (state.get(UNFINISHED_KEY)) {
      // The one of an extension host that crashed is still on screen, and taking off what this one has not put there does nothing.
      view.badge = { value: 0, tooltip: '' };
      view.badge = undefined;
    }
    this.#stop = jobs.onDidChange(() => this.#update());
    this.#update();
  }

  #update(): void {
    const jobs = this.#jobs.list();
    const active = jobs.filter(isActive).length;
    const finished = jobs.some(isOver);
    if (finished !== this.#finished) {
      this.#finished = finished;
      void setContext('azureBilling.hasFinishedJobs', finished);
    }
    if (active === this.#active) {
      return;
    }
    if (active > 0 !== this.#active > 0) {
      // Only a mark is kept at hand: the next start must not read the disk to find that there is nothing.
      void this.#state.update(UNFINISHED_KEY, active > 0 ? true : undefined);
    }
    this.#active = active;
    this.#view.badge =
      active > 0
        ? { value: active, tooltip: `${active} ${active === 1 ? 'export is' : 'exports are'} under way` }
        : undefined;
  }

  /** The mark stays: what is under way is interrupted. */
  dispose(): void {
    this.#stop();
  }
}

function setContext<Key extends keyof ContextKeys>(key: Key, value: ContextKeys[Key]): Thenable<unknown> {
  return vscode.commands.executeCommand('setContext', key, value);
}
