import { digitsOf, ExactNumber } from '../../../json/exact.ts';
import { isMissing } from '../problems.ts';
import type { Findings, Place } from './findings.ts';
import { LIMITS } from './words.ts';

/** A threshold (REST reference: Budgets, `Notification.threshold`): a percentage of the amount, or of what is reserved. */
export function checkThreshold(findings: Findings, place: Place, reservation: boolean): void {
  const most = reservation ? LIMITS.reservationThreshold : LIMITS.costThreshold;
  const { value } = place;
  if (isMissing(value)) {
    findings.add(place, 'missing', `is missing; write a percentage up to ${most}.`);
  } else if (typeof value !== 'number' && !(value instanceof ExactNumber)) {
    findings.add(place, 'wrongType', 'is not a number; write a percentage such as 80, without quotes.');
  } else if (!(Number(value) >= 0 && Number(value) <= most)) {
    findings.add(place, 'thresholdRange', `is not between 0 and ${most} percent; write a number in between.`);
  } else if (decimals(digitsOf(value)) > LIMITS.thresholdDecimals) {
    findings.add(place, 'thresholdDecimals', 'has more than two decimals; round it.');
  }
}

/** How many decimals a number has; zeros at the end do not count. */
function decimals(digits: string): number {
  const [mantissa = '', exponent = '0'] = digits.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.split('.');
  const significant = (whole + fraction).replace(/0+$/, '');
  return /[1-9]/.test(significant) ? significant.length - whole.length - Number(exponent) : 0;
}
