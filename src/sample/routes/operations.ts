import type { Operations } from '../operations.ts';
import { get, type Route } from './table.ts';

/** Where long-running operations of any scope are polled. The api-version is that of the Location and not looked at. */
export function operationRoutes(operations: Operations): Route[] {
  return [
    get('operations.poll', '**/operationresults/*', (request) => operations.poll(request)),
    get('operations.poll', '**/costdetailsoperationresults/*', (request) => operations.poll(request)),
    get('operations.status', '**/operationstatus/*', (request) => operations.status(request)),
  ];
}
