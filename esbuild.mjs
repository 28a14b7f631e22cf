import { copyFile, rm, writeFile } from 'node:fs/promises';
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
  banner: { js: REQUIRE },
  chunkNames: 'chunks/[name]-[hash]',
  minify: true,
  // Names appear in logs and errors.
  keepNames: true,
  sourcemap: 'linked',
  metafile: true,
  logLevel: 'warning',
});
checkBundle(extension.metafile);
await compileWalk();
// Beside the chunk that loads it: it is not among what activation loads, so it is a chunk.
await copyFile(walkFile, 'dist/chunks/walk.wasm');
const pages = await build({
  entryPoints: ['heatMap.ts', 'heatMap.css', 'spend.ts', 'spend.css'].map((file) => `src/charts/webview/${file}`),
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
const notices = await thirdPartyNotices([extension.metafile, pages.metafile]);
await writeFile('dist/ThirdPartyNotices.txt', notices);
