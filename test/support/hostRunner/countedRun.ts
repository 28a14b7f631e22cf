import type Mocha from 'mocha';
import type { HostTestCounts } from './counts.ts';

/** Loads and runs the files of a mocha instance. */
export async function countedRun(mocha: Mocha): Promise<HostTestCounts> {
  await mocha.loadFilesAsync();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  await new Promise<void>((resolve) => {
    mocha
      .run(() => resolve())
      .on('pass', () => {
        counts.passed += 1;
      })
      // Failing hooks are reported here too; they are no tests, but a run with one must not pass.
      .on('fail', () => {
        counts.failed += 1;
      })
      .on('pending', () => {
        counts.skipped += 1;
      });
  });
  return counts;
}
