import * as v from 'valibot';
import { refused } from '../arm/input.ts';
import type { SendOptions } from '../http/client.ts';
import type { PageWalk } from '../http/paging.ts';
import { listOf } from './collections.ts';
import { type ResourceLink, resolveLink, resourceLink } from './links.ts';
import { customerPath, getOne, type PartnerCenterClient, partnerCall, partnerPath } from './partnerCenterClient.ts';
import { optionalNumber, optionalText } from './wire.ts';

const entitlement = v.looseObject({
  /** software, virtual_machine_reserved_instance, …; unknown words pass. */
  entitlementType: optionalText,
  productId: optionalText,
  skuId: optionalText,
  quantity: optionalNumber,
  expiryDate: optionalText,
  referenceOrder: v.nullish(v.looseObject({ id: optionalText, lineItemId: optionalText, alternateId: optionalText })),
  entitledArtifacts: v.nullish(v.array(v.looseObject({ link: v.nullish(resourceLink) }))),
  includedEntitlements: v.nullish(v.array(v.unknown())),
});

/** What a customer bought of software and reservations; no Azure subscriptions (REST reference: Entitlement resources). */
export type Entitlement = v.InferOutput<typeof entitlement>;

export interface EntitlementQuery {
  /** E.g. `software`, `reservedinstance`; left out: all. */
  type?: string | undefined;
  /** Also tells when they expire. */
  showExpiry?: boolean | undefined;
}

/** The entitlements of a customer. Needs a user. */
export function listEntitlements(
  client: PartnerCenterClient,
  customer: string,
  { type, showExpiry }: EntitlementQuery = {},
): PageWalk<Entitlement[]> {
  const address = partnerPath(`${customerPath(customer)}/entitlements`, { entitlementType: type, showExpiry });
  return listOf(client, partnerCall(client, 'List entitlements', address), entitlement);
}

const reservationArtifact = v.looseObject({
  type: optionalText,
  virtualMachineReservations: v.nullish(
    v.array(
      v.looseObject({
        reservationId: optionalText,
        scopeType: optionalText,
        quantity: optionalNumber,
        expiryDateTime: optionalText,
        effectiveDateTime: optionalText,
        provisioningState: optionalText,
      }),
    ),
  ),
});

/** The reservations behind an entitlement (REST reference: Entitlement resources, reserved instance artifact). */
export type ReservationArtifact = v.InferOutput<typeof reservationArtifact>;

/**
 * Follows the link of an entitlement's artifact.
 *
 * @throws BillingError of kind `unsafeLink` for a link to another host; of kind `argument` for one without an address
 */
export function getReservationArtifact(
  client: PartnerCenterClient,
  { uri }: ResourceLink,
  options?: SendOptions,
): Promise<ReservationArtifact> {
  if (uri === undefined || uri === null || uri.trim() === '') {
    throw refused('link', 'has no address.');
  }
  const call = partnerCall(client, 'Get the reservation', resolveLink(client.base, uri));
  return getOne(client, call, reservationArtifact, options);
}
