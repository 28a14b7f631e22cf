import { ExactNumber } from '../../../json/exact.ts';
import { isMissing } from '../problems.ts';
import type { Findings, Place } from './findings.ts';

/**
 * The amount (REST reference: Cost Management, Budgets, `properties.amount`: required for cost). Thresholds are percentages of it, so that one
 * of 0 never tells anything; the portal refuses it too. Its currency is none of its own: see `amountCurrency`.
 */
export function checkAmount(findings: Findings, place: Place, reservation: boolean): void {
  const { value } = place;
  if (reservation) {
    if (!isMissing(value)) {
      findings.add(place, 'ignored', 'is not used by a budget on reservations; leave it out.', 'warning');
    }
  } else if (isMissing(value)) {
    findings.add(place, 'missing', 'is missing; write a number such as 1250.00.');
  } else if (typeof value !== 'number' && !(value instanceof ExactNumber)) {
    findings.add(place, 'wrongType', 'is not a number; write digits such as 1250.00, without quotes.');
  } else if (!(Number(value) > 0)) {
    findings.add(place, 'amountTooSmall', 'is not above 0; write what may be spent in one period.');
  }
}
