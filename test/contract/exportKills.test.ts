import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Manifest } from '../../src/jobs/manifest.ts';
import type { FileFormat } from '../../src/records/fileFormats.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { exportContent } from '../support/exportContent.ts';
import type { ExportOrder } from '../support/exportProcess.ts';

/** The form that takes long: `JOB_KILLS=50 JOB_ROWS=1000000`. */
const KILLS = Number(process.env.JOB_KILLS ?? 10);
const ROWS = Number(process.env.JOB_ROWS ?? 20_000);

/** The tenant has nineteen months of about the same size. */
const MONTHS = 19;

const PROGRAM = path.join(import.meta.dirname, '../support/exportProcess.ts');

interface Outcome {
  rows: number | undefined;
  /** Rows that were there when it began. */
  before: number;
  milliseconds: number;
}

/** Runs the process, and kills it so long after it is at work. */
async function run(order: ExportOrder, killAfter?: number): Promise<Outcome> {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(order)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const outcome: Outcome = { rows: undefined, before: 0, milliseconds: 0 };
  let begun = 0;
  for await (const line of createInterface({ input: child.stdout as NonNullable<ChildProcess['stdout']> })) {
    const told = JSON.parse(line) as { rows?: number; done?: number };
    if (told.done === undefined) {
      begun = performance.now();
      outcome.before = told.rows ?? 0;
      if (killAfter !== undefined) {
        setTimeout(() => child.kill('SIGKILL'), killAfter);
      }
    } else {
      outcome.rows = told.done;
      outcome.milliseconds = performance.now() - begun;
    }
  }
  await exited;
  return outcome;
}

describe('an export that is killed again and again', function () {
  this.timeout(120_000 + KILLS * 20_000);
  let service: SampleService;
  let root: string;
  let scope: string;

  before(async () => {
    service = await startSampleService({
      usageRows: ROWS * MONTHS,
      now: new Date('2026-11-21T12:00:00Z'),
      latency: 5,
    });
    const [main] = service.tenant.accounts;
    scope = `/providers/Microsoft.Billing/billingAccounts/${main?.name}`;
    root = mkdtempSync(path.join(tmpdir(), 'kills-'));
  });
  after(async () => {
    await service.close();
    rmSync(root, { recursive: true, force: true });
  });

  const order = (name: string, format: FileFormat): ExportOrder => ({
    base: service.endpoints.resourceManager,
    folder: path.join(root, `jobs of ${name}`),
    request: {
      connection: 'Sample',
      title: name,
      source: { kind: 'usageDetails', scopes: [{ scope }], period: { from: '2026-10-01', to: '2026-10-31' } },
      target: { file: path.join(root, name), format, formulaGuard: true, lineEnd: '\n', bom: false },
    },
  });

  it('has the rows, the order and the digest of one that nobody disturbed', async () => {
    const calm = await run(order('calm.csv', 'csv'));
    const manifestOf = (name: string) =>
      JSON.parse(readFileSync(path.join(root, `${name}.manifest.json`), 'utf8')) as Manifest;
    const expected = manifestOf('calm.csv');
    const truth = service.tenant.truth(scope, '2026-10-01', '2026-10-31');
    assert.equal(expected.rows, truth.rows);
    assert.deepEqual(expected.totals, Object.fromEntries([...truth.totals].sort()));

    let kills = 0;
    let resumed = 0;
    for (let round = 0; kills < KILLS; round++) {
      const name = `killed ${round}.csv`;
      for (;;) {
        const { rows, before } = await run(
          order(name, 'csv'),
          // Most of the kills hit the same export, further and further on.
          kills < KILLS ? (Math.random() * 3 * calm.milliseconds) / KILLS : undefined,
        );
        resumed += before > 0 ? 1 : 0;
        if (rows !== undefined) {
          break;
        }
        kills++;
        const whole = readdirSync(root).includes(name);
        assert.ok(!whole || manifestOf(name).sha256 === expected.sha256, 'a file that has its name is whole');
      }
      assert.deepEqual(exportContent(manifestOf(name)), { ...exportContent(expected), complete: true });
      assert.ok(readFileSync(path.join(root, name)).equals(readFileSync(path.join(root, 'calm.csv'))));
      rmSync(path.join(root, name));
    }
    assert.ok(resumed > 0, 'some went on behind rows that were kept');
    if (process.env.JOB_KILLS !== undefined) {
      console.log(
        `      ${kills} kills, ${resumed} went on behind kept rows; ${expected.rows} rows, ${expected.bytes} bytes`,
      );
    }
  });
});
