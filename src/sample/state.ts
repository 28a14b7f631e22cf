import { AlertStatuses } from './alertStatuses.ts';
import { Budgets } from './budgets.ts';
import { type OperationSettings, Operations } from './operations.ts';
import { Policies } from './policies.ts';
import type { Tenant } from './tenant.ts';

/** What calls change in one service instance. It starts the same every time; `reset` brings it back there. */
export class ServiceState {
  readonly alerts = new AlertStatuses();
  readonly budgets: Budgets;
  readonly operations: Operations;
  readonly policies = new Policies();

  constructor(tenant: Tenant, operations?: OperationSettings) {
    this.budgets = new Budgets(tenant);
    this.operations = new Operations(operations);
  }

  reset(): void {
    this.alerts.reset();
    this.budgets.reset();
    this.operations.reset();
    this.policies.reset();
  }
}
