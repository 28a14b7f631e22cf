import * as vscode from 'vscode';
import type { JobSnapshot, JobState } from '../jobs/jobTypes.ts';
import { displayText, rowLabel } from '../workbench/text.ts';
import type { JobRow } from './jobsView.ts';
import { jobTexts } from './jobTexts.ts';

/** The exports as the view needs them; see `Jobs`. */
interface JobList {
  list(): readonly JobSnapshot[];
  onDidChange(listener: () => void): () => void;
}

const SECOND = 1000;

const ICONS: Readonly<Record<JobState, readonly [icon: string, color?: string]>> = {
  planning: ['loading~spin'],
  asking: ['question'],
  running: ['sync~spin'],
  paused: ['debug-pause'],
  finishing: ['loading~spin'],
  done: ['pass', 'testing.iconPassed'],
  failed: ['error', 'list.errorForeground'],
  cancelled: ['circle-slash', 'disabledForeground'],
  interrupted: ['debug-disconnect', 'list.warningForeground'],
};

/** Nothing turns while nothing is fetched. */
const WAITING: readonly [icon: string, color?: string] = ['watch'];

/** States in which a job can be stopped, goes on by itself when it is resumed, or is over. */
const ACTIVE: ReadonlySet<JobState> = new Set(['planning', 'asking', 'running', 'finishing']);
const RESUMABLE: ReadonlySet<JobState> = new Set(['paused', 'failed', 'interrupted']);

/** Whether this window works on a job. */
export function isActive({ state, elsewhere }: JobSnapshot): boolean {
  return ACTIVE.has(state) && elsewhere !== true;
}

/** Whether a job is over and only its row is left. */
export function isOver({ state }: JobSnapshot): boolean {
  return state === 'done' || state === 'cancelled';
}

/**
 * The rows of the exports, newest first. A job keeps its row object, and only a row whose texts changed is drawn anew: the selection
 * and the menu of the others stay.
 */
export class JobRows implements vscode.Disposable {
  readonly #jobs: JobList;
  readonly #changed: (row: JobRow | undefined) => void;
  readonly #rows = new Map<string, JobRow>();
  readonly #stop: () => void;
  #tick: NodeJS.Timeout | undefined;

  /** @param changed told which row looks different; undefined when there are others */
  constructor(jobs: JobList, changed: (row: JobRow | undefined) => void) {
    this.#jobs = jobs;
    this.#changed = changed;
    this.#stop = jobs.onDidChange(() => this.#update());
    this.#update();
  }

  list(): JobRow[] {
    return newestFirst(this.#jobs.list()).flatMap(({ id }) => this.#rows.get(id) ?? []);
  }

  find(id: string): JobRow | undefined {
    return this.#rows.get(id);
  }

  #update(): void {
    const jobs = this.#jobs.list();
    let others = false;
    for (const id of this.#rows.keys()) {
      if (!jobs.some((job) => job.id === id)) {
        this.#rows.delete(id);
        others = true;
      }
    }
    for (const job of jobs) {
      const item = itemOf(job, Date.now());
      const row = this.#rows.get(job.id);
      if (row === undefined) {
        this.#rows.set(job.id, { job: job.id, parent: undefined, item });
        others = true;
      } else if (!looksAlike(row.item, item)) {
        row.item = item;
        this.#changed(row);
      }
    }
    if (others) {
      this.#changed(undefined);
    }
    this.#countDown(jobs.some(({ wait }) => wait !== undefined));
  }

  /** A wait is told in seconds, which pass without anything else that changes. */
  #countDown(waits: boolean): void {
    clearTimeout(this.#tick);
    if (waits) {
      this.#tick = setTimeout(() => this.#update(), SECOND);
    }
  }

  dispose(): void {
    clearTimeout(this.#tick);
    this.#stop();
  }
}

function newestFirst(jobs: readonly JobSnapshot[]): JobSnapshot[] {
  return [...jobs].sort((a, b) => b.startedAt - a.startedAt);
}

function itemOf(job: JobSnapshot, now: number): vscode.TreeItem {
  const texts = jobTexts(job, now, vscode.env.language);
  const label = displayText(texts.label, job.id);
  const description = displayText(texts.description, job.state);
  const [icon, color] = job.wait === undefined ? ICONS[job.state] : WAITING;
  const item = new vscode.TreeItem(rowLabel(label));
  item.id = job.id;
  item.description = description;
  item.tooltip = texts.tooltip
    .split('\n')
    .map((line) => displayText(line, ''))
    .join('\n');
  item.iconPath = new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color));
  item.contextValue = contextValue(job);
  // Else a screen reader is told the tooltip, which is long; it needs no shortened name.
  item.accessibilityInformation = { label: `${displayText(texts.name, job.id)}, ${description}` };
  return item;
}

/** `job`, its state, and then what can be done: the manifest's menus match words of it. */
function contextValue(job: JobSnapshot): string {
  const { state, manifest, elsewhere } = job;
  const words = [
    isActive(job) && state !== 'asking' && 'pause',
    RESUMABLE.has(state) && elsewhere !== true && 'resume',
    !isOver(job) && elsewhere !== true && 'cancel',
    state === 'done' && 'file',
    manifest !== undefined && 'manifest',
    (isOver(job) || state === 'failed') && 'repeat',
    isOver(job) && 'remove',
  ];
  return ['job', state, ...words.filter((word) => word !== false)].join(' ');
}

function looksAlike(a: vscode.TreeItem, b: vscode.TreeItem): boolean {
  return (
    a.label === b.label &&
    a.description === b.description &&
    a.tooltip === b.tooltip &&
    a.contextValue === b.contextValue
  );
}
