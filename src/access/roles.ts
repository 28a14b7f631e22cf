/**
 * Who may see costs where. Sources: the public articles "Get started with Cost Management for partners", "Understand and work with
 * scopes" and "Understand Microsoft Customer Agreement administrative roles".
 */
export const ROLES = {
  partner: 'Admin agent or Billing admin (in the partner tenant)',
  /** The cost policy is theirs alone. */
  adminAgent: 'Admin agent (in the partner tenant)',
  customerAgreement: 'Billing account reader',
  enterprise: 'Enterprise administrator (read only)',
  subscription: 'Cost Management Reader',
} as const;

/** The role that reads costs at a billing scope of an agreement; a partner agreement when it is not known. */
export function billingRole(agreement: string | undefined): string {
  switch (agreement) {
    case 'MicrosoftCustomerAgreement':
      return ROLES.customerAgreement;
    case 'EnterpriseAgreement':
      return ROLES.enterprise;
    default:
      return ROLES.partner;
  }
}

/** Who gives such a role, in words for the user. */
export function roleGiver(agreement: string | undefined): string {
  switch (agreement) {
    case 'MicrosoftCustomerAgreement':
      return 'an owner of the billing account';
    case 'EnterpriseAgreement':
      return 'an enterprise administrator';
    default:
      return 'a global administrator of the partner tenant';
  }
}
