import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Manifest } from '../../src/jobs/manifest.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { recentMonths, resolvePeriod } from '../../src/usage/period.ts';
import { extensionHosts, tellsProcesses } from '../support/editor/extensionHosts.ts';
import type { Workbench } from '../support/editor/page.ts';
import { exportContent } from '../support/exportContent.ts';
import { ExportsPane } from '../support/exportsPane.ts';
import { vsixFile } from '../support/packageExtension.ts';
import { type SmallPages, startSmallPages } from '../support/smallPages.ts';
import { startUiSession, type UiSession } from '../support/uiSession.ts';

/** The form that takes long: `HOST_KILLS=50 HOST_ROWS=1000000`. */
const KILLS = Number(process.env.HOST_KILLS ?? 2);
const ROWS = Number(process.env.HOST_ROWS ?? 40_000);

/** The tenant has nineteen months of about the same size. */
const MONTHS = 19;

/** Milliseconds. */
const LONG = 120_000 + ROWS;

describe('an export and the end of its extension host', function () {
  this.timeout(180_000 + 3 * ROWS + KILLS * 60_000);
  let service: SampleService;
  let pages: SmallPages;
  let session: UiSession;
  let window: Workbench;
  let exports: ExportsPane;
  let folder: string;
  /** Of the export that nobody disturbs. */
  let calm: Manifest;
  /** What it takes from its first rows on. */
  let milliseconds: number;
  /** So old that reports never take the place of usage details: files from one source are compared. */
  const month = recentMonths(new Date(), 17)[15] ?? '';
  const { from, to } = resolvePeriod(month, new Date());
  const days = `${from} to ${to}`;

  before(async function () {
    if (!tellsProcesses) {
      this.skip();
    }
    folder = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-kills-'));
    service = await startSampleService({ customers: 12, usageRows: ROWS * MONTHS, latency: ROWS > 100_000 ? 5 : 150 });
    pages = await startSmallPages(service.endpoints.resourceManager, Math.max(40, Math.min(1000, ROWS / 500)));
    session = await startUiSession({
      vsix: vsixFile,
      settings: { 'files.simpleDialog.enable': true },
      machineSettings: {
        'azureBilling.connections': [
          { name: 'Slow', cloud: 'custom', credential: 'none', endpoints: { resourceManager: pages.base } },
        ],
      },
    });
    window = await session.open({ folder, viewport: { width: 1280, height: 900 } });
    exports = new ExportsPane(window, folder);
    await window.openView('Azure Billing');
    await exports.show();
    await exports.exportAll('calm.csv', days);
    const began = performance.now();
    await finished('calm.csv');
    milliseconds = performance.now() - began;
    calm = manifestOf('calm.csv');
  });

  after(async () => {
    await session?.close();
    await pages?.close();
    await service?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const manifestOf = (name: string) =>
    JSON.parse(readFileSync(path.join(folder, `${name}.manifest.json`), 'utf8')) as Manifest;
  const row = (name: string, text: string) => exports.job(new RegExp(`${name.replace('.', '\\.')}.*${text}`));
  const finished = (name: string) => row(name, 'done · ').waitFor({ timeout: LONG });
  const interrupted = () => window.notification(/An export was interrupted by the end of the editor/);
  const assertSame = (name: string) => {
    assert.deepEqual(exportContent(manifestOf(name)), { ...exportContent(calm), complete: true });
    assert.ok(readFileSync(path.join(folder, name)).equals(readFileSync(path.join(folder, 'calm.csv'))));
  };

  it('a reload of the window asks for no page again that was there', async () => {
    const before = new Map(pages.answered);
    await exports.exportAll('reloaded.csv', days);
    await delay(milliseconds / 3);
    await window.reload();
    await interrupted().waitFor({ timeout: 60_000 });
    await row('reloaded.csv', 'interrupted').waitFor();
    await window.screenshot('export-host-reloaded', 'busy');
    await window.answerNotification(/An export was interrupted/, 'Resume');
    await finished('reloaded.csv');
    assertSame('reloaded.csv');
    const again = [...pages.answered].filter(([url, times]) => times - (before.get(url) ?? 0) > 1);
    assert.ok(again.length <= pages.mostAtOnce, `${again.length} pages were fetched again, more than were under way`);
  });

  it('killed again and again, it has the rows, the order and the digest of one that nobody disturbed', async () => {
    let resumed = 0;
    let files = 0;
    // Kills may all come before rows were kept, or behind the end: then a few more.
    const goesOn = (kills: number) => kills < KILLS || (resumed === 0 && kills < KILLS + 6);
    for (let kills = 0; goesOn(kills); files++) {
      const name = `killed${files}.csv`;
      await exports.exportAll(name, days);
      while (goesOn(kills)) {
        await delay(kills < KILLS ? (Math.random() * 1.5 * milliseconds) / KILLS : milliseconds * 0.6);
        if (existsSync(path.join(folder, name))) {
          break;
        }
        await kill();
        kills++;
        // By now it may have been done.
        const isLeft = await Promise.race([
          interrupted()
            .waitFor({ timeout: LONG })
            .then(() => true),
          finished(name).then(() => false),
        ]);
        if (!isLeft) {
          break;
        }
        await row(name, 'interrupted').waitFor();
        resumed += /interrupted · 0 rows/.test(await row(name, 'interrupted').innerText()) ? 0 : 1;
        if (kills === 1) {
          await window.screenshot('export-host-killed', 'busy');
        }
        await resume(name, kills % 2 === 0);
        await row(name, '(%|finishing|done) · ').waitFor();
        if (kills === 1) {
          await window.screenshot('export-host-killed-resumed', 'busy');
        }
      }
      await finished(name);
      assertSame(name);
      rmSync(path.join(folder, name));
    }
    await window.screenshot('export-host-killed-done', 'busy');
    assert.ok(resumed > 0, 'some went on behind rows that were kept');
    if (process.env.HOST_KILLS !== undefined) {
      console.log(
        `      ${KILLS} kills of the extension host, ${resumed} went on behind kept rows; ${files} files, ${calm.rows} rows, ${calm.bytes} bytes each; undisturbed ${Math.round(milliseconds)} ms`,
      );
    }
  });

  /** Kills the extension host. The editor starts another one by itself; at the third time in five minutes it asks, and the person reloads. */
  async function kill(): Promise<void> {
    const killed = extensionHosts(session.editor);
    assert.equal(killed.length, 1);
    for (const pid of killed) {
      process.kill(pid, 'SIGKILL');
    }
    const gaveUp = window.notification(/terminated unexpectedly/);
    for (;;) {
      if (await gaveUp.isVisible()) {
        await window.reload();
        return;
      }
      if (extensionHosts(session.editor).some((pid) => !killed.includes(pid))) {
        return;
      }
      await delay(100);
    }
  }

  async function resume(name: string, byNotification: boolean): Promise<void> {
    if (byNotification) {
      await window.answerNotification(/An export was interrupted/, 'Resume');
    } else {
      await window.answerNotification(/An export was interrupted/, 'Show Exports');
      await exports.press(row(name, 'interrupted'), 'Resume');
    }
  }
});
