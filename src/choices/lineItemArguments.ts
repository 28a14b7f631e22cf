import { checkLineItemChoice } from '../api/partnerCenter/lineItemRules.ts';
import type { DocumentFormat, OpenLineItemsArgument } from '../contributions.ts';
import type { Given } from './commandInput.ts';
import { ratedUsageSpec } from './partnerArguments.ts';
import type { LineItemsSpec } from './partnerSpecs.ts';

/** Checks the argument of `openLineItems`; what is unbilled may still lack a currency. Errors name the field. */
export function lineItemsSpec(
  given: Given<OpenLineItemsArgument>,
  connection: string,
  usual: DocumentFormat,
): LineItemsSpec {
  // The same lines, of a kind that is given here and known there.
  const lines = ratedUsageSpec(given, connection, usual);
  const { provider, type } = given;
  const checked = checkLineItemChoice({ invoice: lines.invoice ?? 'unbilled', provider, type });
  return { ...lines, kind: 'lineItems', provider: checked.provider, type: checked.type };
}
