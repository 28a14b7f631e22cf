import type { SpendPicture } from '../../spend/spendShapes.ts';
import type { Sheet } from '../../workbench/webview/sheet.ts';
import type { DayNames } from './spendDays.ts';
import { stepNote } from './spendSteps.ts';

/** Steps against groups, with all that is cumulative beside them. */
export function stepSheet(picture: SpendPicture, days?: DayNames): Sheet {
  const { steps, series, totals, cumulative, currency } = picture;
  const grouped = series.length > 1 || series[0]?.kind === 'group' ? series : [];
  const { actual, budgets, forecast, previous } = cumulative;
  const columns: { name: string; values: readonly (string | null)[] }[] = [
    ...grouped.map(({ label, values }) => ({ name: label, values })),
    { name: 'Total', values: totals },
    { name: 'Cumulative', values: actual },
    ...budgets.map(({ name, values }) => ({ name: `Budget ${name}`, values })),
    ...(forecast === undefined
      ? []
      : [
          { name: 'Forecast', values: forecast.values },
          { name: 'Forecast, low', values: forecast.low },
          { name: 'Forecast, high', values: forecast.high },
        ]),
    ...(previous === undefined ? [] : [{ name: 'Period before', values: previous }]),
  ];
  return {
    title: `Cost in ${currency}, ${picture.periodLabel}`,
    head: ['Period (UTC)', ...columns.map(({ name }) => name)],
    rows: steps.map((step, at) => [
      `${days?.long(step) ?? (step.from === step.to ? step.from : `${step.from} to ${step.to}`)}${stepNote(step)}`,
      ...columns.map(({ values }) => values[at] ?? ''),
    ]),
  };
}

/** What made the difference; undefined where nothing is compared. */
export function driverSheet({ comparison, currency, groupLabel }: SpendPicture): Sheet | undefined {
  return (
    comparison && {
      title: `Difference to ${comparison.label} in ${currency}`,
      head: [groupLabel === '' ? 'Cost' : groupLabel, 'Now', 'Before', 'Difference', 'Kind'],
      rows: comparison.drivers.map(({ label, now, before, difference, kind }) => [
        label,
        now,
        before,
        difference,
        kind,
      ]),
    }
  );
}
