import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-radio/index.js';
import '@vscode-elements/elements/dist/vscode-radio-group/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import '@vscode-elements/elements/dist/vscode-textfield/index.js';
import { ANY_TAG, groupLabel } from '../../spend/groupNames.ts';
import type { SpendQuestion } from '../../spend/spendShapes.ts';
import { element } from '../../workbench/webview/elements.ts';
import type { SpendOption, SpendToPage } from '../spendContract.ts';
import type { SpendKeyField } from './spendKeyField.ts';
import { shortName } from './spendView.ts';

export type Choices = Extract<SpendToPage, { type: 'choices' }>;

/** What a control changes of the question; undefined takes a field away. */
export type Change = { [Field in keyof SpendQuestion]?: SpendQuestion[Field] | undefined };

const VIEWS: readonly { id: SpendQuestion['view']; label: string }[] = [
  { id: 'columns', label: 'Columns' },
  { id: 'cumulative', label: 'Cumulative' },
  { id: 'breakdown', label: 'Breakdown' },
  { id: 'comparison', label: 'Comparison' },
  { id: 'table', label: 'Table' },
];

const STEPS = [
  { id: 'auto', label: 'Days or months' },
  { id: 'daily', label: 'Days' },
  { id: 'monthly', label: 'Months' },
] as const;

const METRICS = [
  { id: 'actual', label: 'Actual cost' },
  { id: 'amortized', label: 'Amortized cost' },
] as const;

const CURRENCIES = { billing: 'Billing currency', usd: 'US dollars', pricing: 'Pricing currency' } as const;

const COMPARISONS = [
  { id: '', label: 'Nothing' },
  { id: 'previous', label: 'The period before' },
  { id: 'lastYear', label: 'A year before' },
] as const;

const TOPS = [3, 5, 8, 10, 12, 15, 20];

/** Chosen to type days. */
const OWN_DAYS = 'days';

/** Chosen to name the key of a tag. */
const OWN_TAG: SpendOption = { id: ANY_TAG, label: 'Tag…' };

/** Nobody knows the tags of a customer of Partner Center. */
export function tagChoice({ question }: Choices): readonly SpendOption[] {
  return /^\/partnerCenter\//i.test(question.scope) ? [] : [OWN_TAG];
}

/**
 * The controls of a question. They show it, and tell what somebody changes of it. What has no choice is left out: amortized costs or a
 * currency that this scope does not have.
 *
 * @param codes currencies of the answer; with more than one, one of them is chosen
 * @param tag where the key of a tag is named; it stays open when the controls are made anew
 */
export function spendControls(
  choices: Choices,
  question: SpendQuestion,
  codes: readonly string[],
  tag: SpendKeyField,
  change: (change: Change) => void,
): HTMLElement {
  const { groupBys, presets, currencies, amortized } = choices;
  const { period, groupBy, granularity, metric, currency, code, compareWith, top } = question;
  const days = typeof period === 'string' ? undefined : period;
  const knownGroup = groupBys.some(({ id }) => id === groupBy);
  const groups = knownGroup || groupBy === '' ? groupBys : [...groupBys, { id: groupBy, label: groupLabel(groupBy) }];
  const tops = [...new Set([...TOPS, top])].sort((one, other) => one - other);
  const ownDays = daysFields(days, (chosen) => change({ period: chosen }));
  const shownGroup = tag.element.hidden ? groupBy : OWN_TAG.id;
  ownDays.hidden = days === undefined;
  const made: (HTMLElement | undefined)[] = [
    select('period', 'Period', periodOptions(presets, period), days === undefined ? String(period) : OWN_DAYS, (id) => {
      ownDays.hidden = id !== OWN_DAYS;
      if (id === OWN_DAYS) {
        ownDays.querySelector<HTMLElement>('vscode-textfield')?.focus();
      } else {
        change({ period: id });
      }
    }),
    ownDays,
    select('granularity', 'Steps', STEPS, granularity, (id) => change({ granularity: id })),
    select('groupBy', 'Group by', [...groups, ...tagChoice(choices)], shownGroup, (id) => {
      if (id === OWN_TAG.id) {
        tag.open();
      } else {
        tag.close();
        change({ groupBy: id });
      }
    }),
    tag.element,
    groupBy === ''
      ? undefined
      : select(
          'top',
          'Groups shown',
          tops.map((each) => ({ id: String(each), label: String(each) })),
          String(top),
          (id) => change({ top: Number(id) }),
        ),
    amortized ? select('metric', 'Cost', METRICS, metric, (id) => change({ metric: id })) : undefined,
    currencies.length > 1
      ? select(
          'currency',
          'Currency',
          currencies.map((id) => ({ id, label: CURRENCIES[id] })),
          currency,
          (id) => change({ currency: id, code: undefined }),
        )
      : undefined,
    codes.length > 1
      ? select(
          'code',
          'Amounts in',
          codes.map((id) => ({ id, label: id })),
          code ?? codes[0] ?? '',
          (id) => change({ code: id }),
        )
      : undefined,
    select('compareWith', 'Compare with', COMPARISONS, compareWith ?? '', (id) =>
      change({ compareWith: id === '' ? undefined : id }),
    ),
  ];
  return element('div', 'controls', ...made.filter((control) => control !== undefined));
}

