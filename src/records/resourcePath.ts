import type { PseudonymKind } from './pseudonyms.ts';

/** What the names behind these words are, in paths of Azure Resource Manager and Partner Center; compared without case. */
const COLLECTIONS: ReadonlyMap<string, PseudonymKind> = new Map([
  ['subscriptions', 'subscription'],
  ['billingsubscriptions', 'subscription'],
  ['resourcegroups', 'resourceGroup'],
  ['tenants', 'customer'],
  ['customers', 'customer'],
  ['billingaccounts', 'account'],
  ['enrollmentaccounts', 'account'],
  ['billingprofiles', 'profile'],
  ['invoicesections', 'section'],
  ['departments', 'section'],
  ['managementgroups', 'section'],
  ['invoices', 'invoice'],
  ['products', 'order'],
  ['reservationorders', 'order'],
  ['savingsplanorders', 'order'],
  ['reservations', 'benefit'],
  ['savingsplans', 'benefit'],
  ['transactions', 'record'],
  ['usagedetails', 'record'],
]);

/** What a name behind this word is; undefined when no name is known to follow it. */
export function collectionKind(word: string): PseudonymKind | undefined {
  return COLLECTIONS.get(word.toLowerCase());
}

const NAMESPACE = /^microsoft(?:\.[a-z]+)+$/i;
const TYPE = /^[a-z][a-z0-9]*$/i;
/** `201903`, or `20190301`. */
const BILLING_PERIOD = /^\d{6}(?:\d\d)?$/;

/**
 * Puts other names into a path of Azure Resource Manager. What stays is what is known to be Azure's vocabulary by its place: words in front
 * of names, namespaces of Microsoft, types behind them, and billing periods. All else is a name, in damaged paths too.
 */
export function mapResourcePath(path: string, nameOf: (kind: PseudonymKind, name: string) => string): string {
  /** Whether types of a namespace may stand in front of names, besides the words above. */
  let typed = false;
  /** What the word before says of the next segment. */
  let before: string | undefined;
  return path
    .split('/')
    .map((segment) => {
      const word = before;
      before = undefined;
      if (segment === '') {
        return segment;
      }
      if (word === undefined) {
        before = segment.toLowerCase();
        return isWord(before, typed) ? segment : nameOf('text', decoded(segment));
      }
      if (word === 'providers') {
        typed = NAMESPACE.test(segment);
        return typed ? segment : nameOf('text', decoded(segment));
      }
      if (word === 'billingperiods' && BILLING_PERIOD.test(segment)) {
        return segment;
      }
      return nameOf(collectionKind(word) ?? 'resource', decoded(segment));
    })
    .join('/');
}

function isWord(segment: string, typed: boolean): boolean {
  return segment === 'providers' || COLLECTIONS.has(segment) || (typed && TYPE.test(segment));
}

/** Paths in links have blanks and the like as `%20`. */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
