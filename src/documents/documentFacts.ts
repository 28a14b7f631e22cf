import * as vscode from 'vscode';
import { isRatedUsage, isUnrated, lineItemsName } from '../choices/lineItemNames.ts';
import type { LineItemsSpec, RatedUsageSpec, UsageRecordsSpec, UtilizationSpec } from '../choices/partnerSpecs.ts';
import { type PeriodState, periodLabel, periodState } from '../usage/period.ts';
import type { UsageReport } from '../usage/writeUsage.ts';
import { plainText } from '../workbench/text.ts';
import type { DocumentSpec } from './documentSpec.ts';
import type { UsageDocumentSpec } from './usageUri.ts';

/** From this size on the editor shows text without colours. Bytes. */
const PLAIN_TEXT_SIZE = 20 * 1024 * 1024;

/** How final the figures of a document are. */
export function stateOf(spec: DocumentSpec, report: UsageReport): PeriodState {
  switch (spec.kind) {
    case 'usageDetails':
      // The month of an invoice is over when there is an invoice.
      return spec.period === undefined ? 'closed' : periodState(spec.period, report.fetchedAt);
    case 'usageRecords':
      return 'open';
    case 'utilization':
      // It is a window of the time of report: what was reported in the past stays what it is.
      return 'closed';
    case 'ratedUsage':
    case 'lineItems':
      return spec.invoice !== undefined ? 'closed' : spec.period === 'last' ? 'settling' : 'open';
  }
}

/** What a person should know of a document before relying on it: rows, period, how final, totals, where from. The first is a title. */
export function documentFacts(spec: DocumentSpec, report: UsageReport): string[] {
  // A unit may be a number.
  const unrated = isWithoutPrices(spec);
  const totals = Object.entries(report.totals).map(([name, amount]) =>
    unrated ? `${amount} × ${name}` : `${amount} ${name}`.trim(),
  );
  const { what, lines } = ownFacts(spec, stateOf(spec, report));
  return [
    `Complete: ${count(report.rows, 'row')} in ${count(report.pages, inFiles(report) ? 'file' : 'page')}`,
    ...lines,
    ...(report.leftOut === undefined ? [] : [`${count(report.leftOut, 'row')} of others left out`]),
    ...(totals.length === 0 ? [] : [`${what}: ${totals.join('; ')}`]),
    ...(spec.kind === 'usageDetails' ? filterFacts(spec) : []),
    ...(spec.kind === 'usageDetails' && spec.metric !== undefined ? [`Metric: ${spec.metric}`] : []),
    `Fetched at ${report.fetchedAt.toISOString()} with ${report.source}${report.why === undefined ? '' : `, because ${report.why}`}`,
    ...(report.rowsWithoutCost === 0
      ? []
      : [`${count(report.rowsWithoutCost, 'row')} without ${unrated ? 'a quantity' : 'a cost'}`]),
    ...(report.unknownFields.length === 0
      ? []
      : [`Fields unknown to this version: ${report.unknownFields.join(', ')}`]),
    ...(report.bytes > PLAIN_TEXT_SIZE ? ['Above 20 MB the editor shows the text without colours.'] : []),
  ].map(plainText);
}

/** Cost Details and billing exports are files; everything else is lists. */
function inFiles({ source }: UsageReport): boolean {
  return /^(Cost Details|Microsoft Graph) /.test(source);
}

/** What the totals are called, and what a kind of document has to say for itself. */
function ownFacts(spec: DocumentSpec, state: PeriodState): { what: string; lines: string[] } {
  switch (spec.kind) {
    case 'usageDetails':
      return { what: state === 'closed' ? 'Cost' : 'Cost so far', lines: usageDetailsFacts(spec, state) };
    case 'usageRecords':
      return { what: 'Estimated cost so far', lines: usageRecordsFacts(spec) };
    case 'utilization':
      return { what: 'Quantity by unit', lines: utilizationFacts(spec) };
    case 'ratedUsage':
      return {
        what: state === 'closed' ? 'Cost before tax' : 'Estimated cost before tax, so far',
        lines: ratedUsageFacts(spec),
      };
    case 'lineItems':
      return {
        what: isUnrated(spec) ? 'Quantity by unit' : state === 'closed' ? 'Cost before tax' : 'Cost before tax, so far',
        lines: lineItemsFacts(spec),
      };
  }
}

