import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench } from './benches/bench.ts';
import { browse } from './benches/browse.ts';
import { cpu } from './benches/cpu.ts';
import { engine } from './benches/engine.ts';
import { formats } from './benches/formats.ts';
import { host } from './benches/host.ts';
import { insight } from './benches/insight.ts';
import { memory } from './benches/memory.ts';
import { spend } from './benches/spend.ts';
import { store } from './benches/store.ts';
import { wall } from './benches/wall.ts';
import { type Figure, isMet } from './figures.ts';
import { startService } from './processes.ts';
import { markdown, type Results, resultsOf, table, withRun } from './report.ts';

const BENCHES: Readonly<Record<string, Bench>> = {
  cpu,
  memory,
  wall,
  formats,
  host,
  spend,
  store,
  engine,
  browse,
  insight,
};

const ROUNDS = 3;
const RESULTS = path.join(import.meta.dirname, '../results');

const HELP = `npm run bench [-- [names] [--rounds N] [--full] [--write]]
  names     some of ${Object.keys(BENCHES).join(', ')}; all when left out
  --rounds  how often each is measured, ${ROUNDS} when left out
  --full    the long forms: ten million rows
  --write   writes the results to test/results/benchmarks.md and .json, beside those of the benches that are left out`;

/** @returns the exit code: 1 when a goal was missed */
async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: String(ROUNDS) },
      full: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds);
  const unknown = positionals.find((name) => BENCHES[name] === undefined);
  if (values.help || unknown !== undefined || !Number.isInteger(rounds) || rounds < 1) {
    console.log(unknown === undefined ? HELP : `There is no bench ${unknown}.\n${HELP}`);
    return values.help ? 0 : 2;
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'azure-billing-bench-'));
  const service = await startService();
  const figures: Record<string, readonly Figure[]> = {};
  try {
    for (const [name, bench] of Object.entries(BENCHES)) {
      if (positionals.length === 0 || positionals.includes(name)) {
        console.log(`\n${name}`);
        figures[name] = await bench({ service, rounds, full: values.full, folder });
      }
    }
  } finally {
    service.close();
    await rm(folder, { recursive: true, force: true });
  }
  const all = Object.values(figures).flat();
  console.log(`\n${table(all)}`);
  if (values.write) {
    const file = path.join(RESULTS, 'benchmarks.json');
    const before = JSON.parse(await readFile(file, 'utf8')) as Results[];
    const runs = withRun(before, resultsOf(args, figures));
    await writeFile(path.join(RESULTS, 'benchmarks.md'), markdown(runs));
    await writeFile(file, `${JSON.stringify(runs, undefined, 2)}\n`);
  }
  return all.some((figure) => isMet(figure) === false) ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
