import fc from 'fast-check';

/** Columns of a table of costs, spelled as usage details have them. */
export const COST_HEADER = [
  'date',
  'customerTenantId',
  'customerName',
  'meterCategory',
  'resourceGroup',
  'meterId',
  'meterName',
  'chargeType',
  'invoiceId',
  'quantity',
  'unitOfMeasure',
  'effectivePrice',
  'costInBillingCurrency',
  'billingCurrencyCode',
  'costInPricingCurrency',
  'pricingCurrencyCode',
] as const;

export type CostRow = Partial<Record<(typeof COST_HEADER)[number], string>>;

/** A row of usage that costs 2.40 EUR, with other members where given. */
export function costRow(own: CostRow = {}): (string | null)[] {
  const row: CostRow = {
    date: '2026-10-01T00:00:00Z',
    customerTenantId: 'c-1',
    customerName: 'Contoso',
    meterCategory: 'Storage',
    resourceGroup: 'rg-1',
    meterId: 'm-1',
    meterName: 'Hot LRS',
    chargeType: 'Usage',
    invoiceId: 'G1',
    quantity: '4',
    unitOfMeasure: '1 GB',
    effectivePrice: '0.5',
    costInBillingCurrency: '2.4',
    billingCurrencyCode: 'EUR',
    costInPricingCurrency: '2',
    pricingCurrencyCode: 'USD',
    ...own,
  };
  return COST_HEADER.map((name) => row[name] ?? null);
}

const decimal = (most: number, decimals: number) =>
  fc
    .tuple(fc.nat(most), fc.nat(10 ** decimals - 1))
    .map(([whole, fraction]) => `${whole}.${String(fraction).padStart(decimals, '0')}`);

/** Rows of few customers, services, meters and currencies; some have credits, no quantity, or several prices. */
export const costRows: fc.Arbitrary<(string | null)[][]> = fc.array(
  fc
    .record({
      date: fc.constantFrom('2026-10-01T00:00:00Z', '10/02/2026', '2026-11-03'),
      customerTenantId: fc.constantFrom('c-1', 'C-1', 'c-2'),
      customerName: fc.constantFrom('Contoso', 'contoso ', 'İzmir 株式会社', '', "'; DROP TABLE x; --"),
      meterCategory: fc.constantFrom('Storage', 'Compute', ''),
      resourceGroup: fc.constantFrom('rg-1', 'RG-1', 'rg-2'),
      meterId: fc.constantFrom('m-1', 'm-2'),
      chargeType: fc.oneof({ weight: 5, arbitrary: fc.constant('Usage') }, fc.constantFrom('Refund', 'Purchase')),
      invoiceId: fc.constantFrom('G1', ''),
      quantity: fc.oneof({ weight: 9, arbitrary: decimal(50, 3) }, fc.constantFrom('', '0')),
      unitOfMeasure: fc.oneof({ weight: 5, arbitrary: fc.constant('1 GB') }, fc.constant('10 GB')),
      effectivePrice: fc.oneof({ weight: 5, arbitrary: fc.constant('0.5') }, fc.constantFrom('0.6', '')),
      costInBillingCurrency: fc.oneof(
        { weight: 9, arbitrary: decimal(100, 7) },
        decimal(9, 9).map((digits) => `-${digits}00000000001`),
        fc.constantFrom('0', '5E-7', '', 'none'),
      ),
      billingCurrencyCode: fc.constantFrom('EUR', 'JPY'),
      costInPricingCurrency: fc.oneof({ weight: 9, arbitrary: decimal(100, 7) }, fc.constant('')),
      pricingCurrencyCode: fc.oneof({ weight: 5, arbitrary: fc.constant('USD') }, fc.constant('EUR')),
    })
    .map(costRow),
  { maxLength: 40 },
);
