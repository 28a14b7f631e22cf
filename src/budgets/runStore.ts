import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { BulkRun } from '../budgeting/bulkRun.ts';
import { parseJson } from '../json/parseJson.ts';

/** One budget for many scopes as it is written down: a reload or a crash in the middle loses nothing but what is asked again. */
export interface StoredRun {
  id: string;
  connection: string;
  /** Anything was written, or tried to. */
  begun: boolean;
  /** Places of rows that are left out. */
  out: number[];
  run: BulkRun;
}

/** Files of previews that nobody closed, and halves of files, are kept so long. Milliseconds. */
const LONGEST_KEPT = 30 * 86_400_000;

/** The runs that are not over, a file each, with exact digits. */
export class RunStore {
  readonly #folder: vscode.Uri;
  /** Writing goes on in the order of the calls. */
  #writing: Promise<unknown> = Promise.resolve();

  constructor(storage: vscode.Uri) {
    this.#folder = vscode.Uri.joinPath(storage, 'budgetRuns');
  }

  create(connection: string, run: BulkRun): StoredRun {
    return { id: randomUUID(), connection, begun: false, out: [], run };
  }

  /** Writes a run as it is now; in its place only when it is written whole. */
  save(stored: StoredRun): Promise<void> {
    const bytes = Buffer.from(JSON.stringify(stored));
    return this.#inTurn(async () => {
      await vscode.workspace.fs.createDirectory(this.#folder);
      const part = vscode.Uri.joinPath(this.#folder, `${stored.id}.partial`);
      await vscode.workspace.fs.writeFile(part, bytes);
      await vscode.workspace.fs.rename(part, this.#file(stored.id), { overwrite: true });
    });
  }

  /** Undefined where there is none of that id, or its file is none of ours. */
  async read(id: unknown): Promise<StoredRun | undefined> {
    if (typeof id !== 'string' || !/^[\da-f-]{36}$/.test(id)) {
      return undefined;
    }
    await this.#writing;
    try {
      const bytes = await vscode.workspace.fs.readFile(this.#file(id));
      const stored = parseJson(Buffer.from(bytes).toString('utf8')) as StoredRun;
      return stored.id === id && stored.run.version === 1 && Array.isArray(stored.run.rows) ? stored : undefined;
    } catch {
      return undefined;
    }
  }

  /** Runs that were begun and have rows that are not done. What nobody can go on with is cleared away. */
  async unfinished(): Promise<StoredRun[]> {
    const files = await vscode.workspace.fs.readDirectory(this.#folder).then(
      (entries) => entries,
      () => [],
    );
    const runs: StoredRun[] = [];
    for (const [name] of files) {
      const stored = await this.read(name.replace(/\.json$/, ''));
      if (stored?.begun === true && openRows(stored).length > 0) {
        runs.push(stored);
      } else if (stored?.begun === true || (await this.#isOld(name))) {
        await this.#delete(vscode.Uri.joinPath(this.#folder, name));
      }
    }
    return runs;
  }

  /** A preview of another window is none of this one's; one that a crash left behind is everybody's. */
  async #isOld(name: string): Promise<boolean> {
    const { mtime } = await vscode.workspace.fs.stat(vscode.Uri.joinPath(this.#folder, name)).then(
      (stat) => stat,
      () => ({ mtime: Date.now() }),
    );
    return Date.now() - mtime > LONGEST_KEPT;
  }

  remove(id: string): Promise<void> {
    return this.#delete(this.#file(id));
  }

  #delete(file: vscode.Uri): Promise<void> {
    return this.#inTurn(async () => {
      await vscode.workspace.fs.delete(file).then(undefined, () => {});
    });
  }

  #file(id: string): vscode.Uri {
    return vscode.Uri.joinPath(this.#folder, `${id}.json`);
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.#writing.then(work);
    this.#writing = done.catch(() => {});
    return done;
  }
}

/** Places of the rows that are still to be written. */
export function openRows({ run, out }: StoredRun): number[] {
  const left = new Set(out);
  return run.rows.flatMap(({ state, action }, index) =>
    state !== 'done' && action !== 'notAllowed' && !left.has(index) ? [index] : [],
  );
}
