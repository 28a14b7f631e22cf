import { type Scope, scopePath } from '../api/arm/scope.ts';

/**
 * Whether two scopes may hold the same usage rows, so that adding both up would count these twice. An account holds the rows of all that is
 * below it; profiles and customers cut the same rows in two ways; whose rows a subscription's are its path does not tell.
 */
function mayShareRows(one: Scope, other: Scope): boolean {
  if (scopePath(one).toLowerCase() === scopePath(other).toLowerCase()) {
    return true;
  }
  if (one.kind === 'subscription' || other.kind === 'subscription') {
    return one.kind !== other.kind;
  }
  return (
    one.account.toLowerCase() === other.account.toLowerCase() &&
    (one.kind !== other.kind || one.kind === 'billingAccount')
  );
}

/** The place of the first scope that may hold rows of one before it; undefined when each row is counted once. */
export function firstShared(scopes: readonly Scope[]): number | undefined {
  const at = scopes.findIndex((scope, place) => scopes.slice(0, place).some((before) => mayShareRows(before, scope)));
  return at < 0 ? undefined : at;
}
