import type { ExportClients } from '../usage/plan/exportSource.ts';
import type { ExportParts } from './exportParts.ts';

/** The clients of a connection that an export may need. @throws Error when there is no such connection any more */
export async function exportClients(
  connections: ExportParts['connections'],
  connection: string,
): Promise<ExportClients> {
  const arm = await connections.arm(connection);
  const partnerCenter = connections.hasPartnerCenter(connection)
    ? await connections.partnerCenter(connection)
    : undefined;
  const graph = connections.hasGraph(connection) ? await connections.graph(connection) : undefined;
  return { arm, partnerCenter, graph };
}
