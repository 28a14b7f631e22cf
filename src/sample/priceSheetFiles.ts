import type { BlobStore, ContainerName } from './blobStore.ts';
import { firstDay, isoDay } from './calendar.ts';
import { csvContent, type Partition } from './datasets/csv.ts';
import type { Dataset } from './datasets/dataset.ts';
import type { BillingProfile } from './directory.ts';
import { zipOf } from './zip.ts';

/** Where downloads of price sheets are prepared. */
const PRICE_SHEETS: ContainerName = { account: 'harbourlightpricesheets', container: 'downloads' };

/** A price sheet that can be fetched. */
export interface PreparedPriceSheet {
  /** Signed; fetched without a token. */
  readonly url: string;
  readonly expiry: Date;
}

/** Whose prices of which month; `id` is that of the operation which prepares them. */
interface PriceSheetFile {
  readonly id: string;
  readonly profile: BillingProfile;
  readonly month: number;
  readonly prices: Dataset;
}

/** Prepares the one csv file of the older form. */
export async function preparePriceSheetCsv(
  store: BlobStore,
  { id, prices }: PriceSheetFile,
  validSeconds: number,
): Promise<PreparedPriceSheet> {
  const name = `${id}.csv`;
  await store.write(PRICE_SHEETS, name, 'text/csv', csvContent(prices, { from: 0, to: prices.count() }));
  return prepared(store, name, validSeconds);
}

/** Prepares the zip of the newer form: csv files of at most so many bytes, each with a header row. */
export async function preparePriceSheetZip(
  store: BlobStore,
  { id, profile, month, prices }: PriceSheetFile,
  partBytes: number,
  validSeconds: number,
): Promise<PreparedPriceSheet> {
  const name = `${id}.zip`;
  const sheet = `pricesheet_${profile.name}_${isoDay(firstDay(month)).slice(0, 7).replace('-', '')}`;
  await store.write(PRICE_SHEETS, name, 'application/zip', async function* () {
    const parts = await partsOf(prices, { from: 0, to: prices.count() }, partBytes);
    yield zipOf(parts.map((content, i) => ({ name: `${sheet}_${i + 1}.csv`, content })));
  });
  return prepared(store, name, validSeconds);
}

function prepared(store: BlobStore, name: string, validSeconds: number): PreparedPriceSheet {
  const expiry = new Date(Date.now() + validSeconds * 1000);
  return { url: store.readUrl(PRICE_SHEETS, name, expiry), expiry };
}

/** Halves what is too big, down to a single row. */
async function partsOf(prices: Dataset, { from, to }: Partition, mostBytes: number): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  for await (const piece of csvContent(prices, { from, to })()) pieces.push(piece);
  const bytes = Buffer.concat(pieces);
  if (bytes.length <= mostBytes || to - from <= 1) return [bytes];
  const middle = from + Math.ceil((to - from) / 2);
  const first = await partsOf(prices, { from, to: middle }, mostBytes);
  return [...first, ...(await partsOf(prices, { from: middle, to }, mostBytes))];
}
