import type { GetTokenOptions, TokenCredential } from '@azure/identity';
import type { AccessToken, TokenRequest } from './credential.ts';
import { type IdentityCall, identityCalls, untilAborted } from './identityCall.ts';
import { signInFailure } from './signInFailure.ts';
import type { WayOfSignIn } from './wayOfSignIn.ts';

/** Runs a question to the identity package: its requests know the signal, its errors become ours. */
export async function askIdentity<T>(signal: AbortSignal, way: WayOfSignIn, work: () => Promise<T>): Promise<T> {
  const call: IdentityCall = { signal };
  try {
    return await untilAborted(signal, () => identityCalls.run(call, work));
  } catch (error) {
    signal.throwIfAborted();
    throw signInFailure(error, call, way);
  }
}

/** One token from a credential of the package. */
export async function tokenOf(credential: TokenCredential, request: TokenRequest): Promise<AccessToken> {
  const given = await credential.getToken(scopeOf(request), optionsOf(request));
  if (given === null) {
    throw new Error('the credential gave no token');
  }
  const { token, expiresOnTimestamp, refreshAfterTimestamp } = given;
  return {
    token,
    expiresOn: expiresOnTimestamp,
    ...(refreshAfterTimestamp === undefined ? {} : { refreshAfter: refreshAfterTimestamp }),
  };
}

/** All that the app or the user was granted at the audience. */
export function scopeOf({ audience }: TokenRequest): string {
  return `${audience.replace(/\/+$/, '')}/.default`;
}

/** Continuous access evaluation is always on: without it a service does not say what it demands of a token. */
export function optionsOf({ tenant, claims, signal }: TokenRequest): GetTokenOptions {
  return {
    abortSignal: signal,
    enableCae: true,
    ...(tenant === undefined ? {} : { tenantId: tenant }),
    ...(claims === undefined ? {} : { claims }),
  };
}
