import type { ArmClient } from '../../api/arm/armClient.ts';
import { parseScope, scopePath } from '../../api/arm/scope.ts';
import { apiVersion } from '../../api/arm/versions.ts';
import type { SendOptions } from '../../api/http/client.ts';
import { BillingError } from '../../api/http/errors.ts';
import { estimateReports, isBig, tooSlowText } from '../estimate.ts';
import { reasonToReplace } from '../replacement.ts';
import { MOST_CHAINS } from './chains.ts';
import type { UsageDetailsSource } from './exportSource.ts';
import { openPieces } from './openPiece.ts';
import type { Plan } from './plan.ts';
import { planReports, type WantedUsage } from './planReports.ts';
import { usageLists } from './usageLists.ts';
import { type Probe, probeAll, type ScopeWork } from './usageProbe.ts';
import { type Starts, startsFor } from './usageStarts.ts';

/**
 * Usage details as several lists that are read side by side: pages of one list come one after the other, and only beginning a list is
 * limited much. The first pages tell how many lists are worth it, and belong to the first of them. Rows are in the order in which the
 * service sends them in one list, scope by scope: newest month first, and by day within a month.
 *
 * Where usage details refuse a scope, or reports would be there first, Cost Details take their place.
 */
export async function planUsageDetails(
  source: UsageDetailsSource,
  arm: ArmClient,
  options: SendOptions,
): Promise<Plan> {
  const works = worksOf(source, arm);
  const [first] = works;
  if (first === undefined) {
    throw new BillingError('argument', 'scopes: there is none.', { advice: 'Give at least one scope.' });
  }
  const today = new Date(arm.http.clock.now()).toISOString().slice(0, 10);
  const lists = Math.floor(startsFor(arm, first.scope).aMinute / works.length);
  let probes: Probe[];
  try {
    // Of more scopes than can be begun twice each is one list, and the first one tells whether there is a way to them.
    probes = await probeAll(lists >= 2 ? works : [first], lists, today, options);
  } catch (error) {
    const why = reasonToReplace(error);
    const reports = why === undefined ? undefined : await planReports(arm, works, why, today, options);
    if (reports === undefined) {
      throw error;
    }
    return reports;
  }
  const plan = planLists(arm, works, probes, startsFor(arm, first.scope), today);
  return (await fasterReports(arm, works, probes, plan, today, options)) ?? plan;
}

function worksOf({ scopes, period, metric }: UsageDetailsSource, arm: ArmClient): ScopeWork[] {
  const seen = new Set<string>();
  return scopes.map(({ scope: path, label }, owner) => {
    const scope = parseScope(path);
    const id = scopePath(scope);
    if (seen.has(id.toLowerCase())) {
      throw new BillingError('argument', `scopes: '${id}' is there twice.`, {
        advice: 'Its rows would be in the file twice; give it once.',
      });
    }
    seen.add(id.toLowerCase());
    if (scope.kind === 'invoice' && period !== undefined) {
      throw new BillingError('argument', 'period: an invoice has its own period.', { advice: 'Leave the period out.' });
    }
    const isOneOfMany = scopes.length > 1 || label !== undefined;
    return { arm, owner, scope, period, metric, ...(isOneOfMany && { label: { scope: id, label: label ?? '' } }) };
  });
}

function planLists(
  arm: ArmClient,
  works: readonly ScopeWork[],
  probes: readonly Probe[],
  starts: Starts,
  today: string,
): Plan {
  const { pieces, estimate } = usageLists(works, probes, starts, today);
  return {
    source: `Usage Details ${apiVersion('usageDetails', arm.versions)}`,
    content: 'pages',
    operation: 'List usage details',
    pieces: openPieces(pieces, { arm }),
    estimate,
    sideBySide: Math.min(pieces.length, MOST_CHAINS),
  };
}

/** Reports in place of lists, where they would be there first; undefined where they would not. */
async function fasterReports(
  arm: ArmClient,
  works: readonly ScopeWork[],
  probes: readonly Probe[],
  { estimate }: Plan,
  today: string,
  options: SendOptions,
): Promise<Plan | undefined> {
  // One report is the least there can be: most jobs need no further thought.
  if (!isBig(estimate) || estimateReports(1, '').seconds >= estimate.seconds) {
    return undefined;
  }
  const hasRows = (wanted: WantedUsage) => probes.some(({ work, days }) => work === wanted && days.rows > 0);
  const reports = await planReports(arm, works, tooSlowText(estimate), today, options, hasRows);
  return reports !== undefined && reports.estimate.seconds < estimate.seconds ? reports : undefined;
}
