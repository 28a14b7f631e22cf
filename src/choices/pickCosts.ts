import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import { discoverDimensions } from '../api/arm/dimensions.ts';
import type { CostScope } from '../api/arm/scope.ts';
import type { CostQuestion } from '../spend/costTables.ts';
import type { Period } from '../usage/period.ts';
import { withProgress } from '../workbench/progress.ts';
import { plainText, waitText } from '../workbench/text.ts';
import { pickPeriod } from './pickPeriod.ts';

/** What the service takes. */
const MOST_GROUPS = 2;

const GRANULARITIES = [
  { label: 'One sum for the period', granularity: 'None' },
  { label: 'Each day', granularity: 'Daily' },
  { label: 'Each month', granularity: 'Monthly' },
] as const;

/**
 * Asks for which days costs shall be shown, and how they are split: offered is what the service says that this scope can be split by.
 * Undefined when the person backs out.
 *
 * @throws BillingError when the service does not tell
 */
export async function pickCosts(
  arm: ArmClient,
  scope: CostScope,
  title: string,
): Promise<Pick<CostQuestion, 'period' | 'groupBy' | 'granularity'> | undefined> {
  const period = await pickPeriod(new Date(), title);
  const grouping = period && (await pickGrouping(arm, scope, period, title));
  return period && grouping && { period, ...grouping };
}

async function pickGrouping(
  arm: ArmClient,
  scope: CostScope,
  period: Period,
  title: string,
): Promise<Pick<CostQuestion, 'groupBy' | 'granularity'> | undefined> {
  const dimensions = await withProgress('Asking what costs can be grouped by', (report, signal) =>
    discoverDimensions(arm, scope, { period }, { signal, onWait: (wait) => report(waitText(wait)) }),
  );
  const items = dimensions
    .filter(({ canGroup }) => canGroup)
    .map(({ category, description }) => ({
      label: plainText(description),
      ...(description === category ? {} : { description: plainText(category) }),
      category,
    }));
  const groups = await pickSome(items, title);
  const picked =
    groups && (await vscode.window.showQuickPick([...GRANULARITIES], { title, placeHolder: 'How fine in time' }));
  return picked && { groupBy: groups.map(({ category }) => category), granularity: picked.granularity };
}

/** A pick of several that keeps to the service's limit: the editor's own has none. */
function pickSome<T extends vscode.QuickPickItem>(
  items: readonly T[],
  title: string,
): Promise<readonly T[] | undefined> {
  const pick = vscode.window.createQuickPick<T>();
  pick.title = title;
  pick.placeholder = `Group by up to ${MOST_GROUPS}; none for one sum`;
  pick.canSelectMany = true;
  pick.items = items;
  return new Promise((resolve) => {
    pick.onDidChangeSelection((selection) => {
      if (selection.length > MOST_GROUPS) {
        pick.selectedItems = selection.slice(-MOST_GROUPS);
      }
    });
    pick.onDidAccept(() => {
      resolve([...pick.selectedItems]);
      pick.dispose();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}
