import type { ChildNode } from '../node.ts';

/** The price lists of legacy Azure. Each is one large answer, so it is opened as a document only. */
export function rateCardNodes(): ChildNode[] {
  const card = { kind: 'partnerRateCard', title: 'Rate card', description: 'as JSON', expandable: false } as const;
  return [
    { ...card, key: 'azure', label: 'Azure', tooltip: 'Prices of legacy Azure (145P) by meter: some megabytes' },
    {
      ...card,
      key: 'shared',
      label: 'Shared services',
      tooltip:
        'Partner Shared Services: prices of Azure that partners use for themselves to serve customers: some megabytes',
      shared: true,
    },
  ];
}
