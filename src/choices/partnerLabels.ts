import { fileLabel } from './fileLabel.ts';
import { lineItemsName } from './lineItemNames.ts';
import type { PartnerDocumentSpec } from './partnerSpecs.ts';

/**
 * What a document's tab is called; `subject` is what a person calls the customer, subscription or invoice, if there is such a name. A long
 * one is cut, not what tells the document apart from others of the same subject.
 */
export function partnerLabel(spec: PartnerDocumentSpec, subject: string | undefined): string {
  const given = subject ?? spec.subscription ?? spec.customer;
  const owner = given === undefined ? undefined : fileLabel(given);
  switch (spec.kind) {
    case 'usageRecords':
      return `${owner ?? 'All customers'} usage by ${spec.of.replace(/s$/, '')}`;
    case 'utilization': {
      const { start, end, granularity, showDetails } = spec;
      const rows = `${showDetails ? '' : ' by meter'}${granularity === 'hourly' ? ' hourly' : ''}`;
      return `${owner ?? ''} utilization${rows} ${moment(start)} to ${moment(end)}`;
    }
    case 'ratedUsage':
    case 'lineItems': {
      const { invoice, period, currency } = spec;
      const what = spec.kind === 'lineItems' ? lineItemsName(spec) : 'rated usage';
      const when = invoice === undefined ? `unbilled ${period ?? ''} ${currency ?? ''}` : `invoice ${invoice}`;
      // The name of an invoice tells which one it is.
      return owner === undefined
        ? `${what} ${when}`
        : `${owner} ${what}${invoice !== undefined && owner.includes(invoice) ? '' : ` ${when}`}`;
    }
  }
}

/** `2026-11-01`, or `2026-11-01 05h` where it is no midnight: file names have no colons. */
function moment(time: string): string {
  const [day = '', clock = ''] = time.split('T');
  return clock.startsWith('00:00') ? day : `${day} ${clock.slice(0, 2)}h`;
}