const STATES: Readonly<Record<PeriodState, string>> = {
  open: 'Open: the month goes on and the figures will change.',
  settling: 'Settling: late usage may arrive until the 5th.',
  closed: 'Closed: the period is over.',
};

function usageDetailsFacts({ period }: UsageDocumentSpec, state: PeriodState): string[] {
  return [
    period === undefined
      ? 'Period: that of the invoice'
      : `Period: ${periodLabel(period)} (${period.from} to ${period.to}, UTC, inclusive)`,
    STATES[state],
  ];
}

function filterFacts({ only = [] }: UsageDocumentSpec): string[] {
  return only.map(
    ({ by, values, not }) =>
      `Only rows whose ${by} is ${not === true ? 'none of ' : values.length === 1 ? '' : 'one of '}${values.map((value) => value || '(none)').join('; ')}`,
  );
}

const RECORDS_OF = {
  customers: 'customer',
  subscriptions: 'legacy Azure subscription and Azure plan',
  meters: 'meter',
  resources: 'resource',
} as const;

function usageRecordsFacts(spec: UsageRecordsSpec): string[] {
  return [
    `Rows: one for each ${RECORDS_OF[spec.of]}`,
    ...idFacts(spec),
    'Period: the open one, which begins with the billing day of the partner for legacy Azure and with the month (UTC) for an Azure plan.',
    'Open: estimate of the open period, not an invoice. The service renews it about daily.',
  ];
}

function utilizationFacts(spec: UtilizationSpec): string[] {
  const { start, end, granularity, showDetails, askedStart = start, askedEnd = end } = spec;
  const boundaries = granularity === 'daily' ? 'midnights' : 'full hours';
  return [
    `Window: ${shortly(start)} to ${shortly(end)} (UTC), end not included`,
    ...(askedStart === start && askedEnd === end
      ? []
      : [
          `Asked for: ${shortly(askedStart)} to ${shortly(askedEnd)}; the service takes the ${boundaries} before them.`,
        ]),
    'The window is the time of report to billing, not of use: rows of use before it are normal.',
    `Rows: ${granularity}, one for each ${showDetails ? 'resource' : 'meter'}`,
    ...idFacts(spec),
    'Closed: what was reported in the window does not change. Raw use without prices.',
  ];
}

/** A moment in UTC, the day alone where it is a midnight. */
function shortly(time: string): string {
  return time.replace('T00:00:00Z', '').replace(':00Z', 'Z');
}

function ratedUsageFacts(spec: RatedUsageSpec): string[] {
  return [
    ...linesFacts(spec),
    spec.invoice === undefined ? OPEN_LINES : `Closed: daily rated usage behind an invoice. ${NOT_RATED}`,
  ];
}

function lineItemsFacts(spec: LineItemsSpec): string[] {
  const name = lineItemsName(spec);
  return [
    `Line items: ${name}`,
    ...linesFacts(spec),
    spec.invoice === undefined
      ? OPEN_LINES
      : `Closed: ${isUnrated(spec) ? 'raw use without prices behind' : `${name} of`} an invoice.${isRatedUsage(spec) ? ` ${NOT_RATED}` : ''}`,
  ];
}

const OPEN_LINES = 'Open: estimate of the open period, not an invoice. Usage arrives up to a day late.';
const NOT_RATED = 'Reservations, savings plans and software are not in it.';

function linesFacts(spec: RatedUsageSpec | LineItemsSpec): string[] {
  const { invoice, period, currency, fragment } = spec;
  return [
    invoice === undefined
      ? `Period: ${period === 'last' ? 'the month that is over and has no invoice yet' : 'the running month'}, in ${currency ?? ''}`
      : `Invoice: ${invoice}`,
    ...(fragment === undefined ? [] : [`Attributes: ${fragment}`]),
    ...idFacts(spec),
  ];
}

function idFacts({
  customer,
  subscription,
}: {
  customer?: string | undefined;
  subscription?: string | undefined;
}): string[] {
  return [
    ...(customer === undefined ? [] : [`Customer: ${customer}`]),
    ...(subscription === undefined ? [] : [`Subscription in Partner Center: ${subscription}`]),
  ];
}

function isWithoutPrices(spec: DocumentSpec): boolean {
  return spec.kind === 'utilization' || (spec.kind === 'lineItems' && isUnrated(spec));
}

function count(value: number, noun: string): string {
  return `${value.toLocaleString(vscode.env.language)} ${noun}${value === 1 ? '' : 's'}`;
}
