import { createHmac } from 'node:crypto';
import { chmod, mkdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { writeAtomically } from '../disk/atomicFile.ts';
import { OWN_FILE, OWN_FOLDER } from '../disk/ownership.ts';
import { codeOf, writeFailure } from '../disk/writeFailure.ts';
import type { KeptPlan } from '../usage/plan/plan.ts';
import type { ExportRequest, JobFailure, JobState } from './jobTypes.ts';
import type { Manifest } from './manifest.ts';

/** What is kept of a job beside its rows. */
export interface JobFile {
  version: 1;
  id: string;
  request: ExportRequest;
  state: JobState;
  startedAt: number;
  finishedAt?: number;
  error?: JobFailure;
  manifest?: Manifest;
}

/** What tells of rows that were fetched: without the journal the document begins anew. */
const ROWS = ['journal.ndjson', 'parts', 'rows.ndjson'] as const;

const KEY_MARK = 'key.json';

/** The folder of one job: `job.json`, `plan.json`, `key.json`, `journal.ndjson`, `parts/`, and the text that a table is made of. */
export class JobFolder {
  readonly id: string;
  readonly path: string;

  constructor(folder: string, id: string) {
    this.id = id;
    this.path = path.join(folder, id);
  }

  get journal(): string {
    return path.join(this.path, 'journal.ndjson');
  }

  /** Rows of a format that is no text, before they are converted. */
  get spool(): string {
    return path.join(this.path, 'rows.ndjson');
  }

  /** @throws Error with a sentence for the user */
  async create(): Promise<void> {
    try {
      await mkdir(this.path, { recursive: true, mode: OWN_FOLDER });
      // An earlier version may have made the folder of all jobs. Some disks know no modes.
      await chmod(path.dirname(this.path), OWN_FOLDER).catch(() => {});
    } catch (error) {
      throw writeFailure(error, this.path);
    }
  }

  async exists(): Promise<boolean> {
    return (await stat(this.path).catch(() => undefined))?.isDirectory() === true;
  }

  /** @throws Error with a sentence for the user */
  write(job: JobFile): Promise<void> {
    return writeAtomically(path.join(this.path, 'job.json'), `${JSON.stringify(job, undefined, 2)}\n`, OWN_FILE);
  }

  /** Undefined when it is not there, or no such file. */
  async read(): Promise<JobFile | undefined> {
    const job = (await this.#readJson('job.json')) as JobFile | undefined;
    return job?.version === 1 && job.id === this.id ? job : undefined;
  }

  /** @throws Error with a sentence for the user */
  keepPlan(plan: KeptPlan): Promise<void> {
    return writeAtomically(path.join(this.path, 'plan.json'), `${JSON.stringify(plan)}\n`, OWN_FILE);
  }

  /**
   * Takes the key of the pseudonyms that the rows have from now on. Rows with other ones are forgotten: one customer would be two in the
   * file. What is kept tells keys apart and nothing about them.
   *
   * @throws Error with a sentence for the user
   */
  async takeKey(key: Uint8Array): Promise<void> {
    const mark = createHmac('sha256', key).update('mark of the key').digest('hex').slice(0, 16);
    const kept = (await this.#readJson(KEY_MARK)) as { mark?: string } | undefined;
    if (kept?.mark !== mark) {
      await this.#remove(ROWS);
      await writeAtomically(path.join(this.path, KEY_MARK), `${JSON.stringify({ mark })}\n`, OWN_FILE);
    }
  }

  /** Undefined when the job was not planned to its end. */
  async readPlan(): Promise<KeptPlan | undefined> {
    const plan = (await this.#readJson('plan.json')) as KeptPlan | undefined;
    return plan?.version === 1 ? plan : undefined;
  }

  async #readJson(name: string): Promise<unknown> {
    try {
      return JSON.parse(await readFile(path.join(this.path, name), 'utf8'));
    } catch (error) {
      if (error instanceof SyntaxError || codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') {
        return undefined;
      }
      throw error;
    }
  }

  /** Removes what only an unfinished job needs. Never rejects: what stays is removed with the job. */
  async clear(): Promise<void> {
    await this.#remove(['plan.json', KEY_MARK, ...ROWS]);
  }

  async #remove(names: readonly string[]): Promise<void> {
    await Promise.all(
      names.map((name) => rm(path.join(this.path, name), { recursive: true, force: true }).catch(() => {})),
    );
  }

  /** @throws Error when the system refuses */
  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true, maxRetries: 3 });
  }
}
