import fc from 'fast-check';
import type { BudgetContext } from '../../src/api/arm/budgetRules/context.ts';
import {
  BILLING_GRAINS,
  CATEGORIES,
  COST_GRAINS,
  DIMENSIONS,
  FREQUENCIES,
  LOCALES,
  OPERATORS,
  RESERVATION_DIMENSIONS,
  RESERVATION_GRAINS,
  THRESHOLD_TYPES,
} from '../../src/api/arm/budgetRules/words.ts';
import { ExactNumber } from '../../src/json/exact.ts';
import { parseJson } from '../../src/json/parseJson.ts';

/** Generated budgets: right ones, and right ones that were broken in some places. */

type Members = Record<string, unknown>;

const digits = (text: string): ExactNumber => new ExactNumber(text);
const time = fc.constantFrom('', 'T00:00:00Z', 'T00:00:00.000Z', 'T00:00:00', 'T02:30:00+02:00');

const amount = fc.oneof(
  fc.integer({ min: 1, max: 1e9 }),
  fc.constantFrom('1250.00', '0.01', '1e3', '9999999999999999.12345678901234567890').map(digits),
);

const mail = fc.constantFrom('billing@harbourlight.example', 'ops+cost@harbourlight.example', 'a@b');

function leafOf(names: readonly string[], operators: readonly string[]) {
  return fc.record({
    name: fc.constantFrom(...names),
    operator: fc.constantFrom(...operators),
    values: fc.array(fc.constantFrom('a', 'Storage', ''), { minLength: 1, maxLength: 3 }),
  });
}

function filterOf({ provider, versions }: BudgetContext, reservation: boolean): fc.Arbitrary<unknown> {
  const first = versions === 'seed' && provider === 'costManagement';
  const operators = first && !reservation ? ['In', 'Contains'] : ['In'];
  const dimensions = leafOf(reservation ? RESERVATION_DIMENSIONS : DIMENSIONS, operators);
  const one = reservation
    ? fc.record({ dimensions })
    : fc.oneof(fc.record({ dimensions }), fc.record({ tags: leafOf(['team', 'cost center'], operators) }));
  const many = fc.record({ and: fc.array(one, { minLength: 2, maxLength: 3 }) });
  const plain = fc.oneof(fc.constant({}), one, many);
  if (versions !== 'seed' || reservation) {
    return plain;
  }
  const not = fc.record({ not: one });
  return first
    ? fc.oneof(plain, not, fc.record({ or: fc.tuple(many, not) }), fc.record({ not: many }))
    : fc.oneof(plain, not);
}

function notificationOf(context: BudgetContext, reservation: boolean): fc.Arbitrary<Members> {
  const { scope, provider, versions } = context;
  const operators = reservation
    ? ['LessThan']
    : [
        'GreaterThan',
        'GreaterThanOrEqualTo',
        ...(provider === 'costManagement' && versions === 'newest' ? [] : ['EqualTo']),
      ];
  const most = reservation ? 100 : 1000;
  const threshold = fc.oneof(
    fc.integer({ min: 0, max: most }),
    fc.constantFrom('80.50', '0.1', '8e1', '99.990').map(digits),
  );
  const types = versions === 'seed' || reservation ? ['Actual'] : THRESHOLD_TYPES;
  const optional = {
    thresholdType: fc.constantFrom(...types, 'actual'),
    locale: fc.constantFrom(...LOCALES, 'DE-de'),
    ...(reservation && { frequency: fc.constantFrom(...FREQUENCIES) }),
  };
  const required = {
    enabled: fc.boolean(),
    operator: fc.constantFrom(...operators),
    threshold,
    contactEmails: fc.array(mail, { minLength: 1, maxLength: 3 }),
  };
  const requiredKeys = Object.keys(required) as (keyof typeof required)[];
  const base: fc.Arbitrary<Members> = fc.record({ ...required, ...optional }, { requiredKeys });
  if (!('subscription' in scope)) {
    return base;
  }
  const group = `/subscriptions/${scope.subscription}/resourceGroups/ops/providers/microsoft.insights/actionGroups/oncall`;
  const roles = fc.constantFrom(
    {},
    { contactRoles: ['Owner'] },
    { contactGroups: [group] },
    { contactGroups: [group], contactEmails: [] },
  );
  return fc.tuple(base, roles).map(([one, more]) => ({ ...one, ...more }));
}

/** A budget that every rule lets through. Days are days of 2026 and 2027: `today` is 2026-11-21. */
function rightBody(context: BudgetContext): fc.Arbitrary<Members> {
  const mayReserve =
    context.scope.kind === 'customer' && context.provider === 'costManagement' && context.versions === 'newest';
  return fc.boolean().chain((wish): fc.Arbitrary<Members> => {
    const reservation = wish && mayReserve;
    const filter = filterOf(context, reservation);
    const notification = notificationOf(context, reservation);
    if (reservation) {
      const start = fc.tuple(
        fc.constantFrom('2026-11-21', '2027-01-15', '2027-02-28', '2030-12-31'),
        fc.constantFrom('', 'T00:00:00Z'),
      );
      return fc.record({
        category: fc.constant('ReservationUtilization'),
        timeGrain: fc.constantFrom(...RESERVATION_GRAINS),
        timePeriod: start.map(([day, rest]) => ({ startDate: `${day}${rest}` })),
        filter,
        notifications: notification.map((one) => ({ low: one })),
      });
    }
    const names = ['first', 'second', 'Actual_80', 'a/b', 'locale'];
    return fc.constantFrom(...COST_GRAINS).chain((timeGrain) =>
      fc.record(
        {
          category: fc.constantFrom('Cost', 'cost'),
          amount,
          timeGrain: fc.constant(timeGrain),
          timePeriod: fc
            .tuple(
              fc.constantFrom(
                ...(timeGrain === 'Monthly' ? [] : ['2026-10-01']),
                '2026-11-01',
                '2027-01-01',
                '2027-11-01',
              ),
              fc.constantFrom('', 'T00:00:00Z', 'T00:00:00.000Z', 'T00:00:00', 'T02:30:00+02:00'),
              fc.constantFrom(undefined, '2027-12-31', '2030-02-28T00:00:00Z'),
            )
            .map(([day, rest, endDate]) => ({ startDate: `${day}${rest}`, ...(endDate && { endDate }) })),
          filter,
          notifications: fc
            .array(notification, { maxLength: 5 })
            .map((list) => Object.fromEntries(list.map((one, index) => [names[index], one]))),
        },
        { requiredKeys: ['category', 'amount', 'timeGrain', 'timePeriod'] },
      ),
    );
  });
}

