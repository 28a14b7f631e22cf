import { readUsageTableToHost, type UsageTableToHost, type UsageTableToPage } from '../../src/tables/tableContract.ts';
import { type SessionServices, TableSession } from '../../src/tables/tableSession.ts';
import { type BrowserPage, browserPages, type OpenPage } from './browserPage.ts';
import { type MemoryTableOptions, memoryTable } from './memoryTable.ts';

export type UsageTablePage = BrowserPage<UsageTableToPage, UsageTableToHost>;

/** A page and what answers it. */
export interface AnsweredPage extends UsageTablePage {
  /** What was put on the clipboard. */
  readonly copied: string[];
  /** What the person was asked. */
  readonly asked: string[];
  /** The file that a dialog gives. */
  file: string | undefined;
  /** Resolves when nothing is asked any more and the page was drawn. */
  settled(): Promise<void>;
}

/** Sets a suite up to open the page of usage tables, alone or with a session over a table in memory behind it. */
export function usageTablePages(): {
  alone(options?: OpenPage): Promise<UsageTablePage>;
  answered(table: MemoryTableOptions, options?: OpenPage): Promise<AnsweredPage>;
} {
  const open = browserPages<UsageTableToPage, UsageTableToHost>('usageTable', readUsageTableToHost);
  return {
    alone: open,
    async answered(table, options) {
      const shown = await open(options);
      const { page } = shown;
      const copied: string[] = [];
      const asked: string[] = [];
      const services: SessionServices = {
        copy: async (text) => {
          copied.push(text);
        },
        confirm: async (question) => {
          asked.push(question);
          return false;
        },
        fileFor: async () => made.file,
        guardFormulas: () => true,
        exported: () => {},
        note: () => {},
      };
      let posted = Promise.resolve();
      const session = new TableSession(
        memoryTable(table),
        (message) => {
          posted = posted.then(() => (page.isClosed() ? undefined : shown.tell(message).catch(() => {})));
        },
        services,
      );
      await page.exposeFunction('toSession', (message: unknown) => {
        const read = readUsageTableToHost(message);
        if (read?.type === 'ask' || read?.type === 'drop' || read?.type === 'shown') {
          session.receive(read);
        }
      });
      await page.evaluate('told.push = (m) => { toSession(m); return Array.prototype.push.call(told, m); }');
      const settled = async () => {
        for (let quiet = 0; quiet < 3; ) {
          await new Promise((done) => setTimeout(done, 70));
          quiet = session.waiting === 0 ? quiet + 1 : 0;
        }
        await posted;
        await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
      };
      const made: AnsweredPage = Object.assign(shown, { copied, asked, file: '/tmp/out.csv', settled });
      await shown.tell({
        type: 'table',
        title: 'usage.csv',
        columns: session.columns,
        keep: { files: ['/memory.csv'] },
      });
      await settled();
      return made;
    },
  };
}
