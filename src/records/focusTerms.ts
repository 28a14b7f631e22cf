/**
 * Words of the FOCUS specification (FinOps Open Cost and Usage Specification 1.2) for words of Azure's rows. A word that is not
 * listed has no translation: the cell stays empty and the word is in x_Source. Azure's words are compared without case.
 */

const terms =
  (table: Readonly<Record<string, string>>, other?: string) =>
  (word: string): string | undefined =>
    Object.hasOwn(table, word.toLowerCase()) ? table[word.toLowerCase()] : other;

/** From the charge type. A refund corrects a purchase. */
export const chargeCategory = terms({
  ...{ usage: 'Usage', unusedreservation: 'Usage', unusedsavingsplan: 'Usage' },
  ...{ purchase: 'Purchase', refund: 'Purchase', credit: 'Credit', tax: 'Tax' },
  ...{ adjustment: 'Adjustment', roundingadjustment: 'Adjustment' },
});

export const chargeClass = terms({ refund: 'Correction' });

export const chargeFrequency = terms({
  ...{ usagebased: 'Usage-Based', onetime: 'One-Time', monthly: 'Recurring', recurring: 'Recurring' },
});

/** From the pricing model. */
export const pricingCategory = terms({
  ...{ ondemand: 'Standard', spot: 'Dynamic', reservation: 'Committed', savingsplan: 'Committed' },
});

export const commitmentCategory = terms({ reservation: 'Usage', savingsplan: 'Spend' });

export const commitmentType = terms({ reservation: 'Reservation', savingsplan: 'Savings Plan' });

/** From the service family. */
export const serviceCategory = terms(
  {
    ...{ compute: 'Compute', containers: 'Compute', storage: 'Storage', databases: 'Databases' },
    ...{ networking: 'Networking', security: 'Security', identity: 'Identity', analytics: 'Analytics' },
    ...{ integration: 'Integration', web: 'Web', migration: 'Migration', media: 'Media', mobile: 'Mobile' },
    'management and governance': 'Management and Governance',
    'ai + machine learning': 'AI and Machine Learning',
    'internet of things': 'Internet of Things',
    'developer tools': 'Developer Tools',
  },
  'Other',
);

/**
 * The unit of a unit of measure that counts single ones: `1 Hour` → Hour, `1/Month` → Units/Month. Undefined for blocks such as `100 GB`,
 * `1M` and `1 Million`: rows do not tell whether their quantity counts the blocks or what is in them.
 */
export function singleUnit(unitOfMeasure: string): string | undefined {
  const [, slash = '', unit] = /^1\s*(\/?)\s*([^\d\s/].*)$/.exec(unitOfMeasure.trim()) ?? [];
  if (unit === undefined || /^(?:[KM](?![a-z])|thousand|million|billion)/i.test(unit)) {
    return undefined;
  }
  return slash === '' ? unit : `Units/${unit}`;
}

/** Files write flags as `True`. */
export function flag(text: string): string | undefined {
  const word = text.toLowerCase();
  return word === 'true' || word === 'false' ? word : undefined;
}
