import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type HostTestCounts, readCounts } from './support/hostRunner/counts.ts';
import { projectFolder } from './support/project.ts';

/** A step of the test command. It counts as one test unless it tells totals of its own. */
interface Stage {
  name: string;
  command: readonly string[];
  /** Runs beside its neighbours that say so too: these only read. */
  parallel?: true;
  /** Later stages make no sense when this one fails. */
  required?: true;
}

const node = process.execPath;
const bin = (name: string) => `node_modules/.bin/${name}`;

const STAGES: readonly Stage[] = [
  { name: 'types', command: [bin('tsc'), '-p', '.'], parallel: true },
  { name: 'pageTypes', command: [bin('tsc'), '-p', 'src/charts/webview'], parallel: true },
  { name: 'walkTypes', command: [bin('tsc'), '-p', 'src/records/walk/assembly'], parallel: true },
  { name: 'lint', command: [bin('biome'), 'ci', '.'], parallel: true },
  { name: 'layers', command: [bin('depcruise'), '--config', 'dependency-cruiser.mjs', 'src'], parallel: true },
  { name: 'dead', command: [bin('knip'), '--exclude', 'types'], parallel: true },
  { name: 'build', command: [node, 'esbuild.mjs'], required: true },
  { name: 'package', command: [node, 'test/support/packageExtension.ts'], required: true },
  { name: 'unit', command: [node, 'test/support/runMocha.ts', '30000', 'test/unit/**/*.test.ts'] },
  { name: 'contract', command: [node, 'test/support/runMocha.ts', '60000', 'test/contract/**/*.test.ts'] },
  { name: 'editor', command: [node, 'test/support/editor/install.ts'], required: true },
  { name: 'host', command: [node, 'test/support/runHostTests.ts'] },
  { name: 'ui', command: [node, 'test/support/runMocha.ts', '180000', 'test/ui/**/*.test.ts'] },
];

/** No stage takes this long; one that does hangs. Milliseconds. */
const STAGE_LIMIT = 45 * 60_000;

async function runStage({ name, command, parallel }: Stage): Promise<HostTestCounts> {
  const [file = '', ...args] = command;
  const started = Date.now();
  // A process group of its own, so that a stage that hangs ends with all it started.
  const child = spawn(file, args, { cwd: projectFolder, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const kill = () => {
    if (child.pid !== undefined && child.exitCode === null) {
      process.kill(-child.pid, 'SIGTERM');
    }
  };
  const timer = setTimeout(() => {
    output.push(`It did not end within ${STAGE_LIMIT / 60_000} minutes and was stopped.`);
    kill();
  }, STAGE_LIMIT);
  process.once('SIGINT', kill);
  process.once('SIGTERM', kill);
  if (parallel !== true) {
    console.log(`\n=== ${name}`);
  }
  const told: HostTestCounts[] = [];
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      const counts = readCounts(line);
      if (counts === undefined) {
        if (parallel === true) {
          output.push(line);
        } else {
          console.log(line);
        }
      } else {
        told.push(counts);
      }
    });
  }
  const ended = new Promise<number>((resolve) => {
    child.once('error', (error) => {
      output.push(error.message);
      resolve(1);
    });
    child.once('close', (code) => resolve(code ?? 1));
  });
  const code = await ended;
  clearTimeout(timer);
  process.off('SIGINT', kill);
  process.off('SIGTERM', kill);
  console.log(
    `${parallel === true ? '\n' : ''}=== ${name} (${((Date.now() - started) / 1000).toFixed(1)} s) ${code === 0 ? 'passed' : 'FAILED'}`,
  );
  if (output.length > 0) {
    console.log(output.join('\n'));
  }
  const sum = told.reduce(add, { passed: 0, failed: 0, skipped: 0 });
  if (told.length === 0) {
    return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
  }
  return code !== 0 && sum.failed === 0 ? { ...sum, failed: 1 } : sum;
}

function add(a: HostTestCounts, b: HostTestCounts): HostTestCounts {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** `npm test [-- stage…]`: everything, or the named stages. Ends with "N passed, N failed, N skipped". */
async function main(names: readonly string[]): Promise<number> {
  const unknown = names.find((name) => !STAGES.some((stage) => stage.name === name));
  if (unknown !== undefined) {
    console.error(`There is no stage ${unknown}; use some of ${STAGES.map(({ name }) => name).join(', ')}.`);
    return 2;
  }
  const stages = STAGES.filter(({ name }) => names.length === 0 || names.includes(name));
  const rows: [string, HostTestCounts][] = [];
  for (let i = 0; i < stages.length; ) {
    const first = stages[i] as Stage;
    let end = i + 1;
    while (first.parallel === true && stages[end]?.parallel === true) {
      end++;
    }
    const group = stages.slice(i, end);
    const results = await Promise.all(group.map(runStage));
    results.forEach((counts, at) => {
      rows.push([group[at]?.name ?? '', counts]);
    });
    i = end;
    if (first.required === true && results.some(({ failed }) => failed > 0)) {
      console.log(
        `Left out after ${first.name}: ${stages
          .slice(i)
          .map(({ name }) => name)
          .join(', ')}.`,
      );
      break;
    }
  }
  console.log('\n=== summary');
  for (const [name, { passed, failed, skipped }] of rows) {
    console.log(
      `  ${name.padEnd(10)}${String(passed).padStart(5)} ok${String(failed).padStart(5)} bad${String(skipped).padStart(5)} left out`,
    );
  }
  const sum = rows.map(([, counts]) => counts).reduce(add, { passed: 0, failed: 0, skipped: 0 });
  console.log(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
  return sum.failed > 0 || sum.passed === 0 ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
