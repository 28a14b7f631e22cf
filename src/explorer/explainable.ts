import type { AccessQuestion } from '../contributions.ts';
import { isAccessFailure } from '../workbench/failures.ts';
import { type ExplorerNode, isOfPartnerCenter, type NodeKind } from './node.ts';

/** What a level without rows would list, by its parent. Nobody wonders why there are no budgets. */
const LISTED: Partial<Record<NodeKind, AccessQuestion['listed']>> = {
  connection: 'billing accounts',
  customers: 'customers',
  customer: 'subscriptions',
  subscriptions: 'subscriptions',
  subscription: 'usage',
  year: 'invoices',
  invoice: 'other',
  profiles: 'other',
  charges: 'usage',
  permissions: 'other',
};

/** Whether a row that stands for no resource can be explained: a refusal, or nothing where something could be. */
export function hasExplanation({ kind, parent, error }: ExplorerNode): boolean {
  // What can be looked into are roles and policies of Azure; a refusal of Partner Center carries its own advice.
  if (parent !== undefined && isOfPartnerCenter(parent)) {
    return false;
  }
  return (kind === 'error' && isAccessFailure(error)) || (kind === 'empty' && listedBy(parent) !== undefined);
}

/** What the children of a node would have been. */
export function listedBy(parent: ExplorerNode | undefined): AccessQuestion['listed'] {
  return parent && LISTED[parent.kind];
}
