import * as vscode from 'vscode';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';
import {
  type ConnectionNames,
  type Given,
  givenLabel,
  partnerConnection,
  requireArgument,
  rowTitle,
} from '../choices/commandInput.ts';
import { ratedUsageSpec, requireCurrency, usageRecordsSpec, utilizationSpec } from '../choices/partnerArguments.ts';
import type { PartnerDocumentSpec } from '../choices/partnerSpecs.ts';
import { pickCurrency, pickRatedUsage } from '../choices/pickRatedUsage.ts';
import { pickUsageOf } from '../choices/pickUsageOf.ts';
import { pickWindow } from '../choices/pickWindow.ts';
import type { NodeArgument, OpenRatedUsageArgument } from '../contributions.ts';
import { NoUtilization, PLAN_HAS_NONE } from '../usage/partner/noUtilization.ts';
import { type CommandHandlers, isTreeRow, setting } from '../workbench/commands.ts';
import { plainText } from '../workbench/text.ts';
import { openPartnerDocument } from './openPartnerDocument.ts';
import type { UsageDocuments } from './usageDocuments.ts';

interface ConnectionSource extends ConnectionNames {
  partnerCenter(name: string): Promise<PartnerCenterClient>;
}

/** The commands that open documents of Partner Center. */
export function partnerCommands(
  documents: UsageDocuments,
  connections: ConnectionSource,
): Pick<
  CommandHandlers,
  'azureBilling.openUsageRecords' | 'azureBilling.openUtilization' | 'azureBilling.openRatedUsage'
> {
  const open = (spec: PartnerDocumentSpec, subject: string | undefined) =>
    openPartnerDocument(documents, spec, subject);
  const usual = () => setting('azureBilling.documents.format');

  const openUsageRecordsOf = async (row: NodeArgument): Promise<vscode.Uri | undefined> => {
    const { customer: customerId, subscription: subscriptionId, subscriptionKind } = row;
    const connection = partnerConnection(connections, row.connection);
    const of = subscriptionId === undefined ? undefined : await pickUsageOf(subscriptionKind);
    if (subscriptionId !== undefined && of === undefined) {
      return undefined;
    }
    const spec = usageRecordsSpec({ customerId, subscriptionId, of }, connection, usual());
    return open(spec, spec.of === 'customers' ? undefined : rowTitle(row));
  };

  const openRated = async (
    given: Given<OpenRatedUsageArgument>,
    subject: string | undefined,
    byPerson: boolean,
  ): Promise<vscode.Uri | undefined> => {
    const connection = partnerConnection(connections, given.connection);
    const spec = ratedUsageSpec(given, connection, usual());
    if (spec.invoice === undefined && spec.currency === undefined && byPerson) {
      const { customer, subscription: plan } = spec;
      spec.currency = await pickCurrency(await connections.partnerCenter(connection), { customer, plan });
      if (spec.currency === undefined) {
        return undefined;
      }
    }
    return open(requireCurrency(spec), subject);
  };

  /** Asks a person which rated usage of a row is meant. */
  const openRatedOf = async (row: NodeArgument): Promise<vscode.Uri | undefined> => {
    const { customer: customerId, subscription: subscriptionId, invoice, currency } = row;
    const connection = partnerConnection(connections, row.connection);
    const owner = { customer: customerId, plan: subscriptionId };
    const picked =
      invoice === undefined
        ? await pickRatedUsage(await connections.partnerCenter(connection), owner)
        : { invoice, currency };
    return picked && openRated({ connection, customerId, subscriptionId, ...picked }, rowTitle(row), true);
  };

  /** Says why there is no utilization, and opens what there is when the person wants it. */
  const offerRated = async (row: NodeArgument, why: NoUtilization): Promise<vscode.Uri | undefined> => {
    const button = 'Open Rated Usage…';
    // A person chose a row, no field.
    const reason = why.explanation.replace(/^subscriptionId: /, '');
    const answer = await vscode.window.showWarningMessage(plainText(`${rowTitle(row)}: ${reason}`), button);
    return answer === button ? openRatedOf(row) : undefined;
  };

  const openUtilizationOf = async (row: NodeArgument): Promise<vscode.Uri | undefined> => {
    if (row.subscriptionKind === 'azurePlan') {
      return offerRated(row, new NoUtilization(PLAN_HAS_NONE, row.subscription, undefined));
    }
    const connection = partnerConnection(connections, row.connection);
    const window = await pickWindow(Date.now());
    if (window === undefined) {
      return undefined;
    }
    const given = { customerId: row.customer, subscriptionId: row.subscription, ...window };
    try {
      return await open(utilizationSpec(given, connection, usual(), { now: Date.now() }), rowTitle(row));
    } catch (error) {
      if (!(error instanceof NoUtilization)) {
        throw error;
      }
      return offerRated({ ...row, subscription: error.plan }, error);
    }
  };

  return {
    'azureBilling.openUsageRecords': async (argument) => {
      if (isTreeRow(argument)) {
        return openUsageRecordsOf(argument);
      }
      const plain = requireArgument(argument);
      const connection = partnerConnection(connections, plain.connection);
      return open(usageRecordsSpec(plain, connection, usual()), givenLabel(plain.label));
    },
    'azureBilling.openUtilization': async (argument) => {
      if (isTreeRow(argument)) {
        return openUtilizationOf(argument);
      }
      const plain = requireArgument(argument);
      const connection = partnerConnection(connections, plain.connection);
      // A person sees while typing which window becomes of the times; a caller would get another one than was asked for.
      const rules = { now: Date.now(), offBoundary: 'refuse' } as const;
      return open(utilizationSpec(plain, connection, usual(), rules), givenLabel(plain.label));
    },
    'azureBilling.openRatedUsage': async (argument) => {
      if (isTreeRow(argument)) {
        return openRatedOf(argument);
      }
      const plain = requireArgument(argument);
      return openRated(plain, givenLabel(plain.label), false);
    },
  };
}
