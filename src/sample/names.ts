import { guid, hash } from './hash.ts';
import { STORIES } from './stories.ts';

const HEADS =
  'Amber Alder Ash Birch Bracken Bramble Cinder Clover Copper Crane Dapple Elder Ember Fallow Fern Flint Glen Granite Harrow Hazel Heron Juniper Kestrel Lantern Larch Linden Marble Marsh Meadow Mistle Mossy Oaken Osprey Pebble Plover Quill Rowan Rushy Saffron Sorrel Spindle Tallow Thistle Umber Velvet Willow Wren Yarrow'.split(
    ' ',
  );
const TAILS =
  'bank brook crest dale fall field ford gate haven holm mere mill moor reach ridge shore stead stone vale wick'.split(
    ' ',
  );
const TRADES =
  'Logistics,Instruments,Foods,Print Works,Ceramics,Ferries,Optics,Grain Store,Robotics,Dental Labs,Textiles,Timber,Publishing,Water Systems,Bakeries,Archives,Analytics,Hydraulics,Greenhouses,Clinics,Freight,Games,Surveying,Acoustics'.split(
    ',',
  );

const PER_ROUND = HEADS.length * TAILS.length * TRADES.length;
// Coprime to PER_ROUND (48 · 20 · 24 has the primes 2, 3 and 5 only), so that neighbours differ and none repeats.
const STRIDE = 10_007;

/** The display name of a customer: unique for every index, made when asked for. */
export function customerName(seed: number, index: number, withStories: boolean): string {
  const story = withStories ? STORIES.names.get(index) : undefined;
  if (story) return story;
  const round = Math.floor(index / PER_ROUND);
  const n = ((index % PER_ROUND) * STRIDE + (hash(seed, 0x4e) % PER_ROUND)) % PER_ROUND;
  const head = HEADS[n % HEADS.length];
  const tail = TAILS[Math.floor(n / HEADS.length) % TAILS.length];
  const trade = TRADES[Math.floor(n / (HEADS.length * TAILS.length))];
  return `${head}${tail} ${trade}${round === 0 ? '' : ` ${round + 1}`}`;
}

const PURPOSES = ['Production', 'Development', 'Data platform', 'Shared services', 'Test'] as const;

/** The display name of a customer's k-th subscription. */
export function subscriptionName(k: number): string {
  return PURPOSES[k] ?? `Subscription ${k + 1}`;
}

const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** A name in the pattern of billing profiles: four groups of 4, 4, 3 and 3 capital letters and digits. */
export function billingProfileName(seed: number, n: number): string {
  let position = 0;
  const group = (length: number): string => {
    let text = '';
    for (let i = 0; i < length; i++) text += ALPHABET[hash(seed, 0xb9, n, position++) % ALPHABET.length];
    return text;
  };
  return `${group(4)}-${group(4)}-${group(3)}-${group(3)}`;
}

/** A billing account name of the modern shape. */
export function billingAccountName(seed: number, n: number): string {
  const family = hash(seed, 0xacc);
  return `${guid(family, n * 2)}:${guid(family, n * 2 + 1)}_2019-05-31`;
}
