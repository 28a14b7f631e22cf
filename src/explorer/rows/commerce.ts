/** Which commerce an `invoiceType` of Partner Center is, in words; unknown ones as they are. */
export function commerceOf(invoiceType: string | null | undefined): string {
  switch (invoiceType?.toLowerCase().replaceAll('_', '')) {
    case 'recurring':
      return 'legacy commerce';
    // All of new commerce, usage too.
    case 'onetime':
      return 'new commerce';
    default:
      return invoiceType || 'type not told';
  }
}
