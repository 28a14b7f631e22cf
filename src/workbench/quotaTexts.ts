import { type QuotaLimit, type QuotaSnapshot, type QuotaWait, shareLeft } from '../api/http/quotaSnapshot.ts';
import { displayText } from './text.ts';

/** The limits of one connection. */
export interface ConnectionQuota {
  connection: string;
  snapshot: QuotaSnapshot;
}

/** What the status bar says, and when that is out of date. */
interface QuotaGlance {
  text: string;
  /** The same for a screen reader, without icons and signs. */
  spoken: string;
  /** A call waits: the text counts down. */
  waiting: boolean;
  /** Milliseconds since 1970, UTC: when the text changes by itself; undefined while a call waits. */
  staleAt?: number;
}

/** One row of a list of limits. */
interface QuotaRow {
  label: string;
  description: string;
  detail: string;
}

/** A limit with no more than this share left is worth a place in the status bar. */
const WORTH_SAYING = 0.25;

const AREAS: Readonly<Record<QuotaLimit['area'], string>> = {
  costQuery: 'Cost queries',
  usageDetails: 'Usage details',
  usageDetailsOfSubscription: 'Usage details of subscriptions',
  usagePages: 'Pages of usage details',
  charges: 'Charges',
  priceSheet: 'Price sheets',
  costDetails: 'Cost details reports',
};

const COUNTERS: Readonly<Record<string, string>> = {
  'tenant-reads': 'reads in the tenant',
  'tenant-writes': 'writes in the tenant',
  'tenant-deletes': 'deletes in the tenant',
  'subscription-reads': 'reads in the subscription',
  'subscription-writes': 'writes in the subscription',
  'subscription-deletes': 'deletes in the subscription',
};

/** What is most worth knowing of all limits at `now`; undefined when there is nothing to say. */
export function quotaGlance(quotas: readonly ConnectionQuota[], now: number): QuotaGlance | undefined {
  const waits = quotas.flatMap(({ snapshot }) => snapshot.waiting).sort((a, b) => a.until - b.until);
  const [first] = waits;
  if (first !== undefined) {
    const seconds = secondsUntil(first.until, now);
    const others = waits.length === 1 ? '' : ` (${waits.length} calls)`;
    return {
      text: `$(watch) waiting ${timeUntil(first.until, now)}${others}`,
      spoken: `Azure Billing: ${count(waits.length, 'call waits', 'calls wait')} for Azure's limit, the first one ${seconds} seconds.`,
      waiting: true,
    };
  }
  // Of limits that nobody has shown to enforce nothing needs to be said.
  const limits = quotas.flatMap(({ snapshot }) => (snapshot.metered ? snapshot.limits : []));
  const low = limits.filter((limit) => shareLeft(limit) <= WORTH_SAYING);
  const [tightest] = low.sort((a, b) => shareLeft(a) - shareLeft(b));
  if (tightest === undefined) {
    return undefined;
  }
  const icon = tightest.remaining === 0 ? 'warning' : 'dashboard';
  return {
    text: `$(${icon}) ${tightest.remaining} of ${tightest.limit} left`,
    spoken: `Azure Billing: ${sentence(tightest, now)}`,
    waiting: false,
    staleAt: Math.min(...low.map(({ freesAt, window }) => freesAt ?? now + window)),
  };
}

/** Every call that waits, limit in use and counter as a row, what presses most first. */
export function quotaRows(quotas: readonly ConnectionQuota[], now: number): QuotaRow[] {
  const of = <T>(read: (snapshot: QuotaSnapshot) => readonly T[]): [T, string][] =>
    quotas.flatMap(({ connection, snapshot }) => read(snapshot).map((one): [T, string] => [one, connection]));
  return [
    ...of(({ waiting }) => waiting)
      .sort(([a], [b]) => a.until - b.until)
      .map(([{ operation, cause, scope, until }, connection]) => ({
        label: `$(watch) ${displayText(operation, 'A call')}`,
        description: `waits ${timeUntil(until, now)}`,
        detail: joined(WAIT_CAUSES[cause], scope && scopeLabel(scope), connection),
      })),
    ...of(({ blocked }) => blocked).map(([{ area, scope, until }, connection]) => ({
      label: `$(circle-slash) ${AREAS[area]}`,
      description: `none for ${timeUntil(until, now)}`,
      detail: joined('The service said when it takes calls again', scopeLabel(scope), connection),
    })),
    ...of(({ limits }) => limits)
      .sort(([a], [b]) => shareLeft(a) - shareLeft(b))
      .map(([limit, connection]) => ({
        label: `$(dashboard) ${AREAS[limit.area]}${limit.counts === 'units' ? ', query units' : ''}`,
        description: `${limit.remaining} of ${limit.limit} ${windowLabel(limit.window)} left`,
        detail: joined(
          limit.scope === undefined ? 'all scopes together' : scopeLabel(limit.scope),
          limit.freesAt !== undefined && `more in ${timeUntil(limit.freesAt, now)}`,
          limit.told && `the service said ${limit.told.remaining}`,
          connection,
        ),
      })),
    ...of(({ counters }) => counters).map(([{ name, scope, remaining, at }, connection]) => ({
      label: `$(server) Azure Resource Manager: ${COUNTERS[name] ?? displayText(name, 'calls')}`,
      description: `${remaining} left`,
      detail: joined(
        scope && scopeLabel(`/subscriptions/${scope}`),
        `said ${timeUntil(now, at)} ago, refilled all the time`,
        connection,
      ),
    })),
  ];
}

