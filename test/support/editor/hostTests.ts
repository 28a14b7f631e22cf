import path from 'node:path';
import { format } from 'node:util';
import type { Browser } from 'playwright-core';
import { type HostTestCounts, readCounts } from '../hostRunner/counts.ts';
import { unmarkLine } from '../hostRunner/lines.ts';
import { launchBrowser } from './browser.ts';
import { provisionEditor } from './provision.ts';
import { type Settings, startEditor } from './server.ts';

/** What a run of the extension-host suites is given. All paths are absolute. */
export interface HostTestOptions {
  /** Folder of the extension under test, with its built files. */
  readonly extensionPath: string;
  /** Built ES module with `run()`. */
  readonly testsModule: string;
  readonly workspace: string;
  readonly settings?: Settings;
  readonly machineSettings?: Settings;
  /** Variables that the suites see in `process.env`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The run is given up when it prints nothing for this long, in milliseconds. */
  readonly silenceTimeout?: number;
}

/** How the suites ended. `code` is 0 only when at least one test ran and none failed. */
export interface HostTestResult extends HostTestCounts {
  readonly code: number;
}

function remoteUri(port: number, file: string): string {
  return `vscode-remote://localhost:${port}${file.split(path.sep).map(encodeURIComponent).join('/')}`;
}

interface RunInPage {
  readonly browser: Browser;
  readonly url: string;
  readonly port: number;
  readonly options: HostTestOptions;
}

/** Resolves with the code that the run ended with and the counts that it printed. */
async function runInPage({ browser, url, port, options }: RunInPage): Promise<HostTestResult> {
  const { silenceTimeout = 120_000 } = options;
  const page = await browser.newPage();
  let counts: HostTestCounts | undefined;
  const pageLog: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<HostTestResult>((resolve, reject) => {
      const giveUp = (reason: string): void => {
        reject(new Error([reason, ...pageLog.slice(-20).map((line) => `    ${line}`)].join('\n')));
      };
      const heard = (): void => {
        clearTimeout(timer);
        timer = setTimeout(
          () => giveUp(`The extension host printed nothing for ${silenceTimeout / 1000} s.`),
          silenceTimeout,
        );
      };
      page.on('console', (message) => {
        const line = message.text().split('\n', 1)[0] ?? '';
        if (!/^%c INFO|^Failed to load resource/.test(line)) pageLog.push(line);
        // The workbench starts another extension host by itself, which would run nothing.
        if (/Extension host .*terminated unexpectedly/i.test(message.text())) giveUp('The extension host crashed.');
      });
      page.on('crash', () => giveUp('The page of the editor crashed.'));
      const begin = async (): Promise<void> => {
        await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
          const line = unmarkLine(format(...args));
          if (line === undefined) return;
          heard();
          counts = readCounts(line) ?? counts;
          if (readCounts(line) === undefined) console.log(line);
        });
        await page.exposeFunction('codeAutomationExit', (code: number) => {
          if (counts === undefined)
            giveUp(`The run in the extension host ended with ${code} before it told its totals.`);
          else resolve({ code, ...counts });
        });
        const payload = [
          ['extensionDevelopmentPath', remoteUri(port, options.extensionPath)],
          ['extensionTestsPath', remoteUri(port, options.testsModule)],
          ['skipWelcome', 'true'],
        ];
        const query = new URLSearchParams({ folder: options.workspace, payload: JSON.stringify(payload) });
        heard();
        await page.goto(`${url}/?${query}`);
      };
      begin().catch(reject);
    });
  } finally {
    clearTimeout(timer);
    await page.close();
  }
}

/**
 * Runs mocha suites inside the extension host of the browser build and prints what they print.
 * @throws Error when the run never ended; failing tests are no error, they are in the result
 */
export async function runHostTestsInBrowserBuild(options: HostTestOptions): Promise<HostTestResult> {
  const installation = await provisionEditor(console.log);
  const editor = await startEditor({
    installation,
    workspace: options.workspace,
    smokeTestDriver: true,
    ...(options.settings === undefined ? {} : { settings: options.settings }),
    ...(options.machineSettings === undefined ? {} : { machineSettings: options.machineSettings }),
    environment: {
      HOST_TESTS_MARK: '1',
      HOST_TESTS_COLOR: process.stdout.isTTY ? '1' : '0',
      ...options.environment,
    },
  });
  try {
    const browser = await launchBrowser();
    try {
      return await runInPage({ browser, url: editor.url, port: editor.port, options });
    } finally {
      await browser.close();
    }
  } finally {
    await editor.stop();
  }
}
