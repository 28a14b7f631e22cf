import { groupLabel } from '../../spend/groupNames.ts';
import type { SpendQuestion } from '../../spend/spendShapes.ts';
import { button, element } from '../../workbench/webview/elements.ts';
import type { Choices } from './spendControls.ts';
import { shortName } from './spendView.ts';

const STEPS = { auto: 'days or months', daily: 'daily', monthly: 'monthly' } as const;

const CURRENCIES = { billing: 'billing currency', usd: 'US dollars', pricing: 'pricing currency' } as const;

const COMPARISONS = { previous: 'against the period before', lastYear: 'against a year before' } as const;

/**
 * Controls that a narrow panel has no room for: a line says how they stand, and opens them. The style sheet decides what is narrow; where
 * there is room they are always open and the line is not there.
 */
export class SpendFold {
  readonly element: HTMLElement;
  readonly #line: HTMLButtonElement;

  constructor(...content: HTMLElement[]) {
    const inside = element('div', 'folded', ...content);
    inside.id = 'controls';
    this.#line = button('', () => this.#open(this.#line.getAttribute('aria-expanded') !== 'true'));
    this.#line.id = 'fold';
    this.#line.className = 'fold';
    this.#line.setAttribute('aria-controls', inside.id);
    this.element = element('div', 'foldable', this.#line, inside);
    this.#open(false);
  }

  show(choices: Choices, question: SpendQuestion): void {
    this.#line.replaceChildren(questionText(choices, question));
  }

  #open(open: boolean): void {
    this.#line.setAttribute('aria-expanded', String(open));
    this.element.classList.toggle('open', open);
  }
}

/** How the controls stand, such as `This month · daily · by Service · billing currency`. */
function questionText({ presets, groupBys, currencies }: Choices, question: SpendQuestion): string {
  const { period, granularity, groupBy, metric, currency, compareWith } = question;
  const days =
    typeof period === 'string'
      ? (presets.find(({ id }) => id === period)?.label ?? period)
      : `${period.from} to ${period.to}`;
  const group = groupBys.find(({ id }) => id === groupBy)?.label ?? groupLabel(groupBy);
  return [
    shortName(days),
    STEPS[granularity],
    groupBy === '' ? 'one sum' : `by ${shortName(group)}`,
    ...(metric === 'amortized' ? ['amortized'] : []),
    ...(currencies.length > 1 ? [CURRENCIES[currency]] : []),
    ...(compareWith === undefined ? [] : [COMPARISONS[compareWith]]),
  ].join(' · ');
}
