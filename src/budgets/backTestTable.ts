import type { ArmClient } from '../api/arm/armClient.ts';
import type { BudgetProvider } from '../api/arm/budgetRules/context.ts';
import { getBudget } from '../api/arm/budgets.ts';
import { isObject } from '../api/arm/problems.ts';
import { parseCostScope } from '../api/arm/scope.ts';
import { BillingError } from '../api/http/errors.ts';
import { amountCurrency } from '../budgeting/amountCurrency.ts';
import { type BackTest, backTest, type Days, type Firing } from '../budgeting/backTest.ts';
import { type BudgetBody, bodyOf, type NotificationBody } from '../budgeting/budgetBody.ts';
import { valueText } from '../budgeting/budgetChange.ts';
import { dailyCosts, MONTHS_OF_DAYS } from '../budgeting/dailyCosts.ts';
import type { ShownBackTest } from '../contributions.ts';
import type { TableRow, TableState } from './tableContract.ts';
import type { TableProgress, TableView, TableWork } from './tablePanel.ts';
import { tellWait } from './tableTexts.ts';

export interface BackTestStart {
  connection: string;
  scope: string;
  name: string;
  provider?: BudgetProvider | undefined;
  /** What the scope is called. */
  label: string;
  /** To test in place of what the service holds. */
  body?: BudgetBody | undefined;
}

export interface BackTestParts {
  arm(connection: string): Promise<ArmClient>;
  now(): Date;
}

const STATES = [
  { id: 'fired', label: 'Would have fired', tone: 'bad' },
  { id: 'estimated', label: 'Not testable, estimated', tone: 'work' },
  { id: 'never', label: 'Never', tone: 'good' },
  { id: 'notTested', label: 'Not testable', tone: 'quiet' },
] as const satisfies readonly Omit<TableState, 'count'>[];

type StateId = (typeof STATES)[number]['id'];

const FORECAST =
  'What Azure foresaw on a day is kept nowhere, so forecasts cannot be tested; the days are our own estimate from the 28 days before.';

/** What has been read. */
interface Tested {
  body: BudgetBody;
  notifications: [name: string, notification: NotificationBody][];
  test: BackTest;
  window: Days;
  currency: string | undefined;
}

/** When the notifications of a budget would have been sent in the last 12 months. */
export class BackTestTable implements TableWork {
  readonly heads = { name: 'Notification', lines: 'When' };
  readonly title: string;
  readonly #parts: BackTestParts;
  readonly #start: BackTestStart;
  #tested: Tested | undefined;

  constructor(parts: BackTestParts, start: BackTestStart) {
    this.#parts = parts;
    this.#start = start;
    this.title = `Back-test of ${[start.label, start.name].filter(Boolean).join(' ')}`;
  }

