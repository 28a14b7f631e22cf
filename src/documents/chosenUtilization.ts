import * as vscode from 'vscode';
import { BillingError } from '../api/http/errors.ts';
import {
  type ConnectionNames,
  givenLabel,
  partnerConnection,
  requireArgument,
  rowTitle,
} from '../choices/commandInput.ts';
import { utilizationSpec } from '../choices/partnerArguments.ts';
import { partnerLabel } from '../choices/partnerLabels.ts';
import type { UtilizationSpec } from '../choices/partnerSpecs.ts';
import { pickWindow } from '../choices/pickWindow.ts';
import type { ChosenUtilization, NodeArgument, ShowUtilizationArgument } from '../contributions.ts';
import { NoUtilization, PLAN_HAS_NONE } from '../usage/partner/noUtilization.ts';
import { isTreeRow } from '../workbench/commands.ts';
import { parseDocumentUri } from './documentSpec.ts';
import { tabUris } from './tabUris.ts';
import type { UsageDocuments } from './usageDocuments.ts';

/**
 * The window of utilization that an argument means: of a row after asking for the times, of a document, of the one in front when there
 * is no argument, or as it is given. Undefined when the user backs out.
 *
 * @throws BillingError of kind `argument` that names the field; `NoUtilization` for an Azure plan
 */
export async function chosenUtilization(
  argument: ShowUtilizationArgument | NodeArgument | vscode.Uri | undefined,
  documents: UsageDocuments,
  connections: ConnectionNames,
): Promise<ChosenUtilization | undefined> {
  if (argument === undefined || argument instanceof vscode.Uri) {
    return ofDocument(argument ?? tabUris(vscode.window.tabGroups.activeTabGroup.activeTab)[0], documents);
  }
  if (!isTreeRow(argument)) {
    const given = requireArgument(argument as ShowUtilizationArgument);
    const connection = partnerConnection(connections, given.connection);
    return chosen(
      utilizationSpec(given, connection, 'csv', { now: Date.now(), offBoundary: 'refuse' }),
      givenLabel(given.label),
    );
  }
  if (argument.subscriptionKind === 'azurePlan') {
    throw new NoUtilization(PLAN_HAS_NONE, argument.subscription, undefined);
  }
  const connection = partnerConnection(connections, argument.connection);
  const window = await pickWindow(Date.now());
  const given = { customerId: argument.customer, subscriptionId: argument.subscription, ...window };
  return window && chosen(utilizationSpec(given, connection, 'csv', { now: Date.now() }), rowTitle(argument));
}

function ofDocument(uri: vscode.Uri | undefined, documents: UsageDocuments): ChosenUtilization {
  // The address of a large document is that of a file; what it holds is known while it is open.
  const spec = uri && (documents.get(uri)?.spec ?? parseDocumentUri(uri));
  if (spec?.kind !== 'utilization') {
    throw new BillingError('argument', 'There is no utilization document in front.', {
      advice: 'Open one first, or choose a legacy Azure subscription below Partner Center in the tree.',
    });
  }
  const name = uri?.path.slice(uri.path.lastIndexOf('/') + 1) ?? '';
  return chosen(spec, /^(.+) utilization /.exec(name)?.[1]);
}

function chosen(spec: UtilizationSpec, label: string | undefined): ChosenUtilization {
  const { connection, customer: customerId, subscription: subscriptionId, start, end, granularity, showDetails } = spec;
  return {
    argument: {
      ...{ connection, customerId, subscriptionId, start, end, granularity, showDetails },
      ...(spec.size === undefined ? {} : { size: spec.size }),
      ...(label === undefined ? {} : { label }),
    },
    title: partnerLabel(spec, label),
  };
}