/** Values that fit nowhere or elsewhere, and such that fit nearly. */
const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, undefined, true, '', ' ', 'Maybe', [], {}, [null], [1], ['x'], 0, -1, 7, 100.5, 1001),
  fc.constantFrom('-0', '0.000', '80.125', '8e-1', '1e-3', '1e400', '12345678901234567890').map(digits),
  fc.constantFrom<unknown>(
    ...CATEGORIES,
    ...COST_GRAINS,
    ...BILLING_GRAINS,
    ...OPERATORS,
    ...THRESHOLD_TYPES,
    'In',
    'Contains',
    'la-va',
  ),
  fc
    .tuple(
      fc.constantFrom(
        '2017-05-01',
        '2025-12-01',
        '2026-09-01',
        '2026-10-01',
        '2026-11-21',
        '2026-12-01',
        '2027-12-01',
        '2028-02-29',
        '2031-02-28',
        '2026-02-30',
        'soon',
      ),
      time,
    )
    .map((parts) => parts.join('')),
  fc.constantFrom<unknown>(
    Array(51).fill('a@b.c'),
    ['a@b', 'nobody'],
    ['/subscriptions/other/resourceGroups/g/providers/microsoft.insights/actionGroups/x'],
  ),
  fc.constantFrom<unknown>(
    { and: [{ tags: { name: 't', operator: 'In', values: ['a'] } }] },
    { and: [{ and: [] }, { tags: { name: ' ', operator: 'In', values: ['a'] } }] },
    {
      or: [
        { dimension: { name: 'Meter', operator: 'Contains', values: ['a'] } },
        { tag: { name: 't', operator: 'In', values: ['a'] } },
      ],
    },
    { not: { not: { dimensions: { name: 'ReservationId', operator: 'In', values: ['a'] } } } },
    { dimensions: { name: 'PartNumber', operator: 'In', values: ['a'] } },
    { tags: null, dimensions: null },
    { startDate: '2026-11-01', endDate: '2026-11-01' },
  ),
);

/** Where the values of a body stand. */
function placesOf(value: unknown, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (value === null || typeof value !== 'object' || value instanceof ExactNumber) {
    return [path];
  }
  const below = Array.isArray(value)
    ? value.flatMap((item, index) => placesOf(item, [...path, index]))
    : Object.entries(value).flatMap(([key, item]) => placesOf(item, [...path, key]));
  return [path, ...below];
}

function replaced(value: unknown, [key, ...rest]: readonly (string | number)[], by: unknown): unknown {
  if (key === undefined) {
    return by;
  }
  if (Array.isArray(value)) {
    return value.map((item, index) => (index === key ? replaced(item, rest, by) : item));
  }
  return Object.fromEntries(
    Object.entries(value as object).map(([name, item]) => [name, name === key ? replaced(item, rest, by) : item]),
  );
}

/** One way to break a body: another value, a member less, a name in another case, more of the same notifications. */
const breakage = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('value' as const), at: fc.nat(), value: oddValue }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('case' as const), at: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('many' as const), at: fc.integer({ min: 1, max: 12 }) }) },
);

function broken(body: unknown, how: typeof breakage extends fc.Arbitrary<infer T> ? T : never): unknown {
  if (how.kind === 'many') {
    const members = body as Members;
    const key = Object.keys(members).find((name) => name.toLowerCase() === 'notifications') ?? 'notifications';
    const [one] = Object.values((members[key] ?? {}) as Members);
    return { ...members, [key]: Object.fromEntries(Array.from({ length: how.at }, (_, n) => [`n${n}`, one ?? {}])) };
  }
  const places = placesOf(body).slice(1);
  const place = places[how.at % Math.max(places.length, 1)];
  if (place === undefined) {
    return body;
  }
  if (how.kind === 'value') {
    return replaced(body, place, how.value);
  }
  // Names of notifications are people's own: in another case they are other names, and still right.
  return renamed(body, place);
}

function renamed(value: unknown, [key, ...rest]: readonly (string | number)[]): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof ExactNumber) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name === key && rest.length === 0 ? name.toUpperCase() : name,
      name === key ? renamed(item, rest) : item,
    ]),
  );
}

/** The `properties` of budgets for a context: as many right ones as broken ones. */
export function budgetBodies(context: BudgetContext): fc.Arbitrary<unknown> {
  const right = rightBody(context);
  const wrong = fc
    .tuple(right, fc.array(breakage, { minLength: 1, maxLength: 3 }))
    .map(([body, ways]) => ways.reduce<unknown>((now, how) => (isMembers(now) ? broken(now, how) : now), body));
  // As it comes out of a text: nothing is undefined.
  return fc.oneof(right, wrong).map((body) => parseJson(JSON.stringify(body)));
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);
}
