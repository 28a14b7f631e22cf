import { badRequest, Refusal } from './answers.ts';
import { isObject, listOfTexts, member, oneOf } from './bodyMembers.ts';
import type { BudgetNotification } from './budgetModel.ts';
import type { BudgetScope } from './budgetScopes.ts';
import type { BudgetVersion } from './budgetVersions.ts';
import { digitsOf, quoted } from './exactJson.ts';

const MOST_OF_A_TYPE = 5;
const MOST_CONTACTS = 50;
const TYPES = ['Actual', 'Forecasted'] as const;
const FREQUENCIES = ['Daily', 'Weekly', 'Monthly'];
const LOCALES =
  'en-us ja-jp zh-cn de-de es-es fr-fr it-it ko-kr pt-br ru-ru zh-tw cs-cz pl-pl tr-tr da-dk en-gb hu-hu nb-no nl-nl pt-pt sv-se';
const ACTION_GROUP =
  /^\/?subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.insights\/actiongroups\/[^/]+$/i;

/**
 * The notifications of a PUT by their names; `reservedGrain` is the time grain of a budget on reservations. Throws a Refusal that names the notification and the member.
 */
export function readNotifications(
  value: unknown,
  scope: BudgetScope,
  version: BudgetVersion,
  reservedGrain: string | undefined,
): Record<string, BudgetNotification> {
  const path = 'properties.notifications';
  if (value !== undefined && !isObject(value)) throw badRequest(`${path} must be an object of notifications by name.`);
  const result = Object.fromEntries(
    Object.entries(value ?? {}).map(([name, item]) => [
      name,
      readNotification(item, `${path}.${name}`, scope, version, reservedGrain),
    ]),
  );
  const all = Object.values(result);
  if (reservedGrain !== undefined && all.length !== 1) throw badRequest(`${path} must have exactly one notification.`);
  if (!version.forecasts && all.length > MOST_OF_A_TYPE) {
    throw badRequest(`${path} has ${all.length} notifications: at most ${MOST_OF_A_TYPE} are allowed.`);
  }
  for (const type of TYPES) {
    const { length } = all.filter(({ thresholdType = 'Actual' }) => thresholdType === type);
    if (length <= MOST_OF_A_TYPE) continue;
    throw badRequest(
      `${path} has ${length} notifications of thresholdType ${type}: at most ${MOST_OF_A_TYPE} are allowed.`,
    );
  }
  return result;
}

function readNotification(
  value: unknown,
  path: string,
  scope: BudgetScope,
  version: BudgetVersion,
  reservedGrain: string | undefined,
): BudgetNotification {
  const reservation = reservedGrain !== undefined;
  if (!isObject(value)) throw badRequest(`${path} must be an object.`);
  const enabled = member(value, 'enabled');
  if (enabled === undefined) throw badRequest(`${path}.enabled is required.`);
  if (typeof enabled !== 'boolean')
    throw badRequest(`The value '${quoted(enabled)}' of ${path}.enabled is not a boolean.`);
  const operator = oneOf(member(value, 'operator'), reservation ? ['LessThan'] : version.operators, `${path}.operator`);
  const threshold = readThreshold(member(value, 'threshold'), `${path}.threshold`, reservation ? 100 : 1000);
  const contacts = readContacts(value, path, scope);
  const types = version.forecasts && !reservation ? TYPES : ['Actual'];
  const type = oneOf(member(value, 'thresholdType') ?? 'Actual', types, `${path}.thresholdType`);
  const frequency = member(value, 'frequency');
  const locale = member(value, 'locale');
  if (!reservation && frequency !== undefined) {
    throw badRequest(`${path}.frequency is supported for ReservationUtilization only.`);
  }
  return {
    enabled,
    operator,
    threshold,
    ...(reservation
      ? { frequency: oneOf(frequency ?? frequencyOf(reservedGrain), FREQUENCIES, `${path}.frequency`) }
      : {}),
    ...(locale === undefined ? {} : { locale: oneOf(locale, LOCALES.split(' '), `${path}.locale`) }),
    ...contacts,
    ...(reservation ? {} : { thresholdType: type }),
  };
}

