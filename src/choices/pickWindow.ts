import * as vscode from 'vscode';
import { refused } from '../api/arm/input.ts';
import { type CheckedWindow, checkWindow, DAY, type Granularity } from '../api/partnerCenter/utilizationWindow.ts';
import { plainText } from '../workbench/text.ts';

const TITLE = 'Utilization';

/** Times of report, as they were chosen or typed: a typed one may be within a day or hour. */
export interface PickedWindow {
  start: string;
  end: string;
  granularity: Granularity;
  showDetails: boolean;
}

/**
 * Asks how fine utilization shall be, and for a window of the time of report; windows are shown as the service takes them. Undefined
 * when the user backs out.
 *
 * @param now milliseconds since 1970
 */
export async function pickWindow(now: number): Promise<PickedWindow | undefined> {
  const rows = await pickRows();
  const times = rows && (await pickTimes(now, rows.granularity));
  return times && { ...times, ...rows };
}

type Rows = Pick<PickedWindow, 'granularity' | 'showDetails'>;
type Times = Pick<PickedWindow, 'start' | 'end'>;

function pickRows(): Thenable<Rows | undefined> {
  return vscode.window.showQuickPick(
    [
      { label: 'By day and resource', granularity: 'daily', showDetails: true },
      { label: 'By hour and resource', granularity: 'hourly', showDetails: true },
      { label: 'By day and meter', granularity: 'daily', showDetails: false },
      { label: 'By hour and meter', granularity: 'hourly', showDetails: false },
    ] as const,
    { title: TITLE, placeHolder: 'A row of raw use, without prices, for each' },
  );
}

async function pickTimes(now: number, granularity: Granularity): Promise<Times | undefined> {
  // The service has all of a window two hours after its end.
  const latest = now - DAY / 12;
  const today = Math.floor(latest / DAY) * DAY;
  const until = granularity === 'daily' ? today : latest;
  const month = (back: number) => {
    const date = new Date(today);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - back, 1);
  };
  const windows = [
    ['Yesterday', today - DAY, today],
    ['Last 7 days', until - 7 * DAY, until],
    ['Last 31 days', until - 31 * DAY, until],
    ['Month to date', month(0), until],
    ['Last month', month(1), month(0)],
  ] as const;
  const picked = await vscode.window.showQuickPick<vscode.QuickPickItem & { times?: Times }>(
    [
      { label: 'rows of use before the window are normal', kind: vscode.QuickPickItemKind.Separator },
      ...windows
        .filter(([, start, end]) => start < end)
        .map(([label, start, end]) => {
          const { window } = checkWindow({ start: new Date(start), end: new Date(end), granularity }, { now });
          return { label, description: shown(window, granularity), times: window };
        }),
      { label: 'From and to…', description: 'days or moments' },
    ],
    {
      title: `${TITLE}: Time of Report (UTC)`,
      placeHolder: 'Reported to billing when? That is hours or days after the use',
      matchOnDescription: true,
    },
  );
  return picked === undefined ? undefined : (picked.times ?? askTimes(now, granularity));
}

const EXPLANATION =
  'That is when the use was reported to billing, hours or days after it happened: rows of use before the window are normal.';

async function askTimes(now: number, granularity: Granularity): Promise<Times | undefined> {
  const read = (text: string) => readTimes(text, granularity, now);
  const today = Math.floor((now - DAY / 12) / DAY) * DAY;
  const text = await vscode.window.showInputBox({
    title: `${TITLE}: Time of Report (UTC)`,
    value: `${day(today - DAY)} to ${day(today)}`,
    validateInput(value) {
      try {
        const { window, notes } = read(value);
        const told = [...notes, `Window: ${shown(window, granularity)}, end not included.`, EXPLANATION];
        return { message: plainText(told.join(' ')), severity: vscode.InputBoxValidationSeverity.Info };
      } catch (error) {
        return plainText(error instanceof Error ? error.message : String(error));
      }
    },
  });
  return text === undefined ? undefined : read(text).asked;
}

function readTimes(text: string, granularity: Granularity, now: number): CheckedWindow {
  const [, start, end] = /^(\S+)\s+(?:to\s+)?(\S+)$/i.exec(text.trim()) ?? [];
  if (end === undefined || end.toLowerCase() === 'to') {
    throw refused('end', 'is missing; write two days or moments, such as 2026-11-01 to 2026-11-08.');
  }
  return checkWindow({ start, end, granularity }, { now });
}

/** Daily windows begin and end at midnight: days say it. */
function shown({ start, end }: Times, granularity: Granularity): string {
  const short = (time: string) => (granularity === 'daily' ? time.slice(0, 10) : `${time.slice(0, 16)}Z`);
  return `${short(start)} to ${short(end)}`;
}

function day(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}
