import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import { listExports } from '../api/arm/exports.ts';
import type { CostScope } from '../api/arm/scope.ts';
import { plainText } from '../workbench/text.ts';

/** A new export: its name and the body of its request. */
export interface PlannedExport {
  name: string;
  body: Record<string, unknown>;
}

type Choice<T> = vscode.QuickPickItem & { value: T };

const TITLE = 'New Export';

const TYPES: readonly Choice<string>[] = [
  { label: 'Actual cost', detail: 'Every charge on the day it was made', value: 'ActualCost' },
  { label: 'Amortized cost', detail: 'Reservations and savings plans spread over their term', value: 'AmortizedCost' },
  { label: 'FOCUS cost', detail: 'The columns of the FinOps Open Cost and Usage Specification', value: 'FocusCost' },
];
const PRICES: Choice<string> = { label: 'Price sheet', detail: 'The prices of the month', value: 'PriceSheet' };

const FORMATS: readonly Choice<Record<string, unknown>>[] = [
  { label: 'CSV, gzip', detail: 'Smallest text', value: { format: 'Csv', compressionMode: 'gzip' } },
  { label: 'CSV', detail: 'Plain text', value: { format: 'Csv', compressionMode: 'none' } },
  { label: 'Parquet, snappy', detail: 'For analysis tools', value: { format: 'Parquet', compressionMode: 'snappy' } },
];

interface Plan {
  timeframe: string;
  recurrence: string | undefined;
}

const PLANS: readonly Choice<Plan>[] = [
  { label: 'Every day, month to date', value: { timeframe: 'MonthToDate', recurrence: 'Daily' } },
  { label: 'Every month, last month', value: { timeframe: 'TheLastMonth', recurrence: 'Monthly' } },
  { label: 'By hand', detail: 'It runs when you start it', value: { timeframe: 'MonthToDate', recurrence: undefined } },
];
/** The service takes the current month for price sheets only, and only so. */
const PRICE_PLAN: Plan = { timeframe: 'TheCurrentMonth', recurrence: 'Daily' };

const STORAGE_ACCOUNT =
  /^\/subscriptions\/[^/\s]+\/resourceGroups\/[^/\s]+\/providers\/Microsoft\.(Classic)?Storage\/storageAccounts\/[^/\s]+$/i;

/** Years that a new schedule runs. */
const YEARS = 5;

/**
 * Asks what a new export shall hold and where it shall go, one question at a time. Storage accounts that other exports of the
 * scope write to are offered first.
 *
 * @returns undefined when a question was left unanswered: nothing is created
 */
export async function planExport(arm: ArmClient, scope: CostScope, today: Date): Promise<PlannedExport | undefined> {
  const newest = arm.versions === 'newest';
  const types = TYPES.filter(({ value }) => newest || value !== 'FocusCost');
  const type = await pick([...types, ...(newest && scope.kind === 'billingProfile' ? [PRICES] : [])], 'What it holds');
  const format =
    type === undefined ? undefined : await pick(newest ? FORMATS : FORMATS.slice(1, 2), 'How it is written');
  if (format === undefined) {
    return undefined;
  }
  const plan = type === 'PriceSheet' ? PRICE_PLAN : await pick(PLANS, 'When it runs');
  const destination = plan && (await chooseDestination(arm, scope));
  const name = destination && (await askName());
  if (plan === undefined || name === undefined) {
    return undefined;
  }
  const dataSet = type === 'PriceSheet' ? {} : { dataSet: { granularity: 'Daily' } };
  return {
    name,
    body: {
      properties: {
        ...(newest
          ? { ...format, partitionData: true, dataOverwriteBehavior: 'OverwritePreviousReport' }
          : { format: 'Csv' }),
        definition: { type, timeframe: plan.timeframe, ...dataSet },
        deliveryInfo: { destination: { type: 'AzureBlob', ...destination } },
        ...(plan.recurrence === undefined ? {} : { schedule: scheduleFrom(today, plan.recurrence) }),
      },
    },
  };
}

async function pick<T>(items: readonly Choice<T>[], placeHolder: string): Promise<T | undefined> {
  return (await vscode.window.showQuickPick([...items], { title: TITLE, placeHolder }))?.value;
}

interface Destination {
  resourceId: string;
  container: string;
  rootFolderPath: string;
}

async function chooseDestination(arm: ArmClient, scope: CostScope): Promise<Destination | undefined> {
  const known = await knownDestinations(arm, scope);
  const other: Choice<Destination | undefined> = { label: 'Another storage account…', value: undefined };
  const items = known.map((value) => ({
    label: plainText(value.resourceId.split('/').at(-1) ?? ''),
    description: plainText([value.container, value.rootFolderPath].filter(Boolean).join('/')),
    value,
  }));
  if (items.length > 0) {
    const picked = await vscode.window.showQuickPick([...items, other], { title: TITLE, placeHolder: 'Where it goes' });
    if (picked !== other) {
      return picked?.value;
    }
  }
  const resourceId = await ask('Resource ID of the storage account', (text) =>
    STORAGE_ACCOUNT.test(text.trim())
      ? undefined
      : 'Use /subscriptions/…/resourceGroups/…/providers/Microsoft.Storage/storageAccounts/…, as the portal shows it.',
  );
  const container =
    resourceId &&
    (await ask('Container; it is created when it does not exist', (text) =>
      /^(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(text)
        ? undefined
        : 'Use 3 to 63 small letters, digits and single dashes.',
    ));
  const rootFolderPath =
    container &&
    (await ask('Folder in the container', (text) =>
      /^[^/].*$/.test(text) ? undefined : 'Name a folder; it does not begin with a slash.',
    ));
  return resourceId && container && rootFolderPath
    ? { resourceId: resourceId.trim(), container, rootFolderPath }
    : undefined;
}

/** Where other exports of the scope go; none when they cannot be listed, since the question does not depend on it. */
async function knownDestinations(arm: ArmClient, scope: CostScope): Promise<Destination[]> {
  try {
    const known = new Map<string, Destination>();
    for (const { properties } of (await listExports(arm, scope).nextPage())?.value ?? []) {
      const { resourceId, container, rootFolderPath } = properties.deliveryInfo?.destination ?? {};
      if (resourceId && container) {
        const destination = { resourceId, container, rootFolderPath: rootFolderPath ?? '' };
        known.set(JSON.stringify(destination).toLowerCase(), destination);
      }
    }
    return [...known.values()];
  } catch {
    return [];
  }
}

function askName(): Promise<string | undefined> {
  return ask('Name of the export', (text) =>
    /^[A-Za-z0-9_-]{3,64}$/.test(text) ? undefined : 'Use 3 to 64 letters, digits, dashes and underscores.',
  );
}

async function ask(prompt: string, problem: (text: string) => string | undefined): Promise<string | undefined> {
  return vscode.window.showInputBox({ title: TITLE, prompt, ignoreFocusOut: true, validateInput: problem });
}

/** From tomorrow on: the service refuses a beginning in the past. */
function scheduleFrom(today: Date, recurrence: string): Record<string, unknown> {
  const at = (years: number, days: number) =>
    `${new Date(Date.UTC(today.getUTCFullYear() + years, today.getUTCMonth(), today.getUTCDate() + days)).toISOString().slice(0, 10)}T00:00:00Z`;
  return { status: 'Active', recurrence, recurrencePeriod: { from: at(0, 1), to: at(YEARS, 1) } };
}
