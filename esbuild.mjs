import { rm, writeFile } from 'node:fs/promises';
import { build } from 'esbuild';
import { checkBundle } from './test/support/bundleBudget.ts';
import { thirdPartyNotices } from './test/support/thirdPartyNotices.ts';

// Bundled CommonJS packages (undici) call require for Node's own modules; ES modules have none.
const REQUIRE =
  "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);";

await rm('dist', { recursive: true, force: true });
const result = await build({
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
checkBundle(result.metafile);
await writeFile('dist/ThirdPartyNotices.txt', await thirdPartyNotices(result.metafile));
