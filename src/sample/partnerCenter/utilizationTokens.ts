import { guid, hash } from '../hash.ts';
import type { PartnerCall } from './call.ts';
import { invalidInput } from './errors.ts';
import type { UtilizationCursor } from './utilization.ts';
import { hourText, type UtilizationWindow } from './utilizationWindow.ts';

/** Whose utilization a token pages through. */
interface Owner {
  readonly customerId: string;
  /** As it stands in the path. */
  readonly subscriptionId: string;
}

/** What the end of a token holds. */
interface Held {
  readonly w: readonly [startHour: number, endHour: number, hourly: 0 | 1, showDetails: 0 | 1, size: number];
  readonly c: readonly [slice: number, position: number];
  readonly s: string;
}

/**
 * A continuation token of utilization: itself a relative address with `?`, `&`, `%3d`, `+` and JSON in base64 at its end, as the
 * published one. It holds all of the window, because the next request carries nothing else, and is valid only byte for byte.
 */
export function sealUtilizationToken(
  seed: number,
  { customerId, subscriptionId }: Owner,
  { startHour, endHour, granularity, showDetails, size }: UtilizationWindow,
  { slice, position }: UtilizationCursor,
): string {
  const time = (hour: number): string => hourText(hour).replace('T', '+').replaceAll(':', '%3a');
  const address =
    `/${guid(hash(seed, 0x5ea1), 0)}/usage-records?entitlement_id=${subscriptionId.toLowerCase()}` +
    `&reported_start_time=${time(startHour)}&reported_end_time=${time(endHour)}&count=${size}` +
    `&show_details=${showDetails ? 'True' : 'False'}&error_if_not_processed=True&granularity=${granularity}`;
  const w = [startHour, endHour, granularity === 'Hourly' ? 1 : 0, showDetails ? 1 : 0, size] as const;
  const c = [slice, position] as const;
  const seal = hash(seed, ...Buffer.from(`${customerId.toLowerCase()} ${address} ${w.join()} ${c.join()}`));
  const held: Held = { w, c, s: seal.toString(36) };
  const text = Buffer.from(JSON.stringify(held)).toString('base64').replaceAll('=', '%3d');
  return `${address}&continuation_token=${text}`;
}

/** The window and the cursor of the call's token. Throws a refusal for one that is absent, of another subscription, or altered. */
export function openUtilizationToken(
  seed: number,
  owner: Owner,
  call: PartnerCall,
): { readonly window: UtilizationWindow; readonly cursor: UtilizationCursor } {
  const token = call.header('ms-continuationtoken');
  if (!token) throw invalidInput('The header MS-ContinuationToken is required to seek the next page.');
  const held = heldIn(token);
  if (held) {
    const [startHour, endHour, hourly, showDetails, size] = held.w;
    const window: UtilizationWindow = {
      startHour,
      endHour,
      granularity: hourly === 1 ? 'Hourly' : 'Daily',
      showDetails: showDetails === 1,
      size,
    };
    const cursor = { slice: held.c[0], position: held.c[1] };
    if (sealUtilizationToken(seed, owner, window, cursor) === token) return { window, cursor };
  }
  throw invalidInput('The continuation token in MS-ContinuationToken is not valid.');
}

function heldIn(token: string): Held | undefined {
  const text = token.split('&continuation_token=')[1]?.replaceAll('%3d', '=') ?? '';
  try {
    const held: unknown = JSON.parse(Buffer.from(text, 'base64').toString());
    return isHeld(held) ? held : undefined;
  } catch {
    return undefined;
  }
}

function isHeld(value: unknown): value is Held {
  if (typeof value !== 'object' || value === null) return false;
  const { w, c } = value as { w?: unknown; c?: unknown };
  const whole = (list: unknown, length: number): boolean =>
    Array.isArray(list) && list.length === length && list.every((n) => Number.isSafeInteger(n) && Math.abs(n) < 1e8);
  return whole(w, 5) && whole(c, 2);
}
