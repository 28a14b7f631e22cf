import { queryCostPages } from '../../api/arm/costQuery.ts';
import { parseCostScope, parseScope } from '../../api/arm/scope.ts';
import { invoiceTransactionPages, transactionPages } from '../../api/arm/transactions.ts';
import { listUsageDetails } from '../../api/arm/usageDetails.ts';
import type { BillingExport } from '../../api/graph/billingExports.ts';
import type { GraphClient } from '../../api/graph/graphClient.ts';
import { BillingError } from '../../api/http/errors.ts';
import type { PageWalk } from '../../api/http/paging.ts';
import { Rooms } from '../../api/http/room.ts';
import { listLineItems } from '../../api/partnerCenter/lineItems.ts';
import type { PartnerCenterClient } from '../../api/partnerCenter/partnerCenterClient.ts';
import { queryLines } from '../../records/queryRows.ts';
import { explainNoUtilization } from '../partner/noUtilization.ts';
import { type UtilizationRequest, utilizationWalk } from '../partner/utilizationPages.ts';
import { usageRecordsSource } from '../partner/writeUsageRecords.ts';
import { usageDetailsQuery } from '../usageDetailsQuery.ts';
import type { ExportClients, KeptUsage } from './exportSource.ts';
import { keptGone } from './keptGone.ts';
import type { PieceCall } from './pieceCall.ts';
import { type Piece, type PieceChunk, type PieceReadOptions, RESUME_REFUSED } from './plan.ts';
import { readExportFile } from './readExportFile.ts';
import { type BegunWalk, readPages, type SharedReading } from './readPages.ts';
import { readReport } from './readReport.ts';

/** A piece before it can be read, with what was fetched of it already. */
export interface BegunPiece extends Omit<Piece, 'read'> {
  begun?: BegunWalk;
  ready?: BillingExport;
}

/** Pieces that can be read. What was fetched already is given once, to the first who reads from the beginning. */
export function openPieces(pieces: readonly BegunPiece[], clients: ExportClients): Piece[] {
  const shared: SharedReading = { signIn: { accepted: false }, rooms: new Rooms() };
  return pieces.map(({ begun, ready, ...piece }) => {
    let kept = begun;
    return {
      ...piece,
      read(options = {}) {
        const own = options.from === undefined ? kept : undefined;
        kept = undefined;
        return readCall(piece.call, clients, options, { ...shared, begun: own, ready });
      },
    };
  });
}

interface Reading extends SharedReading {
  begun: BegunWalk | undefined;
  ready: BillingExport | undefined;
}

function readCall(
  call: PieceCall,
  clients: ExportClients,
  options: PieceReadOptions,
  reading: Reading,
): AsyncGenerator<PieceChunk, void, undefined> {
  const { arm } = clients;
  const pages = (open: () => PageWalk<Uint8Array>) => readPages({ ...reading, open }, options);
  switch (call.call) {
    case 'usageDetails': {
      const { period, metric } = call;
      const query = usageDetailsQuery({ scope: parseScope(call.scope), period, metric });
      return pages(() => listUsageDetails(arm, query));
    }
    case 'costDetails': {
      const { scope, request, hasRows = false } = call;
      return readReport(arm, { scope: parseScope(scope), request }, hasRows, options);
    }
    case 'usageRecords':
      return pages(() => usageRecordsSource(requirePartnerCenter(clients), call.subject).walk);
    case 'utilization':
      return readUtilization(requirePartnerCenter(clients), call.request, reading, options);
    case 'lineItems':
      return pages(() => listLineItems(requirePartnerCenter(clients), call.query));
    case 'billingExport':
      return readExportFile(requireGraph(clients), call.operation, call.file, options, reading.ready);
    case 'transactions': {
      const { parent, period, type } = call;
      return pages(() => transactionPages(arm, parent, { period, type }));
    }
    case 'invoiceTransactions':
      return pages(() => invoiceTransactionPages(arm, call.parent, call.invoice));
    case 'query': {
      const { scope, query, top } = call;
      const open = () => queryCostPages(arm, parseCostScope(scope), query, { top });
      return readPages({ ...reading, open, bytesOf: queryLines }, options);
    }
    case 'kept':
      return requireKept(clients).read(call.entry, options);
  }
}

async function* readUtilization(
  client: PartnerCenterClient,
  request: UtilizationRequest,
  { signIn, rooms }: SharedReading,
  options: PieceReadOptions,
): AsyncGenerator<PieceChunk, void, undefined> {
  try {
    yield* readPages({ open: () => utilizationWalk(client, request), signIn, rooms }, options);
  } catch (error) {
    const explained = error instanceof BillingError && error.code !== RESUME_REFUSED;
    throw explained ? await explainNoUtilization(client, request, error, options) : error;
  }
}

export function requirePartnerCenter({ partnerCenter }: ExportClients): PartnerCenterClient {
  if (partnerCenter === undefined) {
    throw new BillingError('argument', 'connection: it has no Partner Center.', {
      advice: 'Use a connection of a cloud that has it, or add its endpoint.',
    });
  }
  return partnerCenter;
}

function requireKept({ kept }: ExportClients): KeptUsage {
  if (kept === undefined) {
    throw keptGone();
  }
  return kept;
}

function requireGraph({ graph }: ExportClients): GraphClient {
  if (graph === undefined) {
    throw new BillingError('argument', 'connection: it has no Microsoft Graph.', {
      advice: 'Use a connection of a cloud that has it, or add its endpoint.',
    });
  }
  return graph;
}
