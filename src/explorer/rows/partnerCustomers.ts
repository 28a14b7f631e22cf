import type { PartnerCustomer } from '../../api/partnerCenter/customers.ts';
import { displayText } from '../../workbench/text.ts';
import type { ChildNode, ExplorerNode } from '../node.ts';
import { accountLabel } from './partnerFolders.ts';
import { facts, lines } from './tooltip.ts';

/**
 * A customer as Partner Center lists it.
 *
 * @param billing the same customer below billing accounts, as far as their lists were loaded
 * @param abilities what can be done with it at this connection
 */
export function partnerCustomerNode(
  { id, companyProfile, relationshipToPartner }: PartnerCustomer,
  billing: readonly ExplorerNode[],
  abilities: readonly string[],
): ChildNode {
  const label = displayText(companyProfile?.companyName, id);
  const accounts = billing.map(accountLabel).join(', ');
  const relation = relationshipToPartner === 'reseller' ? undefined : relationshipToPartner;
  return {
    key: id,
    kind: 'partnerCustomer',
    label,
    description: facts(relation, accounts && `also in ${accounts}`),
    tooltip: lines(
      label,
      `Tenant id: ${id}`,
      companyProfile?.domain && `Domain: ${companyProfile.domain}`,
      relationshipToPartner && `Relationship: ${relationshipToPartner}`,
      accounts && `The same customer is in ${accounts}`,
    ),
    title: label,
    expandable: true,
    resourceId: id,
    idName: 'tenant id',
    // Its usage can be opened from here as well where a billing account has it.
    scope: billing[0]?.scope,
    customer: id,
    abilities,
  };
}

/** What the customers are narrowed down to; a click takes it away. */
export function filterNode(text: string): ChildNode {
  return {
    key: 'filter',
    kind: 'partnerFilter',
    label: displayText(`Name: ${text}…`, 'Filter'),
    description: 'show all',
    tooltip: lines(`Only customers whose name begins with '${text}' are listed.`, 'Select this row to list all again.'),
    expandable: false,
    aside: true,
  };
}
