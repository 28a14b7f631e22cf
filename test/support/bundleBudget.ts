import { readFileSync } from 'node:fs';
import type { Metafile } from 'esbuild';

/** What activation may load: the entry and everything it imports statically. Bytes. */
const ACTIVATION_LIMIT = 60_000;

/** What activation must never load. */
const LAZY = [/node_modules\//, /^src\/sample\//];

/** Parts of Node that do I/O: activation does none, so nothing it loads needs them. */
const IO = /^(node:)?(fs|fs\/promises|http|https|http2|net|tls|dns|dgram|child_process|worker_threads)$/;

/**
 * Fails the build when activation loads too much, or anything that has to stay lazy.
 *
 * @throws Error that names the chunk or the module
 */
export function checkBundle(metafile: Metafile): void {
  const entry = Object.keys(metafile.outputs).find((path) => metafile.outputs[path]?.entryPoint === 'src/extension.ts');
  if (entry === undefined) {
    throw new Error('The build has no output for src/extension.ts.');
  }
  const eager = staticClosure(metafile, entry);
  let bytes = 0;
  for (const path of eager) {
    const output = metafile.outputs[path];
    bytes += output?.bytes ?? 0;
    const lazy = Object.entries(output?.inputs ?? {}).find(
      ([input, { bytesInOutput }]) => bytesInOutput > 0 && LAZY.some((pattern) => pattern.test(input)),
    );
    const io = output?.imports.find(({ path: imported, external }) => external === true && IO.test(imported));
    if (io !== undefined) {
      throw new Error(`Activation loads ${io.path} (in ${path}), which does I/O; import its user with await import().`);
    }
    if (lazy !== undefined) {
      throw new Error(`Activation loads ${lazy[0]} (in ${path}); import it with await import().`);
    }
  }
  console.log(`activation loads ${bytes} bytes in ${eager.size} files (limit ${ACTIVATION_LIMIT})`);
  if (bytes > ACTIVATION_LIMIT) {
    throw new Error(`Activation loads ${bytes} bytes; the limit is ${ACTIVATION_LIMIT}.`);
  }
}

/** What any one file of a page may weigh. Bytes. */
const PAGE_LIMIT = 30_000;

/** A page with a library of charts, or with a grid of its own, may weigh more. Bytes. */
const BIG_PAGE_LIMITS: Readonly<Record<string, number>> = {
  'dist/webview/spend.js': 800_000,
  'dist/webview/sqlChart.js': 700_000,
  'dist/webview/usageTable.js': 70_000,
};

/** Pages run under a policy without `unsafe-eval`: code made of text would fail there. */
const DYNAMIC_CODE = /\bnew Function\b|\beval\(/;

/**
 * Fails the build when a page would load too much, or code that its policy blocks.
 *
 * @throws Error that names the file
 */
export function checkPages(metafile: Metafile): void {
  for (const [path, { bytes }] of Object.entries(metafile.outputs)) {
    const limit = BIG_PAGE_LIMITS[path] ?? PAGE_LIMIT;
    console.log(`${path} has ${bytes} bytes (limit ${limit})`);
    if (bytes > limit) {
      throw new Error(`${path} has ${bytes} bytes; the limit is ${limit}.`);
    }
    if (DYNAMIC_CODE.test(readFileSync(path, 'utf8'))) {
      throw new Error(`${path} makes code of text, which the page's policy blocks.`);
    }
  }
}

function staticClosure(metafile: Metafile, entry: string, seen = new Set<string>()): Set<string> {
  if (!seen.has(entry)) {
    seen.add(entry);
    for (const { path, kind } of metafile.outputs[entry]?.imports ?? []) {
      if (kind === 'import-statement' && path in metafile.outputs) {
        staticClosure(metafile, path, seen);
      }
    }
  }
  return seen;
}
