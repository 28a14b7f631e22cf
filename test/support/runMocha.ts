import { globSync } from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';
import { countedRun } from './hostRunner/countedRun.ts';
import { writeCounts } from './hostRunner/counts.ts';

/** `node test/support/runMocha.ts <milliseconds a test may take> <glob>…`: runs suites in this process and tells the totals. */
const [timeout = '', ...patterns] = process.argv.slice(2);
const mocha = new Mocha({ reporter: 'spec', timeout: Number(timeout), forbidOnly: process.env.CI !== undefined });
for (const file of patterns.flatMap((pattern) => globSync(pattern)).sort()) {
  mocha.addFile(path.resolve(file));
}
mocha.suite.afterEach('keeps what a failure looked like', async function (this: Mocha.Context) {
  if (this.currentTest?.state === 'failed') {
    const { screenshotsOfFailure } = await import('./editor/page.ts');
    await screenshotsOfFailure(this.currentTest.fullTitle());
  }
});
const counts = await countedRun(mocha);
console.log(writeCounts(counts));
// Something that a failed test left open must not keep the process.
process.exit(counts.failed > 0 || counts.passed === 0 ? 1 : 0);
