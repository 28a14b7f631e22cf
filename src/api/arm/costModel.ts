import * as v from 'valibot';
import { nameInput } from './input.ts';

/**
 * What is summed: alias → column. Columns that were seen: `Cost`, `CostUSD`, `PreTaxCost`, `PreTaxCostUSD`, `UsageQuantity`;
 * the answer's column has the alias or the column's name.
 */
export const costAggregation = v.pipe(
  v.record(nameInput, v.strictObject({ name: nameInput, function: v.picklist(['Sum']) })),
  v.check((map) => Object.keys(map).length <= 2, 'has more than two entries; the service takes two at most.'),
);

/** `Usage` leaves out purchases. */
export const costType = v.picklist(['Usage', 'ActualCost', 'AmortizedCost']);

/** `Custom` needs a `timePeriod`. The reference of a version names some of these; the service took all of them. */
export const costTimeframe = v.picklist([
  'Custom',
  'MonthToDate',
  'BillingMonthToDate',
  'TheLastMonth',
  'TheLastBillingMonth',
  'TheCurrentMonth',
  'WeekToDate',
  'TheLastWeek',
  'YearToDate',
  'TheLastYear',
  'TheLast7Days',
  'TheLast3Months',
]);

/** `None` gives one row a group; `Hourly` is of 2019-10-01 only. */
export const costGranularity = v.picklist(['None', 'Daily', 'Monthly', 'Hourly']);
