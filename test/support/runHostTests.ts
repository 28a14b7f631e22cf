import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { buildHostTests } from './buildHostTests.ts';
import { runHostTestsInDesktop } from './editor/desktop.ts';
import { type HostTestOptions, type HostTestResult, runHostTestsInBrowserBuild } from './editor/hostTests.ts';
import { writeCounts } from './hostRunner/counts.ts';
import { hostRunnerModule, projectFolder } from './project.ts';

function summarize(where: string, result: HostTestResult): boolean {
  console.log(`${where}: ${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped.`);
  console.log(writeCounts(result));
  return result.code === 0;
}

/** `node test/support/runHostTests.ts [text]`: all suites of `test/host`, or the tests whose title contains the text. The extension must be built. */
async function main(grep: string | undefined): Promise<boolean> {
  await buildHostTests();
  const workspace = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-workspace-'));
  const options: HostTestOptions = {
    extensionPath: projectFolder,
    testsModule: hostRunnerModule,
    workspace,
    ...(grep === undefined ? {} : { environment: { HOST_TESTS_GREP: grep } }),
  };
  try {
    const inBrowserBuild = summarize('Browser build', await runHostTestsInBrowserBuild(options));
    const desktop = await runHostTestsInDesktop(options);
    if ('code' in desktop) return summarize('Desktop', desktop) && inBrowserBuild;
    console.log(`Desktop: skipped, ${desktop.skipped}.`);
    return inBrowserBuild;
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
}

try {
  if (!(await main(process.argv[2]))) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
