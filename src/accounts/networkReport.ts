import { BillingError } from '../api/http/errors.ts';
import type { Commands, Connection, Endpoints } from '../contributions.ts';
import { type NetworkReport, networkReport, type ReportedConnection } from '../network/report.ts';
import { reportText } from '../network/reportText.ts';
import type { CommandHandlers } from '../workbench/commands.ts';
import { withProgress } from '../workbench/progress.ts';
import { showReport } from '../workbench/reportDocuments.ts';
import { networkSettings } from './networkSettings.ts';
import { servicesOf } from './services.ts';

type Argument = Commands['azureBilling.showNetworkReport']['argument'];

/** What the report needs to know of the connections. */
interface ConnectionSource {
  list(): { name: string; problem?: string }[];
  find(name: unknown): string | undefined;
  /** Any connection, the sample tenant included. */
  connectionOf(name: string): Promise<Connection>;
}

/** The command that tells how each host is reached. */
export function networkReportCommands(
  connections: ConnectionSource,
): Pick<CommandHandlers, 'azureBilling.showNetworkReport'> {
  return {
    'azureBilling.showNetworkReport': async (argument) => {
      const wanted = wantedNames(argument, connections);
      const report = await withProgress('Looking at the network', (_, signal) => reportOn(connections, wanted, signal));
      await showReport('Network Report', reportText(report));
      return report;
    },
  };
}

/** @throws BillingError of kind `argument` */
function wantedNames(argument: Argument, connections: ConnectionSource): string[] {
  if (argument?.connection === undefined) {
    return connections.list().map(({ name }) => name);
  }
  const found = connections.find(argument.connection);
  if (found === undefined) {
    throw new BillingError('argument', `connection: there is no connection '${String(argument.connection)}'.`, {
      advice: 'Name a connection of the tree, or leave it out for all.',
    });
  }
  return [found];
}

async function reportOn(
  connections: ConnectionSource,
  names: readonly string[],
  signal: AbortSignal,
): Promise<NetworkReport> {
  const reported = await Promise.all(names.map((name) => reportedConnection(connections, name)));
  return networkReport(networkSettings(), reported, { now: new Date(), signal });
}

const SERVICES: readonly [keyof Endpoints, string][] = [
  ['resourceManager', 'Azure Resource Manager'],
  ['partnerCenter', 'Partner Center'],
  ['graph', 'Microsoft Graph'],
  ['authority', 'Sign-in'],
];

async function reportedConnection(connections: ConnectionSource, name: string): Promise<ReportedConnection> {
  const problem = connections.list().find((entry) => entry.name === name)?.problem;
  if (problem !== undefined) {
    return { connection: name, services: [], problem };
  }
  const endpoints = servicesOf(await connections.connectionOf(name));
  const services = SERVICES.flatMap(([field, service]) => {
    const address = endpoints[field];
    return address === undefined ? [] : [{ service, address }];
  });
  return { connection: name, services };
}
