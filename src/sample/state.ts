import { AlertStatuses } from './alertStatuses.ts';
import type { BlobStore } from './blobStore.ts';
import { Budgets } from './budgets.ts';
import { Caller } from './callers.ts';
import type { ExportSettings } from './exportSettings.ts';
import { Exports } from './exports.ts';
import { Graph } from './graph/graph.ts';
import type { GraphSettings } from './graph/settings.ts';
import { type OperationSettings, Operations } from './operations.ts';
import { PartnerCenter } from './partnerCenter/partnerCenter.ts';
import type { PartnerCenterSettings } from './partnerCenter/settings.ts';
import { Policies } from './policies.ts';
import { type ReportSettings, Reports } from './reportSettings.ts';
import type { Tenant } from './tenant.ts';
import type { ThrottlePolicy } from './throttle.ts';

/** How a service begins. */
interface StateSettings {
  readonly caller?: string;
  readonly exports?: ExportSettings;
  readonly graph?: GraphSettings;
  readonly operations?: OperationSettings;
  readonly partnerCenter?: PartnerCenterSettings;
  readonly reports?: ReportSettings;
  readonly throttle?: ThrottlePolicy;
  readonly clock?: () => number;
}

/** What calls change in one service instance. It starts the same every time; `reset` brings it back there. */
export class ServiceState {
  readonly alerts = new AlertStatuses();
  readonly budgets: Budgets;
  readonly caller: Caller;
  readonly exports: Exports;
  readonly graph: Graph;
  readonly operations: Operations;
  readonly partnerCenter: PartnerCenter;
  readonly policies = new Policies();
  readonly reports: Reports;
  readonly storage: BlobStore;

  constructor(tenant: Tenant, storage: BlobStore, settings: StateSettings = {}) {
    this.budgets = new Budgets(tenant);
    this.caller = new Caller(tenant, this.policies, settings.caller);
    this.operations = new Operations(settings.operations);
    this.partnerCenter = new PartnerCenter(tenant, {
      settings: settings.partnerCenter,
      throttle: settings.throttle ?? 'off',
      clock: settings.clock ?? (() => performance.now()),
    });
    this.reports = new Reports(settings.reports);
    this.storage = storage;
    this.exports = new Exports(tenant, storage, this.reports, settings.exports);
    this.graph = new Graph(tenant, storage, settings.graph);
  }

  async reset(): Promise<void> {
    this.alerts.reset();
    this.budgets.reset();
    this.caller.reset();
    this.exports.reset();
    this.graph.reset();
    this.operations.reset();
    this.partnerCenter.reset();
    this.policies.reset();
    this.reports.reset();
    await this.storage.clear();
  }
}
