import { parentPath } from '../api/arm/parent.ts';
import { normalizeId } from '../api/arm/scope.ts';
import type { AccessQuestion } from '../contributions.ts';
import { listedBy } from './explainable.ts';
import { type ExplorerNode, isOfPartnerCenter } from './node.ts';

/** What "why?" means on a row: the failure or the emptiness that it shows, else whether its usage can be read. */
export function accessQuestion(node: ExplorerNode): AccessQuestion {
  const { connection, parent } = node;
  if (node.kind === 'error' && parent !== undefined) {
    return { connection, scope: scopeOf(parent), error: node.error };
  }
  if (node.kind === 'empty' && parent !== undefined) {
    return { connection, scope: scopeOf(parent), listed: listedBy(parent) ?? 'other' };
  }
  return { connection, scope: scopeOf(node) };
}

function scopeOf(node: ExplorerNode): string | undefined {
  const { scope, subscription, account, profile, customer } = node;
  if (scope !== undefined) {
    return normalizeId(scope);
  }
  if (isOfPartnerCenter(node)) {
    return undefined; // it has no place in Azure Resource Manager
  }
  if (subscription !== undefined) {
    return `/subscriptions/${subscription}`;
  }
  if (account === undefined) {
    return undefined;
  }
  // The cost APIs know a customer below its account only.
  return parentPath(customer === undefined ? { account, profile } : { account, customer });
}
