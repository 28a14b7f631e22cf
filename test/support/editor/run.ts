import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';

/** How a child process ended and the last lines that it printed, on either stream. */
export interface Finished {
  /** Exit code, name of the signal that ended it, or the reason why it could not start. */
  readonly outcome: number | string;
  readonly tail: readonly string[];
}

const keptLines = 200;

/** Waits for a child process, keeping the end of its output. */
export async function run(
  child: ChildProcessByStdio<null, Readable, Readable>,
  onText: (text: string) => void = () => {},
): Promise<Finished> {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => {
      onText(chunk);
      text = (text + chunk).slice(-100_000);
    });
  }
  const outcome = await new Promise<number | string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'no exit code'));
  });
  return {
    outcome,
    tail: text
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '')
      .slice(-keptLines),
  };
}
