/** A unit of measure taken apart: `10K` is blocks of 10,000 units. */
export interface PricingUnit {
  readonly name: string;
  /** How many consumed units are in one priced unit. */
  readonly block: bigint;
}

const MULTIPLIERS: Readonly<Record<string, bigint>> = { '': 1n, K: 1_000n, M: 1_000_000n };
const PLURALS: Readonly<Record<string, string>> = { '': 'Units', Hour: 'Hours', '/Hour': 'Units/Hour' };

/** `1 Hour` → Hours, `10K` → 10,000 Units, `1/Month` → Units/Month, `100 GB/Month` → blocks of 100 GB/Month. */
export function pricingUnit(unitOfMeasure: string): PricingUnit {
  const [, count = '1', multiplier = '', rest = ''] = /^(\d+)([KM]?)\s*(.*)$/.exec(unitOfMeasure) ?? [];
  const name = PLURALS[rest] ?? (rest.startsWith('/') ? `Units${rest}` : rest);
  return { name, block: BigInt(count) * (MULTIPLIERS[multiplier] ?? 1n) };
}

const CATEGORIES: Readonly<Record<string, string>> = {
  Compute: 'Compute',
  Containers: 'Compute',
  Storage: 'Storage',
  Databases: 'Databases',
  Networking: 'Networking',
  Security: 'Security',
  'Management and Governance': 'Management and Governance',
  'AI + Machine Learning': 'AI and Machine Learning',
};

/** The specification's category of one of Azure's service families. */
export function serviceCategory(serviceFamily: string): string {
  return CATEGORIES[serviceFamily] ?? 'Other';
}
