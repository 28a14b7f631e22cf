import { cpus } from 'node:os';
import { type Figure, isMet, median, ratios } from './figures.ts';

/** The results of one run of the command. */
export interface Results {
  /** As it was typed. */
  command: string;
  /** Day of the run, UTC. */
  date: string;
  machine: { cpu: string; cores: number; node: string; platform: string };
  /** By bench. */
  figures: Readonly<Record<string, readonly Figure[]>>;
}

export function resultsOf(args: readonly string[], figures: Results['figures']): Results {
  const cores = cpus();
  return {
    command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
    date: new Date().toISOString().slice(0, 10),
    machine: {
      cpu: cores[0]?.model.trim() ?? 'unknown',
      cores: cores.length,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
    },
    figures,
  };
}

const HEADER = ['Work', 'Peer or floor', 'Unit', 'Ours', 'Theirs', 'Ratio (rounds)', 'Goal', 'Met'];

/** A Markdown table; medians, and the spread of the ratios over the rounds. */
export function table(figures: readonly Figure[]): string {
  const lines = figures.map((figure) => {
    const all = ratios(figure);
    const spread = all.length > 1 ? ` (${short(Math.min(...all))}–${short(Math.max(...all))})` : '';
    const met = isMet(figure);
    return [
      figure.work,
      figure.against,
      figure.unit,
      short(median(figure.ours)),
      short(median(figure.theirs)),
      `${short(median(all))}${spread}`,
      figure.goal === undefined ? '' : `≤ ${short(figure.goal)}`,
      met === undefined ? '' : met ? 'yes' : `no${figure.broken === undefined ? '' : `: ${figure.broken}`}`,
    ];
  });
  return [HEADER, HEADER.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** What is known when a run is added to the runs before: those of its benches that it measured again are forgotten. */
export function withRun(before: readonly Results[], run: Results): Results[] {
  const kept = before.map((one) => ({
    ...one,
    figures: Object.fromEntries(Object.entries(one.figures).filter(([bench]) => run.figures[bench] === undefined)),
  }));
  return [...kept.filter(({ figures }) => Object.keys(figures).length > 0), run];
}

export function markdown(runs: readonly Results[]): string {
  const sections = runs.map(
    ({ command, date, machine, figures }) => `
\`${command}\` on ${date}: ${machine.cores} cores of ${machine.cpu}, ${machine.platform}, Node ${machine.node}.

${table(Object.values(figures).flat())}
`,
  );
  return `# Benches

Ratios are what counts: ours and theirs run in turns, in processes of their own, in the same run. How each is measured is in
\`test/bench\`.
${sections.join('')}`;
}

/** Three digits that matter. */
function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}
