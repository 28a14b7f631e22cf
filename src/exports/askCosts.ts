import type { ArmClient } from '../api/arm/armClient.ts';
import { refused } from '../api/arm/input.ts';
import { parseCostScope, scopePath } from '../api/arm/scope.ts';
import { rowTitle } from '../choices/commandInput.ts';
import { pickCosts } from '../choices/pickCosts.ts';
import type { NodeArgument } from '../contributions.ts';
import { costQueryOf } from '../spend/costTables.ts';
import { BackedOut } from './ask.ts';
import { costsSubject, type ExportSubject } from './exportSubject.ts';
import { exportTitle } from './exportTitle.ts';

/**
 * Asks a person which costs of a row shall be exported: the period, what they are split by, and how fine in time.
 *
 * @throws BackedOut; BillingError of kind `argument` for a row without costs
 */
export async function askCosts(
  row: NodeArgument,
  connections: { arm(name: string): Promise<ArmClient> },
): Promise<ExportSubject> {
  const path = row.costScope ?? row.scope;
  if (path === undefined) {
    throw refused('selection', 'has no costs; choose an account, profile, customer, subscription or resource group.');
  }
  const scope = parseCostScope(path);
  const arm = await connections.arm(row.connection);
  const picked = await pickCosts(arm, scope, exportTitle('query'));
  if (picked === undefined) {
    throw new BackedOut();
  }
  const question = { scope: scopePath(scope), ...picked };
  return costsSubject(row.connection, question, costQueryOf(question, arm.versions), rowTitle(row));
}
