import type { Budget } from '../api/arm/budgets.ts';
import { digitsOf } from '../json/exact.ts';
import type { SpendPicture } from '../spend/spendShapes.ts';
import { displayText, rowLabel } from '../workbench/text.ts';
import { shortName } from './names.ts';
import type { SpendGlance } from './spendSource.ts';

/** A line of the sidebar: words for people, exact digits in the tooltip. */
export interface GlanceLine {
  icon: 'graph' | 'pulse' | 'triangle-up' | 'arrow-up' | 'arrow-down' | 'dash' | 'target' | 'circle-slash';
  label: string;
  description: string;
  tooltip: string;
}

/** An amount rounded to what the currency has behind the point, as the locale writes it: for a glance. */
export function roundedAmount(
  digits: string,
  { currency, decimals }: Pick<SpendPicture, 'currency' | 'decimals'>,
  locale: string,
): string {
  const format = new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return `${format.format(digits as `${number}`)} ${currency}`;
}

/** An amount in three digits, `5.38K USD`, for where there is hardly any room. */
export function shortAmount(digits: string, { currency }: Pick<SpendPicture, 'currency'>, locale: string): string {
  const format = new Intl.NumberFormat(locale, { notation: 'compact', maximumSignificantDigits: 3 });
  return `${format.format(digits as `${number}`)} ${currency}`;
}

/** Month to date, its days, the highest of them, against the same days of the last month, use of the budgets. */
export function glanceLines({ picture, budgets }: SpendGlance, locale: string): GlanceLine[] {
  if (picture.currencies.length === 0) {
    const { from, to } = picture.period;
    const none = 'Azure has no cost of this scope in the open month yet.';
    return [{ icon: 'circle-slash', label: 'No cost yet', description: `${from} to ${to}`, tooltip: none }];
  }
  return [
    totalLine(picture, locale),
    ...daysLines(picture, locale),
    ...comparedLine(picture, locale),
    ...budgets.flatMap((budget) => budgetLine(budget, locale)),
  ];
}

function totalLine(picture: SpendPicture, locale: string): GlanceLine {
  const { total, currency, currencies, periodLabel } = picture;
  const others = currencies.filter((code) => code !== currency);
  const also = others.length === 0 ? '' : `; also costs in ${others.join(', ')}`;
  return {
    icon: 'graph',
    label: roundedAmount(total, picture, locale),
    description: `month to date, estimate${also}`,
    tooltip: `${total} ${currency}, ${periodLabel}: an estimate of the open month, before tax${also}.`,
  };
}

const BARS = [...'▁▂▃▄▅▆▇█'];

/** Heights only: what is below nothing is drawn as nothing, and told in the tooltip. */
function daysLines(picture: SpendPicture, locale: string): GlanceLine[] {
  const days = picture.steps.flatMap(({ from, to }, at) => {
    const digits = picture.totals[at];
    return digits === null || digits === undefined || from !== to ? [] : [{ day: from, digits, size: Number(digits) }];
  });
  const peak = days.reduce((best, day) => (best === undefined || day.size > best.size ? day : best), days[0]);
  if (peak === undefined || peak.size <= 0) {
    return [];
  }
  const bar = ({ size }: { size: number }) =>
    BARS[Math.round((Math.max(size, 0) / peak.size) * (BARS.length - 1))] ?? '';
  const highest = roundedAmount(peak.digits, picture, locale);
  return [
    {
      icon: 'pulse',
      label: days.map(bar).join(''),
      // A narrow side bar would cut it off behind a month of bars.
      description: '',
      tooltip: `By day, ${days.length === 1 ? '' : `${days[0]?.day} to `}${days.at(-1)?.day} (UTC). Peak on ${peak.day}: ${highest}.`,
    },
    {
      icon: 'triangle-up',
      label: highest,
      description: `peak, ${peak.day}`,
      tooltip: `The day with the highest cost is ${peak.day} (UTC): ${peak.digits} ${picture.currency}.`,
    },
  ];
}

function comparedLine(picture: SpendPicture, locale: string): GlanceLine[] {
  const { comparison } = picture;
  if (comparison === undefined) {
    return [];
  }
  const { label, total, difference, percent, note } = comparison;
  const [icon, sign] = difference.startsWith('-')
    ? (['arrow-down', ''] as const)
    : Number(difference) === 0
      ? (['dash', ''] as const)
      : (['arrow-up', '+'] as const);
  const amount = `${sign}${roundedAmount(difference, picture, locale)}`;
  const words = displayText(label, 'last month');
  return [
    {
      icon,
      label:
        percent === undefined ? amount : `${sign}${new Intl.NumberFormat(locale).format(percent as `${number}`)} %`,
      description: `against ${words}`,
      tooltip: `${amount} against ${words}, which cost ${roundedAmount(total, picture, locale)}.${note === undefined ? '' : ` ${note}`}`,
    },
  ];
}

/** As the service evaluates them: whatever their filter and time grain. */
function budgetLine({ name, properties: { amount, currentSpend, timeGrain } }: Budget, locale: string): GlanceLine[] {
  const spent = currentSpend?.amount;
  if (
    amount === null ||
    amount === undefined ||
    spent === null ||
    spent === undefined ||
    Number(digitsOf(amount)) <= 0
  ) {
    return [];
  }
  const share = Number(digitsOf(spent)) / Number(digitsOf(amount));
  const unit = displayText(currentSpend?.unit, '');
  const used = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(share);
  const title = shortName(name, 'Budget');
  return [
    {
      icon: 'target',
      label: `${used} of ${rowLabel(title)}`,
      description: `${new Intl.NumberFormat(locale).format(digitsOf(amount) as `${number}`)} ${unit}`.trim(),
      tooltip: `Budget ${title} (${displayText(timeGrain, 'no time grain')}): ${digitsOf(spent)} of ${digitsOf(amount)} ${unit} used, as Azure evaluates it about once a day.`,
    },
  ];
}