function periodOptions(presets: readonly SpendOption[], period: SpendQuestion['period']): SpendOption[] {
  const known = typeof period !== 'string' || presets.some(({ id }) => id === period);
  return [...presets, ...(known ? [] : [{ id: period, label: period }]), { id: OWN_DAYS, label: 'From and to…' }];
}

/** The choice of the view, which is no question of its own: every picture has all of them. */
export function viewControl(shown: SpendQuestion['view'], chosen: (view: SpendQuestion['view']) => void): HTMLElement {
  let view = shown;
  const group = document.createElement('vscode-radio-group');
  group.className = 'views';
  group.setAttribute('aria-label', 'View');
  const radios = VIEWS.map(({ id, label }) => {
    const radio = document.createElement('vscode-radio');
    radio.id = `view-${id}`;
    radio.name = 'view';
    radio.value = id;
    radio.label = label;
    radio.checked = id === view;
    return radio;
  });
  group.append(...radios);
  const tell = () => {
    // Tab leads to the view that is shown.
    for (const radio of radios) {
      radio.tabIndex = radio.checked ? 0 : -1;
    }
    const now = VIEWS[radios.findIndex(({ checked }) => checked)]?.id;
    if (now !== undefined && now !== view) {
      view = now;
      chosen(now);
    }
  };
  group.addEventListener('change', tell);
  // The group tells of no change by arrow keys, but has made it by now.
  group.addEventListener('keydown', ({ key }) => {
    if (key.startsWith('Arrow')) {
      tell();
    }
  });
  // Once it has drawn itself, which makes the first of them the one that Tab leads to.
  setTimeout(tell);
  return group;
}

function select<Id extends string>(
  id: string,
  label: string,
  options: readonly { id: Id; label: string }[],
  value: Id,
  chosen: (id: Id) => void,
): HTMLElement {
  const made = document.createElement('vscode-single-select');
  made.id = id;
  made.label = label;
  for (const option of options) {
    const entry = document.createElement('vscode-option');
    entry.value = option.id;
    entry.textContent = shortName(option.label);
    entry.selected = option.id === value;
    made.append(entry);
  }
  made.addEventListener('change', () => {
    const option = options[made.selectedIndex];
    if (option !== undefined) {
      chosen(option.id);
    }
  });
  return field(label, made);
}

/** A control below its name. The control has the name for itself as well: what is in a shadow cannot be labelled from outside. */
function field(label: string, ...controls: HTMLElement[]): HTMLElement {
  const name = element('span', 'label', label);
  name.setAttribute('aria-hidden', 'true');
  return element('div', 'field', name, ...controls);
}

function daysFields(
  days: { from: string; to: string } | undefined,
  chosen: (days: { from: string; to: string }) => void,
): HTMLElement {
  const from = textField('from', 'From (UTC)', 'date', days?.from ?? '');
  const to = textField('to', 'To (UTC), inclusive', 'date', days?.to ?? '');
  const tell = () => {
    if (from.value !== '' && to.value !== '') {
      chosen({ from: from.value, to: to.value });
    }
  };
  from.addEventListener('change', tell);
  to.addEventListener('change', tell);
  return element('div', 'fields', field('From (UTC)', from), field('To (UTC), inclusive', to));
}

function textField(id: string, label: string, type: 'date' | 'text', value: string) {
  const made = document.createElement('vscode-textfield');
  made.id = id;
  made.label = label;
  made.type = type;
  made.value = value;
  return made;
}
