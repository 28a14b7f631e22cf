import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { checkBundle, checkPages } from './test/support/bundleBudget.ts';
import { compileWalk, walkFile } from './test/support/compileWalk.ts';
import { thirdPartyNotices } from './test/support/thirdPartyNotices.ts';

// Bundled CommonJS packages (undici) call require for Node's own modules; ES modules have none.
const REQUIRE =
  "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);";

await rm('dist', { recursive: true, force: true });
const extension = await build({
  entryPoints: { extension: 'src/extension.ts' },
  outdir: 'dist',
  bundle: true,
  format: 'esm',
  splitting: true,
  platform: 'node',
  target: 'node22',
  external: ['vscode'],
  // Its CommonJS form asks for its parts in a way that no bundler can follow.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  banner: { js: REQUIRE },
  chunkNames: 'chunks/[name]-[hash]',
  minify: true,
  // Names appear in logs and errors.
  keepNames: true,
  sourcemap: 'linked',
  metafile: true,
  logLevel: 'warning',
});
await dropUnusedRequire(extension.metafile);
checkBundle(extension.metafile);
await compileWalk();
// Beside the chunk that loads it: it is not among what activation loads, so it is a chunk.
await copyFile(walkFile, 'dist/chunks/walk.wasm');
// The engine's process has an entry of its own. What it takes from DuckDB is native and lies beside it, in a package made for one platform.
const engine = await build({
  entryPoints: { child: 'src/engine/process/child.ts' },
  outdir: 'dist/engine',
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  external: ['@duckdb/node-bindings-*', 'detect-libc'],
  banner: { js: REQUIRE },
  minify: true,
  keepNames: true,
  sourcemap: 'linked',
  metafile: true,
  logLevel: 'warning',
});
const pages = await build({
  entryPoints: [
    'charts/webview/heatMap',
    'charts/webview/spend',
    'budgets/webview/budgetTable',
    'tables/webview/usageTable',
    'sheets/webview/sqlChart',
  ].flatMap((page) =>
    ['ts', 'css'].map((ending) => ({ in: `src/${page}.${ending}`, out: page.split('/').at(-1) ?? '' })),
  ),
  outdir: 'dist/webview',
  bundle: true,
  format: 'iife',
  platform: 'browser',
  // The browser of the oldest editor that the manifest allows.
  target: 'chrome138',
  minify: true,
  metafile: true,
  logLevel: 'warning',
});
checkPages(pages.metafile);
const notices = await thirdPartyNotices([extension.metafile, engine.metafile, pages.metafile]);
await writeFile('dist/ThirdPartyNotices.txt', notices);

/** The banner stands in every file, and few call require: their files lose it. Its line stays, for the source map. */
async function dropUnusedRequire({ outputs }) {
  for (const [file, output] of Object.entries(outputs)) {
    const text = file.endsWith('.js') ? await readFile(file, 'utf8') : '';
    const rest = text.startsWith(REQUIRE) ? text.slice(REQUIRE.length) : undefined;
    if (rest !== undefined && !/\brequire\b/.test(rest)) {
      await writeFile(file, rest);
      output.bytes -= REQUIRE.length;
    }
  }
}
