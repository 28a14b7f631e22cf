import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';
import { countedRun } from './countedRun.ts';
import { writeCounts } from './counts.ts';
import { markLine } from './lines.ts';

/** Suites built beside this module: `host/*.test.js`. */
async function suiteFiles(): Promise<string[]> {
  const folder = path.join(import.meta.dirname, 'host');
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => name.endsWith('.test.js'))
    .sort()
    .map((name) => path.join(folder, name));
}

/** In the browser build the lines of the extension host arrive among those of the whole workbench. */
function markConsole(): void {
  const original = console;
  const marked = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) => {
    const write = (...args: unknown[]): void => original[name](markLine(format(...args)));
    return [name, { value: write }] as const;
  });
  // The extension host makes the methods of its console read-only and drops assignments to them without a word.
  globalThis.console = Object.create(original, Object.fromEntries(marked));
  // Mocha keeps the function that it found when it was loaded.
  Mocha.reporters.Base.consoleLog = (...args: unknown[]) => console.log(...args);
}

/**
 * Entry point that VS Code calls inside the extension host (`extensionTestsPath`).
 * `HOST_TESTS_GREP` narrows the run to tests whose full title contains it; `HOST_TESTS_RESULT` names a file that receives
 * the totals as well, for a launcher that cannot read the output. `HOST_TESTS_MARK=1` marks every line that the host prints.
 * @throws Error when a test failed, or when there was none to run
 */
export async function run(): Promise<void> {
  const { HOST_TESTS_GREP: grep, HOST_TESTS_RESULT: resultFile, HOST_TESTS_COLOR: color } = process.env;
  if (process.env.HOST_TESTS_MARK === '1') markConsole();
  const mocha = new Mocha({
    ui: 'bdd',
    reporter: 'spec',
    timeout: 30_000,
    color: color === '1',
    forbidOnly: process.env.CI !== undefined,
    ...(grep === undefined ? {} : { fgrep: grep }),
  });
  for (const file of await suiteFiles()) mocha.addFile(file);
  const counts = await countedRun(mocha);
  const line = writeCounts(counts);
  console.log(line);
  if (resultFile !== undefined) await writeFile(resultFile, line);
  if (counts.failed > 0) throw new Error(`${counts.failed} of the tests in the extension host failed.`);
  if (counts.passed === 0) throw new Error('No test ran in the extension host.');
}
