/** Something that was asked: found, or not to be had with the reason in words. */
export type Finding<T> = { found: T } | { unknown: string };

/** What the probes brought. Absent: not asked, because it makes no difference. */
export interface AccessFacts {
  /** Whether the sign-in may read at its billing account, as the service says. */
  mayRead?: Finding<boolean>;
  /** Agreement of the billing account: MicrosoftPartnerAgreement, MicrosoftCustomerAgreement, EnterpriseAgreement, … */
  agreement?: Finding<string>;
  /** Allowed, NotAllowed, or a word of the service. */
  costPolicy?: Finding<string>;
  /** How billing knows the subscription; undefined inside: billing does not know it. */
  billedAt?: Finding<BilledAt | undefined>;
}

/** Where a subscription is billed. */
export interface BilledAt {
  agreement?: string;
  account?: string;
  customer?: string;
  /** e.g. "Microsoft Azure Plan". */
  plan?: string;
  /** Active, Disabled, Deleted, … */
  status?: string;
}

/** What was found, or undefined when it was not asked or not to be had. */
export function known<T>(finding: Finding<T> | undefined): T | undefined {
  return finding !== undefined && 'found' in finding ? finding.found : undefined;
}
