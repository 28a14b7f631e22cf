import { type Alert, alertTime } from '../../api/arm/alerts.ts';
import { type CostExport, type ExportRun, exportRunState } from '../../api/arm/exports.ts';
import type { Money } from '../../api/arm/wire.ts';
import { digitsOf } from '../../json/exact.ts';
import { formatMoney } from '../../workbench/money.ts';
import { displayText } from '../../workbench/text.ts';
import type { ChildNode, ExplorerNode } from '../node.ts';
import { placeOf } from './folders.ts';
import { percent } from './share.ts';
import { facts, lines } from './tooltip.ts';

/** A cost alert. */
export function alertNode({ id, name, properties }: Alert, parent: ExplorerNode, locale: string): ChildNode {
  const { details, definition } = properties;
  const status = displayText(properties.status, 'Active');
  const open = status === 'Active';
  const ofBudget = /^budget/i.test(definition?.type ?? 'Budget');
  const unit = details?.unit ?? undefined;
  const threshold = details?.threshold;
  const reached =
    threshold === undefined || threshold === null ? undefined : `${percent(Number(digitsOf(threshold)))} reached`;
  const created = alertTime(properties.creationTime)?.slice(0, 10);
  const closed = alertTime(properties.closeTime)?.slice(0, 10);
  const spend = formatMoney({ value: details?.currentSpend, currency: unit }, locale);
  const amount = formatMoney({ value: details?.amount, currency: unit }, locale);
  return {
    key: name,
    kind: 'alert',
    // A budget alert is known by its budget, any other one by what it says.
    label: displayText((ofBudget && properties.costEntityId) || properties.description || definition?.criteria, name),
    description: facts(reached, created, !open && status),
    tooltip: lines(
      properties.description,
      definition && [definition.type, definition.criteria].filter(Boolean).join(': '),
      spend && `Spent: ${spend}${amount ? ` of ${amount}` : ''}`,
      created && `Raised: ${created}`,
      closed && `Closed: ${closed}`,
      `Status: ${status}`,
    ),
    expandable: false,
    resourceId: id,
    costScope: parent.costScope,
    alert: name,
    abilities: open ? ['dismissAlert'] : undefined,
    alarm: open ? 'warning' : 'muted',
  };
}

/** A scheduled or one-time export; its runs are below it. */
export function exportNode({ id, name, properties }: CostExport, parent: ExplorerNode): ChildNode {
  const { schedule, definition, deliveryInfo } = properties;
  const active = schedule?.status === 'Active';
  const state = schedule?.status === 'Inactive' ? 'paused' : displayText(schedule?.status, '');
  const destination = deliveryInfo?.destination;
  const next = properties.nextRunTimeEstimate?.slice(0, 10);
  return {
    key: name,
    kind: 'export',
    label: displayText(name, 'Unnamed'),
    description: facts(
      definition?.type,
      properties.format,
      active ? schedule.recurrence?.toLowerCase() : state || 'run by hand',
    ),
    tooltip: lines(
      `Export ${name}`,
      definition && `Data: ${[definition.type, definition.timeframe].filter(Boolean).join(', ')}`,
      properties.format && `Format: ${properties.format}`,
      schedule && `Schedule: ${[schedule.recurrence, state.toLowerCase()].filter(Boolean).join(', ')}`,
      active && next && `Next run: about ${next}`,
      destination?.resourceId && `Storage account: ${destination.resourceId.split('/').at(-1)}`,
      destination?.container &&
        `Container: ${[destination.container, destination.rootFolderPath].filter(Boolean).join('/')}`,
    ),
    title: name,
    expandable: true,
    resourceId: id,
    costScope: parent.costScope,
    exportName: name,
    abilities: ['exportRun', active ? 'pauseExport' : 'resumeExport'],
    alarm: schedule?.status === 'SystemSuspended' ? 'warning' : active || !schedule ? undefined : 'muted',
    ...placeOf(parent),
  };
}

const RUN_WORDS = {
  completed: 'completed',
  running: 'running',
  noData: 'no data',
  failed: 'failed',
  unknown: 'unknown state',
} as const;

/** One run of an export. */
export function exportRunNode(run: ExportRun, parent: ExplorerNode): ChildNode {
  const { properties } = run;
  const state = exportRunState(run);
  const submitted = properties.submittedTime?.slice(0, 16).replace('T', ' ');
  const name = run.name || run.id?.split('/').at(-1) || '';
  const from = properties.startDate?.slice(0, 10);
  const to = properties.endDate?.slice(0, 10);
  return {
    key: name,
    kind: 'exportRun',
    label: displayText(submitted && `${submitted} UTC`, name || 'Unnamed run'),
    description: facts(state === 'unknown' ? properties.status : RUN_WORDS[state], from && to && `${from} to ${to}`),
    tooltip: lines(
      `Run ${name}`,
      `Status: ${displayText(properties.status, 'not told')}`,
      properties.executionType && `Started: ${properties.executionType === 'OnDemand' ? 'by hand' : 'by schedule'}`,
      properties.submittedBy && `By: ${properties.submittedBy}`,
      properties.processingEndTime && `Ended: ${properties.processingEndTime.slice(0, 16).replace('T', ' ')} UTC`,
      properties.fileName && `File: ${properties.fileName}`,
      properties.error?.message && `Error: ${properties.error.message}`,
    ),
    expandable: false,
    resourceId: run.id ?? undefined,
    costScope: parent.costScope,
    exportName: parent.exportName,
    run: name,
    abilities: state === 'completed' ? ['exportRun'] : undefined,
    alarm: state === 'failed' ? 'warning' : state === 'noData' ? 'muted' : undefined,
  };
}

/** A resource group and what it cost so far this month: the query that finds it knows its cost, too. */
export function resourceGroupNode(name: string, costs: Money[], parent: ExplorerNode): ChildNode {
  const label = displayText(name, 'No resource group');
  return {
    key: name,
    kind: 'resourceGroup',
    label,
    tooltip: lines(label, name === '' ? 'Cost of resources in no group' : `Resource group in ${parent.label}`),
    title: [parent.title, label].filter(Boolean).join(' '),
    expandable: name !== '',
    resourceId: name === '' ? undefined : `${parent.scope}/resourceGroups/${name}`,
    costScope: name === '' ? undefined : `${parent.scope}/resourceGroups/${name}`,
    monthToDate: costs,
  };
}
