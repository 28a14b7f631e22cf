import * as v from 'valibot';
import { unexpected } from '../http/body.ts';
import type { Answer, Call, SendOptions } from '../http/client.ts';
import { BillingError } from '../http/errors.ts';
import { readOperation } from '../http/longRunning.ts';
import { type ArmClient, armPath, readAs } from './armClient.ts';
import { parentPath } from './parent.ts';
import { nameSegment } from './scope.ts';
import { optionalText } from './wire.ts';

const download = v.looseObject({
  /** Billing 2019-10-01-preview. A storage address with a signature in it: fetched without a token, shown to nobody. */
  url: optionalText,
  /** Cost Management: the same. */
  downloadUrl: optionalText,
  /** Until when, UTC; answers by invoice may have `validTill` instead. */
  expiryTime: optionalText,
  validTill: optionalText,
});

/** Where a price sheet can be fetched: one csv file from the seed version, a zip of csv files from newer ones. */
export type PriceSheetDownload = v.InferOutput<typeof download>;

/** Names of what a price sheet belongs to. Without an invoice it is the current month's; with one, that of its month. */
export interface PriceSheetOwner {
  account: string;
  profile: string;
  invoice?: string | undefined;
}

/**
 * Has the service prepare a price sheet and waits for it (REST reference: Cost Management, Price Sheet - Download By Billing
 * Profile and Download By Invoice; in the seed version Microsoft.Billing, Price Sheet - Download). The csv of the seed
 * version fails above half a million rows.
 *
 * @throws BillingError of kind `refused` with status 204 when there is none
 */
export function preparePriceSheet(
  arm: ArmClient,
  owner: PriceSheetOwner,
  options?: SendOptions,
): Promise<PriceSheetDownload> {
  return readOperation(arm.http, priceSheetCall(arm, owner), readDownload, options);
}

/** The call that starts {@link preparePriceSheet}. Nothing is sent. */
export function priceSheetCall(arm: ArmClient, owner: PriceSheetOwner): Call {
  const { account, profile, invoice } = owner;
  const parent = `${parentPath({ account, profile })}${invoice === undefined ? '' : `/invoices/${nameSegment('invoice', invoice)}`}`;
  const address =
    arm.versions === 'seed'
      ? armPath(arm, 'priceSheet', `${parent}/pricesheet/default/download`, { format: 'csv' })
      : armPath(arm, 'priceSheet', `${parent}/providers/Microsoft.CostManagement/pricesheets/default/download`);
  // Repeatable: it prepares a download and changes nothing.
  const quota = { area: 'priceSheet', scope: parentPath({ account }).toLowerCase() } as const;
  return { operation: 'Download the price sheet', method: 'POST', address, repeatable: true, quota } as const;
}

/** The address of a prepared price sheet, under the name that its version gives it. */
export function priceSheetAddress({ url, downloadUrl }: PriceSheetDownload): string {
  return downloadUrl || url || '';
}

function readDownload(answer: Answer): PriceSheetDownload {
  if (answer.status === 204) {
    const { status, requestId, correlationId } = answer;
    throw new BillingError('refused', 'there is no price sheet for it.', { status, requestId, correlationId });
  }
  const body = readAs(download, answer);
  if (priceSheetAddress(body) === '') {
    throw unexpected(answer, 'the answer names no file.');
  }
  return body;
}