/** How long a notification keeps silent where nothing is said (REST reference: Budgets, Notification - frequency). */
function frequencyOf(grain: string): string {
  return grain === 'Last7Days' ? 'Weekly' : 'Monthly';
}

function readThreshold(value: unknown, path: string, most: number): unknown {
  if (value === undefined) throw badRequest(`${path} is required.`);
  const digits = digitsOf(value);
  const percent = Number(digits);
  if (digits !== undefined && percent >= 0 && percent <= most && isInHundredths(digits)) return value;
  throw badRequest(
    `The value '${quoted(value)}' of ${path} is not valid: it must be a number from 0 to ${most} with at most 2 decimals.`,
  );
}

/** Whether a number has at most two decimals, however it is written: 80.5, 80.50, 8.05e1. */
function isInHundredths(digits: string): boolean {
  const [, whole = '', fraction = '', exponent = '0'] = /^-?(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(digits) ?? [];
  const last = fraction.length - Number(exponent) - 2;
  return last <= 0 || /^0*$/.test((whole + fraction).slice(-last));
}

type Contacts = Pick<BudgetNotification, 'contactEmails' | 'contactRoles' | 'contactGroups'>;

function readContacts(value: unknown, path: string, scope: BudgetScope): Contacts {
  const contactEmails = listOfTexts(member(value, 'contactEmails'), `${path}.contactEmails`);
  limit(contactEmails, `${path}.contactEmails`);
  const wrong = contactEmails.find((mail) => !/^[^\s@]+@[^\s@]+$/.test(mail));
  if (wrong !== undefined) throw badRequest(`The value '${wrong}' of ${path}.contactEmails is not an e-mail address.`);

  const inSubscription = scope.kind === 'subscription' || scope.kind === 'resourceGroup';
  const optional = (name: 'contactRoles' | 'contactGroups'): readonly string[] | undefined => {
    const list = member(value, name);
    if (list === undefined) return undefined;
    const texts = listOfTexts(list, `${path}.${name}`);
    if (texts.length > 0 && !inSubscription) {
      throw badRequest(`${path}.${name} is supported at subscriptions and resource groups only.`);
    }
    return inSubscription ? texts : undefined;
  };
  const contactRoles = optional('contactRoles');
  if (contactRoles?.some((role) => role.trim() === '')) throw badRequest(`${path}.contactRoles has an empty role.`);
  const contactGroups = optional('contactGroups');
  if (contactGroups) {
    limit(contactGroups, `${path}.contactGroups`);
    const notOne = contactGroups.find((id) => !ACTION_GROUP.test(id));
    if (notOne !== undefined) {
      throw badRequest(`The value '${notOne}' of ${path}.contactGroups is not the resource id of an action group.`);
    }
    const own = scope.id.split('/')[2]?.toLowerCase();
    const foreign = contactGroups.find((id) => id.replace(/^\//, '').split('/')[1]?.toLowerCase() !== own);
    if (foreign !== undefined) {
      throw new Refusal(
        403,
        'RBACAccessDenied',
        `The client has no authorization for Microsoft.Insights/actionGroups/read on '${foreign}', named in ${path}.contactGroups.`,
      );
    }
  }
  if (contactEmails.length === 0 && !(contactGroups && contactGroups.length > 0)) {
    throw badRequest(
      inSubscription
        ? `${path} needs at least one of contactEmails or contactGroups.`
        : `${path}.contactEmails must have at least one e-mail address.`,
    );
  }
  return { contactEmails, ...(contactRoles ? { contactRoles } : {}), ...(contactGroups ? { contactGroups } : {}) };
}

function limit(list: readonly string[], path: string): void {
  if (list.length > MOST_CONTACTS)
    throw badRequest(`${path} has ${list.length} entries: at most ${MOST_CONTACTS} are allowed.`);
}
