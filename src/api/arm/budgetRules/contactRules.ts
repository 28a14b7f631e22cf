import { isMissing, quoted } from '../problems.ts';
import { isInSubscription, type PartContext } from './context.ts';
import { type Findings, itemAt, type Members, type Place } from './findings.ts';
import { LIMITS } from './words.ts';

const MAIL = /^[^\s@]+@[^\s@]+$/;
const ACTION_GROUP =
  /^\/?subscriptions\/([^/]+)\/resourcegroups\/[^/]+\/providers\/microsoft\.insights\/actiongroups\/[^/]+$/i;

/**
 * Who is told (REST reference: Budgets, `Notification.contactEmails`, `contactRoles`, `contactGroups`): at least one mail address; at
 * subscriptions and resource groups a mail address or an action group.
 *
 * @param of the member of the notification with that name
 */
export function checkContacts(
  findings: Findings,
  members: Members,
  called: (member: string) => string,
  { scope }: PartContext,
): void {
  const of = (member: string): Place => members.at(member, called(member));
  const mails = of('contactEmails');
  const count = checkList(findings, mails, LIMITS.contacts, (text) => MAIL.test(text), 'notAMail', 'a mail address');
  if (isMissing(mails.value)) {
    findings.add(mails, 'missing', 'is missing; write a list of mail addresses.');
  }
  if (!isInSubscription(scope)) {
    if (count === 0 && !isMissing(mails.value)) {
      findings.add(mails, 'noContact', 'is empty; name at least one mail address.');
    }
    refuseElsewhere(findings, of('contactGroups'));
    refuseElsewhere(findings, of('contactRoles'));
    return;
  }
  const groups = of('contactGroups');
  const groupCount = checkList(
    findings,
    groups,
    LIMITS.contacts,
    (text) => ACTION_GROUP.test(text),
    'notAnActionGroup',
    'the resource id of an action group',
  );
  const { subscription } = scope as { subscription: string };
  noteForeignGroups(findings, groups, subscription);
  checkList(findings, of('contactRoles'), Number.POSITIVE_INFINITY, (text) => /\S/.test(text), 'wrongType', 'a role');
  if (count === 0 && groupCount === 0 && !isMissing(mails.value)) {
    findings.add(mails, 'noContact', 'is empty; name a mail address here or an action group in contactGroups.');
  }
}

function refuseElsewhere(findings: Findings, place: Place): void {
  const { value } = place;
  if (Array.isArray(value) ? value.length > 0 : !isMissing(value)) {
    findings.add(place, 'contactOfScope', 'is for subscriptions and resource groups only; leave it out.');
  }
}

/** Action groups of another subscription can be named by who may read them there (article "Troubleshoot Cost Management errors"). */
function noteForeignGroups(findings: Findings, place: Place, subscription: string): void {
  const ids = Array.isArray(place.value) ? place.value : [];
  ids.forEach((id, index) => {
    const own = typeof id === 'string' ? ACTION_GROUP.exec(id)?.[1] : undefined;
    if (own !== undefined && own.toLowerCase() !== subscription.toLowerCase()) {
      findings.add(
        itemAt(place, index, id),
        'otherSubscription',
        'is in another subscription; you need Microsoft.Insights/actionGroups/read there.',
        'uncertain',
      );
    }
  });
}

/** @returns how many there are; undefined where there is no usable list, which was noted then */
function checkList(
  findings: Findings,
  place: Place,
  most: number,
  fits: (text: string) => boolean,
  code: 'notAMail' | 'notAnActionGroup' | 'wrongType',
  what: string,
): number | undefined {
  const { value } = place;
  if (isMissing(value)) {
    return 0;
  }
  if (!Array.isArray(value)) {
    findings.add(place, 'wrongType', 'is not a list; write it in brackets.');
    return undefined;
  }
  value.forEach((item, index) => {
    if (typeof item !== 'string' || !fits(item)) {
      findings.add(itemAt(place, index, item), code, `is ${quoted(item)}; write ${what}.`);
    }
  });
  if (value.length > most) {
    findings.add(place, 'tooMany', `has ${value.length} entries; ${most} are the most.`);
  }
  return value.length;
}
