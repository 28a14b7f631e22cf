import { type Answer, badRequest, json, type SampleRequest } from '../answers.ts';
import { type DayRange, firstDay, isoDay, lastDay } from '../calendar.ts';
import { type ChargeOwner, chargeSummaries } from '../charges.ts';
import { dateFilter } from '../dateFilter.ts';
import type { BillingAccount, BillingProfile } from '../directory.ts';
import { periodOf } from '../periods.ts';
import { projectChargeSummary } from '../projections/charges.ts';
import { accountId, customerId, profileId } from '../projections/common.ts';
import { invoiceSectionId } from '../projections/invoiceSections.ts';
import { CONSUMPTION_VERSIONS, versionOf } from '../versions.ts';
import { type Lookups, PATHS } from './lookups.ts';
import { get, type Route } from './table.ts';

const SUFFIX = 'providers/microsoft.consumption/charges';

type Grouping = 'billingprofileid' | 'invoicesectionid' | 'customerid';

/**
 * Charge summaries of months (REST reference: Charges - List). Without `$apply` one for each billing profile, because
 * currencies are not added; with it one for each customer, profile or invoice section, and one for what has none.
 */
export function chargesRoutes(find: Lookups): Route[] {
  const { tenant } = find;
  const answer = (request: SampleRequest, scopeId: string, owners: readonly ChargeOwner[]): Answer => {
    const summaries = chargeSummaries(tenant, owners, daysOf(request, tenant.ledger.openMonth));
    return json({ value: summaries.map((summary) => projectChargeSummary(summary, scopeId)) });
  };
  const ownersOf = (
    account: BillingAccount,
    profiles: readonly BillingProfile[],
    grouping: Grouping | undefined,
  ): ChargeOwner[] =>
    profiles.flatMap((profile) => {
      const owner = (part: ChargeOwner['part']): ChargeOwner => ({ account, profile, part });
      if (grouping === 'invoicesectionid') return [owner('own'), owner('customers')];
      if (grouping !== 'customerid') return [owner('all')];
      const customers = tenant.directory.customersOf(profile);
      const each = Array.from({ length: customers.length }, (_, position) => owner(customers.at(position)));
      return [...each, owner('own')];
    });
  const version = (request: SampleRequest) => versionOf(request, CONSUMPTION_VERSIONS, 'charges');
  return [
    get('charges.list', `${PATHS.account}/${SUFFIX}`, (request, [name = '']) => {
      version(request);
      const account = find.account(name);
      const grouping = groupingOf(request, ['billingprofileid', 'invoicesectionid', 'customerid']);
      return answer(request, accountId(account), ownersOf(account, account.profiles, grouping));
    }),
    get('charges.list', `${PATHS.profile}/${SUFFIX}`, (request, [name = '', profileName = '']) => {
      version(request);
      const account = find.account(name);
      const profile = find.profile(account, profileName);
      const grouping = groupingOf(request, ['invoicesectionid', 'customerid']);
      return answer(request, profileId(account, profile), ownersOf(account, [profile], grouping));
    }),
    get('charges.list', `${PATHS.section}/${SUFFIX}`, (request, [name = '', profileName = '', section = '']) => {
      version(request);
      groupingOf(request, []);
      const account = find.account(name);
      const profile = find.profileOfSection(account, profileName, section);
      return answer(request, invoiceSectionId(account, profile), [{ account, profile, part: 'own' }]);
    }),
    get('charges.list', `${PATHS.customer}/${SUFFIX}`, (request, [name = '', customerName = '']) => {
      version(request);
      groupingOf(request, []);
      const account = find.account(name);
      const customer = find.customer(account, customerName);
      return answer(request, customerId(customer), [{ account, profile: customer.profile, part: customer }]);
    }),
  ];
}

/** The days of startDate and endDate, else of a filter on properties/usageStart and usageEnd, else the open month. */
function daysOf(request: SampleRequest, openMonth: number): DayRange {
  const asked = ['startdate', 'enddate'].filter((field) => request.parameters.has(field));
  if (asked.length > 0) return periodOf(request, ['startDate', 'endDate'], true);
  const conditions = dateFilter(request.parameters.get('$filter'), ['usageStart', 'usageEnd']);
  if (conditions.length === 0) return { from: firstDay(openMonth), to: lastDay(openMonth) };
  const days = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  for (const { field, operator, day } of conditions) {
    const isStart = field === 'usagestart';
    if (operator === 'eq' || operator === (isStart ? 'ge' : 'le')) days[isStart ? 'from' : 'to'] = day;
    else if (isStart && operator === 'gt') days.from = day + 1;
    else if (!isStart && operator === 'lt') days.to = day - 1;
    else
      throw badRequest(
        `The filter ${field} ${operator} ${isoDay(day)} bounds no period: use ge for usageStart and le for usageEnd.`,
      );
  }
  return days;
}

function groupingOf(request: SampleRequest, allowed: readonly Grouping[]): Grouping | undefined {
  const text = request.parameters.get('$apply');
  if (!text) return undefined;
  const asked = /^\s*groupby\(\(\s*(?:properties\/)?(\w+)\s*\)\)\s*$/i.exec(text)?.[1]?.toLowerCase();
  const grouping = allowed.find((name) => name === asked);
  if (grouping) return grouping;
  throw badRequest(`The $apply '${text}' is not supported at this scope: group by ${allowed.join(', ') || 'nothing'}.`);
}
