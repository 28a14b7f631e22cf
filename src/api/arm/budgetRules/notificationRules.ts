import { isMissing } from '../problems.ts';
import { checkContacts } from './contactRules.ts';
import type { PartContext } from './context.ts';
import type { Findings, Place } from './findings.ts';
import { checkThreshold } from './thresholdRules.ts';
import { FREQUENCIES, LIMITS, LOCALES, MEMBERS, THRESHOLD_TYPES } from './words.ts';

/**
 * The notifications, a map of name → notification (REST reference: Budgets, `properties.notifications`): five of a type at most,
 * exactly one on reservations.
 */
export function checkNotifications(findings: Findings, place: Place, context: PartContext): void {
  const { reservation } = context;
  if (isMissing(place.value)) {
    if (reservation) {
      findings.add(place, 'missing', 'is missing; a budget on reservations has exactly one notification.');
    } else {
      findings.add(place, 'neverAlerts', 'is missing, so that the budget never alerts; add one.', 'warning');
    }
    return;
  }
  const members = findings.members(place);
  if (members === undefined) {
    return;
  }
  const types = members
    .all((key) => `notification '${key.slice(0, 60)}'`)
    .map(([key, notification]) => checkNotification(findings, notification, key, context));
  if (reservation && types.length !== 1) {
    findings.add(
      place,
      'notExactlyOne',
      `has ${types.length} notifications; a budget on reservations has exactly one.`,
    );
    return;
  }
  if (types.length === 0) {
    findings.add(place, 'neverAlerts', 'is empty, so that the budget never alerts; add one.', 'warning');
  }
  for (const type of forecasts(context) ? THRESHOLD_TYPES : [undefined]) {
    const count = types.filter((found) => type === undefined || found === type).length;
    if (count > LIMITS.notificationsOfAType) {
      const kind = type === undefined ? '' : ` on ${type.toLowerCase()} cost`;
      findings.add(place, 'tooMany', `has ${count} notifications${kind}; ${LIMITS.notificationsOfAType} are the most.`);
    }
  }
}

/** Whether notifications on forecasts exist: not in the versions of the seed. */
function forecasts({ versions }: PartContext): boolean {
  return versions !== 'seed';
}

/** The comparisons that a version takes (REST reference: Budgets, `Notification.operator`). */
function operatorsOf({
  reservation,
  provider,
  versions,
}: Pick<PartContext, 'reservation' | 'provider' | 'versions'>): readonly string[] {
  if (reservation) {
    return ['LessThan'];
  }
  const always = ['GreaterThan', 'GreaterThanOrEqualTo'];
  return provider === 'costManagement' && versions === 'newest' ? always : [...always, 'EqualTo'];
}

/** @returns what the threshold is compared with */
function checkNotification(findings: Findings, place: Place, key: string, context: PartContext): string {
  const { reservation } = context;
  const members = findings.members(place, MEMBERS.notification);
  if (members === undefined) {
    return '';
  }
  const called = (member: string): string => `${member} of '${key.slice(0, 60)}'`;
  const of = (member: string): Place => members.at(member, called(member));
  checkEnabled(findings, of('enabled'));
  findings.word(of('operator'), operatorsOf(context));
  checkThreshold(findings, of('threshold'), reservation);
  const types = !forecasts(context) || reservation ? ['Actual'] : THRESHOLD_TYPES;
  const type = findings.word<string>(of('thresholdType'), types, true);
  const frequency = of('frequency');
  if (reservation) {
    findings.word(frequency, FREQUENCIES, true);
  } else if (!isMissing(frequency.value)) {
    findings.add(frequency, 'ignored', 'is for budgets on reservations only; leave it out.');
  }
  findings.word(of('locale'), LOCALES, true);
  checkContacts(findings, members, called, context);
  return type ?? 'Actual';
}

function checkEnabled(findings: Findings, place: Place): void {
  if (isMissing(place.value)) {
    findings.add(place, 'missing', 'is missing; use true or false.');
  } else if (typeof place.value !== 'boolean') {
    findings.add(place, 'wrongType', 'is neither true nor false; write one of them, without quotes.');
  }
}
