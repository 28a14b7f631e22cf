import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** How the Azure CLI of this machine is set up. */
export type AzState =
  | {
      kind: 'signedIn';
      /** E-mail address. */
      account: string;
      /** That it may get tokens of; the first one where none is named. */
      tenants: readonly string[];
      /** Seconds that a token lives. */
      lifetime: number;
      /** Written to stderr beside an answer. */
      warning?: string;
    }
  | { kind: 'notSignedIn' }
  /** Every question ends with this. */
  | { kind: 'fails'; message: string }
  /** Never answers. */
  | { kind: 'silent' };

/** An `az` on PATH, for this process and what it starts. */
export interface FakeAz {
  set(state: AzState): void;
  /** The arguments of each call. */
  calls(): string[][];
  /** Takes it off PATH again. */
  remove(): void;
}

/** Puts an executable `az` before everything else on PATH. Not for Windows, where it would have to be a batch file. */
export function putAzOnPath(state: AzState): FakeAz {
  const folder = mkdtempSync(join(tmpdir(), 'fake-az-'));
  const file = join(folder, 'az');
  writeFileSync(
    file,
    `#!/bin/sh\nexec "${process.execPath}" "${join(import.meta.dirname, 'az.ts')}" "${folder}" "$@"\n`,
  );
  chmodSync(file, 0o755);
  writeFileSync(join(folder, 'calls.ndjson'), '');
  const set = (next: AzState) => writeFileSync(join(folder, 'state.json'), JSON.stringify(next));
  set(state);
  const before = process.env.PATH;
  process.env.PATH = [folder, before].join(delimiter);
  return {
    set,
    calls: () =>
      readFileSync(join(folder, 'calls.ndjson'), 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as string[]),
    remove() {
      process.env.PATH = before;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
