import { type Scope, scopePath } from '../../api/arm/scope.ts';
import { UNSEEN, type UsageEstimate } from '../estimate.ts';
import { type Period, periodLabel } from '../period.ts';
import { chooseChains, secondsOf } from './chains.ts';
import { cutUnits } from './dayRanges.ts';
import type { BegunPiece } from './openPiece.ts';
import { expectedRows, type Probe, restOf, type ScopeWork, tellsAll } from './usageProbe.ts';
import type { Starts } from './usageStarts.ts';

/** Rows on a page of usage details that is full. */
const FULL_PAGE = 1000;

/** The lists that together bring the usage of scopes. */
interface UsageLists {
  /** In the order of the file. */
  pieces: BegunPiece[];
  estimate: UsageEstimate;
}

/**
 * Cuts the usage of scopes into lists.
 *
 * @param works all scopes, of which the first ones were probed; of the others each is one list
 * @param today the current day, `YYYY-MM-DD`, UTC
 */
export function usageLists(
  works: readonly ScopeWork[],
  probes: readonly Probe[],
  starts: Starts,
  today: string,
): UsageLists {
  const rests = probes.flatMap((probe) => restOf(probe, today));
  const unprobed = works.length - probes.length;
  const pageRows = Math.min(FULL_PAGE, ...probes.flatMap(fullPages));
  const pages = Math.ceil(rests.reduce((sum, { weight }) => sum + weight, 0) / pageRows);
  const secondsAPage = Math.max(...probes.map(({ seconds }) => seconds));
  const known = probes.every(tellsAll);
  const expected = { pages, secondsAPage, startsNow: starts.now, startsAMinute: starts.aMinute };
  const chains = chooseChains({ ...expected, pages: known ? pages : pages * UNSEEN });
  const ranges = rests.length === 0 ? [] : cutUnits(rests, chains, today);
  const rows = [...probes.map(expectedRows), ...ranges.map(({ weight }) => weight)];
  const probed = Math.max(...probes.map((probe) => Math.ceil(expectedRows(probe) / pageRows) * probe.seconds));
  const waits = Math.max(0, Math.ceil((unprobed - starts.now) / starts.aMinute)) * 60;
  return {
    pieces: works.flatMap((work) => piecesOf(work, probes[work.owner], ranges)),
    estimate: {
      calls: rows.reduce((sum, each) => sum + Math.max(1, Math.ceil(each / pageRows)), unprobed),
      seconds: Math.ceil(Math.max(pages === 0 ? 0 : secondsOf(chains, expected), probed) + waits),
      known: known && unprobed === 0,
      source: 'usageDetails',
      why: undefined,
    },
  };
}

function fullPages({ days, begun }: Probe): number[] {
  return begun.walk.more && days.rows > 0 ? [days.rows] : [];
}

/** The lists of one scope in the order in which one list would bring its rows: newest month first, and by day within a month. */
function piecesOf(
  work: ScopeWork,
  probe: Probe | undefined,
  ranges: readonly { period: Period; owner: number }[],
): BegunPiece[] {
  if (probe === undefined) {
    return [pieceOf(work, work.period)];
  }
  const own = ranges.filter(({ owner }) => owner === work.owner).map(({ period }) => period);
  const month = probe.period?.from.slice(0, 7) ?? '';
  const isNewer = ({ from }: Period) => from.slice(0, 7) > month;
  return [
    ...own.filter(isNewer).map((period) => pieceOf(work, period)),
    { ...pieceOf(work, probe.period), begun: probe.begun },
    ...own.filter((period) => !isNewer(period)).map((period) => pieceOf(work, period)),
  ];
}

function pieceOf({ scope, metric, label }: ScopeWork, period: Period | undefined): BegunPiece {
  const path = scopePath(scope);
  const words = [label?.label, period === undefined ? nameOf(scope) : periodLabel(period)];
  return {
    id: period === undefined ? path : `${path} ${period.from} to ${period.to}`,
    label: words.filter((word) => word !== undefined && word !== '').join(', '),
    ...(label === undefined ? {} : { scope: label }),
    call: {
      call: 'usageDetails',
      scope: path,
      ...(period === undefined ? {} : { period }),
      ...(metric === undefined ? {} : { metric }),
    },
  };
}

function nameOf(scope: Scope): string {
  return scope.kind === 'invoice' ? scope.invoice : 'current period';
}
