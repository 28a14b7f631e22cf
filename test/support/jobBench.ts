import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ArmClient } from '../../src/api/arm/armClient.ts';
import { systemClock } from '../../src/api/http/clock.ts';
import { Jobs, type JobsOptions } from '../../src/jobs/jobs.ts';
import type { ExportRequest, ExportTarget } from '../../src/jobs/jobTypes.ts';
import type { Manifest } from '../../src/jobs/manifest.ts';
import type { Planner } from '../../src/jobs/planner.ts';

/** A place for jobs and their files. */
export class JobBench {
  readonly root = mkdtempSync(path.join(tmpdir(), 'jobs-'));
  readonly folder = path.join(this.root, 'jobs');
  readonly errors: unknown[] = [];
  readonly #opened: Jobs[] = [];

  /** A window of the editor. */
  open(planner: Planner, more: Partial<JobsOptions> = {}): Jobs {
    const jobs = new Jobs({
      folder: this.folder,
      // Plans of tests need no client.
      open: async () => ({ clients: { arm: {} as ArmClient } }),
      clock: systemClock,
      onError: (error) => this.errors.push(error),
      producedBy: { name: 'test', version: '1' },
      planner,
      ...more,
    });
    this.#opened.push(jobs);
    return jobs;
  }

  request(name: string, target: Partial<ExportTarget> = {}): ExportRequest {
    const format = path.extname(name).slice(1) as ExportTarget['format'];
    return {
      connection: 'Test',
      title: name,
      source: { kind: 'usageDetails', scopes: [{ scope: '/subscriptions/a' }] },
      target: { file: path.join(this.root, name), format, formulaGuard: false, lineEnd: '\n', bom: false, ...target },
    };
  }

  /** Files beside the folder of the jobs. */
  get files(): string[] {
    return readdirSync(this.root)
      .filter((name) => name !== 'jobs')
      .sort();
  }

  /** Names of folders of jobs. */
  get jobs(): string[] {
    return readdirSync(this.folder);
  }

  text(name: string): string {
    return readFileSync(path.join(this.root, name), 'utf8');
  }

  manifest(name: string): Manifest {
    return JSON.parse(this.text(`${name}.manifest.json`)) as Manifest;
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.map((jobs) => jobs.dispose()));
    rmSync(this.root, { recursive: true, force: true });
  }
}
