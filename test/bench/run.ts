import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench } from './benches/bench.ts';
import { cpu } from './benches/cpu.ts';
import { formats } from './benches/formats.ts';
import { host } from './benches/host.ts';
import { memory } from './benches/memory.ts';
import { spend } from './benches/spend.ts';
import { wall } from './benches/wall.ts';
import { type Figure, isMet } from './figures.ts';
import { startService } from './processes.ts';
import { markdown, resultsOf, table } from './report.ts';

const BENCHES: Readonly<Record<string, Bench>> = { cpu, memory, wall, formats, host, spend };

const ROUNDS = 3;
const RESULTS = path.join(import.meta.dirname, '../results');

const HELP = `npm run bench [-- [names] [--rounds N] [--full] [--write]]
  names     some of ${Object.keys(BENCHES).join(', ')}; all when left out
  --rounds  how often each is measured, ${ROUNDS} when left out
  --full    the long forms: ten million rows
  --write   writes the results to test/results/benchmarks.md and .json`;

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
  const figures: Figure[] = [];
  try {
    for (const [name, bench] of Object.entries(BENCHES)) {
      if (positionals.length === 0 || positionals.includes(name)) {
        console.log(`\n${name}`);
        figures.push(...(await bench({ service, rounds, full: values.full, folder })));
      }
    }
  } finally {
    service.close();
    await rm(folder, { recursive: true, force: true });
  }
  console.log(`\n${table(figures)}`);
  if (values.write) {
    const results = resultsOf(args, figures);
    await writeFile(path.join(RESULTS, 'benchmarks.md'), markdown(results));
    await writeFile(path.join(RESULTS, 'benchmarks.json'), `${JSON.stringify(results, undefined, 2)}\n`);
  }
  return figures.some((figure) => isMet(figure) === false) ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
