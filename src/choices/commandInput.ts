import { BillingError } from '../api/http/errors.ts';
import type { NodeArgument } from '../contributions.ts';

/** An argument as a task, a key binding or another extension gives it: any member may be anything. */
export type Given<T> = { [Name in keyof T]?: unknown };

/** Connections by name. Nothing is loaded or sent. */
export interface ConnectionNames {
  /** The name as it is written in the settings, whatever case it is asked for in. */
  find(name: unknown): string | undefined;
  list(): { name: string; problem?: string }[];
  hasPartnerCenter(name: string): boolean;
}

/**
 * The connection of a document of Partner Center.
 *
 * @throws BillingError of kind `argument` when there is none of that name, or it has no Partner Center
 */
export function partnerConnection(connections: ConnectionNames, name: unknown): string {
  const found = connections.find(name);
  if (found !== undefined && connections.hasPartnerCenter(found)) {
    return found;
  }
  const others = connections.list().filter((each) => each.problem === undefined);
  const usable = others.map((each) => each.name).filter((each) => connections.hasPartnerCenter(each));
  const names = usable.join(', ') || 'none yet';
  if (found !== undefined) {
    throw new BillingError('argument', `connection: '${found}' has no Partner Center.`, {
      advice: `Give it endpoints.partnerCenter in the setting azureBilling.connections, or use one of: ${names}.`,
    });
  }
  throw new BillingError(
    'argument',
    name === undefined
      ? 'connection: is missing.'
      : `connection: there is no connection '${String(name).slice(0, 60)}'.`,
    { advice: `Use one of: ${names}.` },
  );
}

/** @throws BillingError of kind `argument` when nothing was given: such commands are no commands of the palette */
export function requireArgument<T extends object>(argument: T | undefined): T {
  if (typeof argument !== 'object' || argument === null) {
    throw new BillingError('argument', 'connection: is missing.', {
      advice: 'Choose a row below Partner Center in the tree, or give the name of a connection and what to open.',
    });
  }
  return argument;
}

/** What the caller calls the customer, subscription or invoice. */
export function givenLabel(label: unknown): string | undefined {
  if (label !== undefined && typeof label !== 'string') {
    throw new BillingError('argument', 'label: has to be a text.');
  }
  return label;
}

/** What a document of a row is called. */
export function rowTitle({ title, label }: NodeArgument): string {
  return title ?? label;
}