const WAIT_CAUSES: Readonly<Record<QuotaWait['cause'], string>> = {
  refused: 'Azure refused the call and said how long to wait',
  paced: 'kept back so that Azure need not refuse it',
};

/** How many limits a tooltip lists; the command shows all. */
const TOOLTIP_LINES = 8;

/** The same as plain sentences, a line each. */
export function quotaTooltip(quotas: readonly ConnectionQuota[], now: number): string {
  const lines = quotas.flatMap(({ snapshot }) => [
    ...snapshot.waiting.map(
      ({ operation, until }) => `${displayText(operation, 'A call')} waits ${timeUntil(until, now)}.`,
    ),
    ...snapshot.limits.map((limit) => sentence(limit, now)),
  ]);
  const more = lines.length - TOOLTIP_LINES;
  return [
    "Azure's limits",
    ...lines.slice(0, TOOLTIP_LINES),
    ...(more > 0 ? [`And ${more} more; select to see all.`] : ['Select to see all.']),
  ].join('\n');
}

/** "Cost queries of customer 1f…: 1 of 4 a minute left, more in 22 s." */
function sentence({ area, scope, counts, limit, window, remaining, freesAt }: QuotaLimit, now: number): string {
  const what = `${AREAS[area]}${counts === 'units' ? ' (query units)' : ''}${scope === undefined ? '' : ` of ${scopeLabel(scope)}`}`;
  const more = freesAt === undefined || freesAt <= now ? '' : `, more in ${timeUntil(freesAt, now)}`;
  return `${what}: ${remaining} of ${limit} ${windowLabel(window)} left${more}.`;
}

const KINDS: readonly (readonly [RegExp, string])[] = [
  [/\/resourcegroups\/([^/]+)$/, 'resource group'],
  [/\/customers\/([^/]+)$/, 'customer'],
  [/\/billingprofiles\/([^/]+)$/, 'billing profile'],
  [/\/billingaccounts\/([^/]+)$/, 'billing account'],
  [/^\/subscriptions\/([^/]+)$/, 'subscription'],
];

/** `customer 1f3a…` rather than a path; account names of partners are 80 characters long. */
function scopeLabel(scope: string): string {
  for (const [pattern, kind] of KINDS) {
    const name = pattern.exec(scope)?.[1];
    if (name !== undefined) {
      return `${kind} ${shortened(name)}`;
    }
  }
  return shortened(scope);
}

function shortened(name: string): string {
  const text = displayText(name, '?');
  return text.length > 40 ? `${text.slice(0, 12)}…${text.slice(-12)}` : text;
}

const WINDOWS: Readonly<Record<number, string>> = { 60000: 'a minute', 3600000: 'an hour', 86400000: 'a day' };

function windowLabel(window: number): string {
  return WINDOWS[window] ?? `in ${window / 1000} s`;
}

function secondsUntil(time: number, now: number): number {
  return Math.max(Math.ceil((time - now) / 1000), 0);
}

/** "38 s", from two minutes on "12 min". */
function timeUntil(time: number, now: number): string {
  const seconds = secondsUntil(time, now);
  return seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}

function count(number: number, one: string, many: string): string {
  return number === 1 ? `one ${one}` : `${number} ${many}`;
}

function joined(...parts: (string | false | undefined)[]): string {
  return parts.filter(Boolean).join(' · ');
}
