import * as vscode from 'vscode';
import { type Period, periodLabel, recentMonths, resolvePeriod } from '../usage/period.ts';

const MONTHS = 14;

/** Asks for the period of a document. Undefined when the user backs out. */
export async function pickPeriod(now: Date, title = 'Open Usage'): Promise<Period | undefined> {
  const [current = '', ...closed] = recentMonths(now, MONTHS);
  const toDate = resolvePeriod('MonthToDate', now);
  const items: (vscode.QuickPickItem & { period?: Period })[] = [
    { label: 'Month to date', description: `${current}, open`, period: toDate },
    {
      label: 'Last 7 days',
      description: days(resolvePeriod('TheLast7Days', now)),
      period: resolvePeriod('TheLast7Days', now),
    },
    {
      label: 'Last 30 days',
      description: days(resolvePeriod('TheLast30Days', now)),
      period: resolvePeriod('TheLast30Days', now),
    },
    { label: 'Days…', description: 'Type the first and the last day' },
    { label: 'Months', kind: vscode.QuickPickItemKind.Separator },
    ...closed.map((month, back) => ({
      label: month,
      ...(back === 0 ? { description: 'Last month' } : {}),
      period: resolvePeriod(month, now),
    })),
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: 'Period (UTC)',
    matchOnDescription: true,
  });
  return picked === undefined ? undefined : (picked.period ?? askDays(toDate, now, title));
}

function days(period: Period): string {
  return `${period.from} to ${period.to}`;
}

async function askDays(suggested: Period, now: Date, title: string): Promise<Period | undefined> {
  const read = (text: string): Period => {
    const [from = '', to = from] = text.split(/\s+(?:to\s+)?/);
    return resolvePeriod({ from, to }, now);
  };
  const text = await vscode.window.showInputBox({
    title,
    prompt: 'First and last day, both included, UTC',
    value: periodLabel(suggested),
    validateInput(value) {
      try {
        read(value.trim());
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
  });
  return text === undefined ? undefined : read(text.trim());
}
