import { BillingError } from '../../api/http/errors.ts';
import type { Page, PageWalk } from '../../api/http/paging.ts';
import { asOneOperation, type PartnerCenterClient } from '../../api/partnerCenter/partnerCenterClient.ts';
import { splitWindow } from '../../api/partnerCenter/utilizationPieces.ts';
import { listUtilizations } from '../../api/partnerCenter/utilizations.ts';
import type { UtilizationWindow } from '../../api/partnerCenter/utilizationWindow.ts';
import type { WriteOptions } from '../writeUsage.ts';
import { explainNoUtilization } from './noUtilization.ts';
import { sideBySide } from './sideBySide.ts';
import { tokenPages } from './tokenPages.ts';

export interface UtilizationRequest extends UtilizationWindow {
  /** Tenant id. */
  customer: string;
  /** Commerce subscription id. */
  subscription: string;
  /** One row for each resource, or one for each meter. */
  showDetails: boolean;
  /** Records a page, 1 to 1000; left out: 1000. */
  size?: number | undefined;
}

/** Pieces that are fetched at the same time, and what may wait in memory of each. No limit is published; bytes. */
const LIMIT = 4;
const AHEAD = 4 * 1024 * 1024;

/** The list of all records of the window. Nothing is sent yet. */
export function utilizationWalk(client: PartnerCenterClient, request: UtilizationRequest): PageWalk<Uint8Array> {
  const { customer, subscription, showDetails, size, start, end, granularity } = request;
  return listUtilizations(client, { customer, subscription, showDetails, size, start, end, granularity });
}

/** The windows that are asked for one by one, and joined. */
export function utilizationPieces(request: UtilizationRequest): UtilizationWindow[] {
  // Of an hour and a resource there is one record, in one piece. Rows of days, and of whole meters, sum up what was reported
  // within the window: cut in two, such a window would have two rows where it has one.
  const divisible = request.granularity === 'hourly' && request.showDetails;
  return divisible ? splitWindow(request) : [request];
}

/** The lists that bring the records, one behind the other. Nothing is sent yet. */
function utilizationWalks(client: PartnerCenterClient, request: UtilizationRequest): PageWalk<Uint8Array>[] {
  return utilizationPieces(request).map((piece) => utilizationWalk(client, { ...request, ...piece }));
}

/** The utilization of a window on its way. */
export interface UtilizationStream {
  /** What brings it; opens error messages. */
  operation: string;
  /** The call behind it, for the report. */
  source: string;
  /**
   * Its pages in the order of the pieces; nothing is sent before the first is asked for. Fails with a BillingError when any page
   * fails for good, `NoUtilization` among them.
   */
  pages: AsyncIterable<Page<Uint8Array>>;
}

/** The utilization of a window, which is one of the time of report. Long windows are fetched in pieces side by side. */
export function utilizationStream(
  given: PartnerCenterClient,
  request: UtilizationRequest,
  options: WriteOptions,
): UtilizationStream {
  const client = asOneOperation(given);
  const walks = utilizationWalks(client, request);
  return {
    operation: walks[0]?.first.operation ?? '',
    source: `Partner Center v1, Azure utilization records${walks.length === 1 ? '' : `, ${walks.length} windows joined`}`,
    pages: pagesOf(client, walks, request, options),
  };
}

async function* pagesOf(
  client: PartnerCenterClient,
  walks: readonly PageWalk<Uint8Array>[],
  request: UtilizationRequest,
  options: WriteOptions,
): AsyncGenerator<Page<Uint8Array>, void, undefined> {
  const signIn = { accepted: false };
  const lists = walks.map((walk) => (signal: AbortSignal) => tokenPages(walk, { ...options, signal }, signIn));
  try {
    yield* sideBySide<Page<Uint8Array>>(lists, {
      limit: LIMIT,
      ahead: AHEAD,
      sizeOf: ({ value }) => value.length,
      signal: options.signal,
    });
  } catch (error) {
    throw error instanceof BillingError ? await explainNoUtilization(client, request, error, options) : error;
  }
}
