import type { BudgetContext } from './context.ts';
import { isInSubscription } from './context.ts';
import type { Findings, Place } from './findings.ts';

/** The categories that a version of a provider knows (REST reference: Budgets, `properties.category`). */
function categoriesOf({ provider, versions }: Pick<BudgetContext, 'provider' | 'versions'>): readonly string[] {
  if (provider === 'consumption') {
    return ['Cost'];
  }
  return versions === 'seed' ? ['Cost', 'Usage'] : ['Cost', 'ReservationUtilization'];
}

/**
 * The category (REST reference: Budgets - Create Or Update, `category` and the scopes that each is for).
 *
 * @returns whether the rest is read as a budget on reservations, also where the category is not allowed here
 */
export function checkCategory(findings: Findings, place: Place, context: BudgetContext): boolean {
  const category = findings.word(place, categoriesOf(context));
  const reservation = /^reservationutilization$/i.test(String(place.value));
  if (category === undefined || !reservation) {
    return reservation;
  }
  const { scope } = context;
  // Names of enrolments are numbers; a partner's account and one of a customer agreement have a colon.
  if (isInSubscription(scope) || (scope.kind === 'billingAccount' && scope.account.includes(':'))) {
    findings.add(
      place,
      'categoryOfScope',
      'is ReservationUtilization, which this scope has no budgets for; use a customer.',
    );
  } else if (scope.kind === 'billingProfile') {
    findings.add(
      place,
      'categoryOfScope',
      'is ReservationUtilization, which only billing profiles without a partner have; use a customer.',
      'uncertain',
    );
  }
  return reservation;
}