  /** As a caller gets it. */
  get result(): ShownBackTest | undefined {
    return (
      this.#tested && {
        window: this.#tested.window,
        notifications: this.#tested.notifications.map(([name], index) => {
          const reason = this.#reason(index);
          return {
            name,
            days: this.#firings(index).map(({ day }) => day),
            estimated: this.#isForecast(index),
            ...(reason !== undefined && { reason }),
          };
        }),
      }
    );
  }

  keep(): unknown {
    // What a document says that is not saved is not kept.
    const { body: _body, ...start } = this.#start;
    return { backTest: start };
  }

  facts(): string[] {
    const { body, window, currency } = this.#tested ?? {};
    const amount = valueText(body?.amount, currency);
    return [
      `${window?.from} to ${window?.to}, UTC, by day, in ${currency ?? 'no currency'}; the month that is not over is left out.`,
      `As if the budget of ${amount} had been in force all the time. Each notification is sent once a period at most.`,
      'Azure looks at costs about once a day, and they arrive late: mails come a day or so after the day that is told.',
    ];
  }

  async load(progress: TableProgress): Promise<void> {
    const { connection, scope: path, name, provider } = this.#start;
    const arm = await this.#parts.arm(connection);
    const scope = parseCostScope(path);
    const options = { signal: progress.signal, onWait: tellWait(progress) };
    const budget =
      this.#start.body === undefined ? await getBudget(arm, { scope, provider }, name, options) : undefined;
    const body = budget === undefined ? (this.#start.body ?? {}) : bodyOf(budget);
    const today = this.#parts.now().toISOString().slice(0, 10);
    const { window, byCurrency } = await dailyCosts(arm, scope, body.filter, today, {
      ...options,
      onMonth: (month, done) => progress.tell(`Reading ${month}: ${done + 1} of ${MONTHS_OF_DAYS} months…`),
    });
    const told = budget?.properties.currentSpend?.unit ?? amountCurrency(scope, undefined);
    const [only, ...others] = byCurrency.keys();
    if (told === undefined && others.length > 0) {
      throw new BillingError('argument', `The scope has costs in ${[...byCurrency.keys()].join(', ')}.`, {
        advice: 'Which of them the amount is in is not told; test a budget that the service has evaluated.',
      });
    }
    const currency = told ?? only;
    const notifications = isObject(body.notifications) ? Object.entries(body.notifications) : [];
    this.#tested = {
      body,
      notifications: notifications.map(([key, one]) => [key, isObject(one) ? (one as NotificationBody) : {}]),
      test: backTest(body, byCurrency.get(currency ?? '') ?? [], window),
      window,
      currency,
    };
  }

  view(): TableView {
    const states = this.#all().map((_, index) => this.#state(index));
    const days = this.#tested?.test.firings.filter(({ estimated }) => !estimated).map(({ day }) => day) ?? [];
    const some = [...new Set(days)].sort();
    return {
      summary:
        states.length === 0
          ? 'The budget has no notifications: it would have told nobody.'
          : some.length === 0
            ? 'No actual cost of the last 12 months would have passed a threshold.'
            : some.length > MANY
              ? `Would have fired on ${some.length} days, the first of them ${dayText(some[0] ?? '')}.`
              : `Would have fired on ${listed(some.map(dayText))}.`,
      states: STATES.map((state) => ({ ...state, count: states.filter((id) => id === state.id).length })).filter(
        ({ count }) => count > 0,
      ),
      actions: [],
      busy: false,
    };
  }

  get count(): number {
    return this.#all().length;
  }

  row(index: number): TableRow {
    const [name, notification] = this.#all()[index] ?? ['', {}];
    const state = this.#state(index);
    const reason = this.#reason(index);
    const days = daysAndPercents(this.#firings(index));
    const lines = {
      fired: days,
      estimated: [FORECAST, ...days],
      never: ['On no day of the 12 months.'],
      notTested: [reason ?? ''],
    };
    return {
      id: String(index),
      name,
      note: thresholdText(notification),
      state,
      lines: state === 'estimated' && days.length === 0 ? [`${FORECAST} By it, on no day.`] : lines[state],
      rest: 'day by day',
      ticked: null,
      actions: [],
    };
  }

  tick(): void {
    // There is nothing to tick.
  }

  async act(): Promise<void> {
    // There are no buttons.
  }

  closed(): void {
    // Nothing is kept.
  }

  #all(): [name: string, notification: NotificationBody][] {
    return this.#tested?.notifications ?? [];
  }

  #firings(index: number): Firing[] {
    const [name] = this.#all()[index] ?? [];
    return this.#tested?.test.firings.filter(({ notification }) => notification === name) ?? [];
  }

  #reason(index: number): string | undefined {
    const [name] = this.#all()[index] ?? [];
    return this.#tested?.test.notTested.find(({ notification }) => notification === name)?.reason;
  }

  #isForecast(index: number): boolean {
    return /^forecasted$/i.test(this.#all()[index]?.[1].thresholdType ?? '');
  }

  #state(index: number): StateId {
    if (this.#reason(index) !== undefined) {
      return 'notTested';
    }
    return this.#isForecast(index) ? 'estimated' : this.#firings(index).length > 0 ? 'fired' : 'never';
  }
}

const OPERATORS: ReadonlyMap<string, string> = new Map(
  Object.entries({ greaterthan: 'above', greaterthanorequalto: 'from', equalto: 'exactly' }),
);

function thresholdText({ thresholdType, operator, threshold, enabled }: NotificationBody): string {
  const words = OPERATORS.get(String(operator).toLowerCase()) ?? valueText(operator);
  return [
    `${valueText(thresholdType ?? 'Actual')} cost ${words} ${valueText(threshold, '%')}`,
    enabled === false ? 'switched off' : undefined,
  ]
    .filter(Boolean)
    .join(', ');
}

function firingText({ day, percent, period, partial }: Firing): string {
  const late = partial ? `; or earlier: ${period.from.slice(0, 7)} begins before the days that are known` : '';
  return `${dayText(day)}, at ${percent} % of the amount${late}.`;
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** `4 March 2026`. */
function dayText(day: string): string {
  return `${Number(day.slice(8))} ${MONTHS[Number(day.slice(5, 7)) - 1]} ${day.slice(0, 4)}`;
}

function listed(days: readonly string[]): string {
  return days.length === 1 ? (days[0] ?? '') : `${days.slice(0, -1).join(', ')} and ${days.at(-1)}`;
}

/** More days than this are counted in a sentence, and told in the row alone. */
const MANY = 4;

/** Each day with its percentage; where there are many, all days in one line before. */
function daysAndPercents(firings: readonly Firing[]): string[] {
  const each = firings.map(firingText);
  if (firings.length <= 2) {
    return each;
  }
  const years = Map.groupBy(firings, ({ day }) => day.slice(0, 4));
  const days = [...years].map(([year, some]) => `${some.map(({ day }) => shortDay(day)).join(', ')} ${year}`);
  return [`${firings.length} times: ${days.join('; ')}.`, ...each];
}

/** `4 Mar`. */
function shortDay(day: string): string {
  return `${Number(day.slice(8))} ${MONTHS[Number(day.slice(5, 7)) - 1]?.slice(0, 3)}`;
}
