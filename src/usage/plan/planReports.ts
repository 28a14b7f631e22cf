import type { ArmClient } from '../../api/arm/armClient.ts';
import { type Scope, scopePath } from '../../api/arm/scope.ts';
import type { UsageMetric } from '../../api/arm/usageDetailsRules.ts';
import { apiVersion } from '../../api/arm/versions.ts';
import type { SendOptions } from '../../api/http/client.ts';
import { estimateReports } from '../estimate.ts';
import { type Period, periodLabel } from '../period.ts';
import { type ReportRequest, replacementFor } from '../replacement.ts';
import { type BegunPiece, openPieces } from './openPiece.ts';
import type { Piece, Plan } from './plan.ts';

/** The usage of one scope. */
export interface WantedUsage {
  scope: Scope;
  period: Period | undefined;
  metric: UsageMetric | undefined;
  /** Stands in each row where several scopes are in one file. */
  label?: NonNullable<Piece['scope']>;
}

/** Reports of a scope are limited to two a minute ("Cost Management API latency and rate limits"); those that are asked for early wait. */
const MOST_AT_ONCE = 2;

/**
 * Cost Details in place of usage details: a report of each month and scope, newest first, two of which are asked for at a time; undefined
 * when they cannot bring all of it.
 *
 * @param why not usage details, in words that follow "because"
 * @param hasRows whether usage details have shown rows of a scope
 */
export async function planReports(
  arm: ArmClient,
  wanted: readonly WantedUsage[],
  why: string,
  today: string,
  options: SendOptions,
  hasRows: (wanted: WantedUsage) => boolean = () => false,
): Promise<Plan | undefined> {
  const pieces: BegunPiece[] = [];
  let mostOfAScope = 0;
  for (const one of wanted) {
    const reports = await replacementFor({ arm, ...one }, today, options);
    if (reports === undefined) {
      return undefined;
    }
    mostOfAScope = Math.max(mostOfAScope, reports.length);
    // Of several reports any may be without rows; of one, usage details have told.
    const believed = reports.length === 1 && hasRows(one);
    pieces.push(...reports.toReversed().map((report) => pieceOf(report, one, believed)));
  }
  const alone = estimateReports(pieces.length, why);
  const sideBySide = Math.min(pieces.length, MOST_AT_ONCE);
  const waits = waitsOf(mostOfAScope);
  return {
    source: `Cost Details ${apiVersion('costDetails', arm.versions)}`,
    why,
    content: 'files',
    operation: 'Download cost details',
    pieces: openPieces(pieces, { arm }),
    estimate: { ...alone, seconds: Math.ceil((alone.seconds - waitsOf(pieces.length)) / sideBySide) + waits },
    sideBySide,
  };
}

/** Seconds that reports of one scope wait for its limit by the hour. */
function waitsOf(reports: number): number {
  return estimateReports(reports, '').seconds - reports * estimateReports(1, '').seconds;
}

function pieceOf({ scope, request }: ReportRequest, { label }: WantedUsage, hasRows: boolean): BegunPiece {
  const { timePeriod, invoiceId } = request;
  const period = timePeriod === undefined ? undefined : { from: timePeriod.start, to: timePeriod.end };
  const what = invoiceId ?? (period === undefined ? 'current period' : periodLabel(period));
  return {
    id: `${scopePath(scope)} ${invoiceId ?? (period === undefined ? 'current' : `${period.from} to ${period.to}`)}`,
    label: label === undefined || label.label === '' ? what : `${label.label}, ${what}`,
    ...(label === undefined ? {} : { scope: label }),
    call: { call: 'costDetails', scope: scopePath(scope), request, ...(hasRows ? { hasRows } : {}) },
  };
}
