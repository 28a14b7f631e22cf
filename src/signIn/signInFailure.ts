import { BillingError } from '../api/http/errors.ts';
import type { IdentityCall } from './identityCall.ts';
import { withoutSecrets } from './mask.ts';
import { refusalIn } from './refusal.ts';
import { refusalError } from './refusalTexts.ts';
import { signInAgain, type WayOfSignIn } from './wayOfSignIn.ts';

/**
 * What the identity package threw, as an error for the user. The package wraps what happened at the sign-in service until it
 * cannot be told any more, so what was seen there comes first. Its own error is not kept as a cause: its text may name people.
 */
export function signInFailure(error: unknown, { trouble }: IdentityCall, way: WayOfSignIn): BillingError {
  if (trouble !== undefined) {
    return trouble instanceof BillingError ? trouble : refusalError(trouble, way);
  }
  const own = ownErrorIn(error);
  if (own !== undefined) {
    return own;
  }
  const text = error instanceof Error ? error.message : String(error);
  const refusal = refusalIn(text);
  if (refusal !== undefined) {
    return refusalError(refusal, way);
  }
  const known = KNOWN.find(({ pattern }) => pattern.test(text));
  return known === undefined ? unknownFailure(error, way) : known.failure(way, text);
}

interface KnownFailure {
  pattern: RegExp;
  failure: (way: WayOfSignIn, text: string) => BillingError;
}

/** By the package's words: it has no codes for them. Tests hold them against the package itself. */
const KNOWN: readonly KnownFailure[] = [
  {
    pattern: /^ChainedTokenCredential authentication failed/,
    failure: (way) =>
      failure(
        'noCredential',
        'None of the sign-ins that this machine may have gave a token.',
        [signInAgain(way), way.plugin].filter(Boolean).join(' '),
      ),
  },
  {
    pattern: /az login --claims-challenge (\S+)/,
    failure: (way, text) =>
      failure(
        'claimsChallenge',
        'The service demands more of the sign-in than the Azure CLI has.',
        claimsLogin(text) ?? signInAgain(way),
      ),
  },
  {
    pattern: /Azure CLI could not be found/,
    failure: () =>
      failure(
        'azNotFound',
        'The Azure CLI (az) was not found.',
        'Install it, or put its folder on PATH and start the editor again, or choose another credential in the connection.',
      ),
  },
  {
    pattern: /az login/,
    failure: (way) => failure('azNotSignedIn', 'The Azure CLI has no sign-in that is good for this.', signInAgain(way)),
  },
  {
    pattern: /device_code_expired|Device code is expired/i,
    failure: (way) =>
      refusalError(
        { error: 'code_expired', code: undefined, description: '', correlationId: undefined, traceId: undefined },
        way,
      ),
  },
  {
    pattern: /Automatic authentication has been disabled/,
    failure: (way) => failure('notSignedIn', 'Nobody is signed in.', signInAgain(way)),
  },
  {
    pattern: /Invalid tenant id provided/,
    failure: ({ tenant }) =>
      failure(
        'invalidTenant',
        `tenantId: '${tenant}' is not the id or the domain of a tenant.`,
        'Correct tenantId of the connection.',
      ),
  },
  {
    pattern: /AZURE_TOKEN_CREDENTIALS/,
    failure: () =>
      failure(
        'invalidEnvironment',
        'The environment variable AZURE_TOKEN_CREDENTIALS has a value that no sign-in has.',
        'Remove it, or set it to dev or prod, and start the editor again.',
      ),
  },
];

/** The command that answers the demand, as the package writes it. */
function claimsLogin(text: string): string | undefined {
  const command = /az login --claims-challenge .+$/s.exec(text)?.[0].trim();
  return command === undefined ? undefined : `Run "${command}" in a terminal, then try again.`;
}

/** An error of ours that the package passed on, wrapped or not. */
function ownErrorIn(error: unknown): BillingError | undefined {
  const { cause } = (error ?? {}) as { cause?: unknown };
  return error instanceof BillingError ? error : cause === undefined ? undefined : ownErrorIn(cause);
}

/** Codes of the library below tell more than its sentences. */
function unknownFailure(error: unknown, way: WayOfSignIn): BillingError {
  const code = codeOf(error);
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split(/[\r\n]/);
  const said = withoutSecrets(line.replace(LINK_TO_CODE, '')).slice(0, 200).replace(/\.?$/, '.');
  return failure(code, `There is no token: ${said}`, signInAgain(way));
}

/** What stands in the place of a sentence where the library has none. */
const LINK_TO_CODE = /: See https:\/\/aka\.ms\/\S+ for details/;

function codeOf(error: unknown): string | undefined {
  const { errorCode, cause } = (error ?? {}) as { errorCode?: unknown; cause?: unknown };
  return typeof errorCode === 'string' ? errorCode : cause === undefined ? undefined : codeOf(cause);
}

function failure(code: string | undefined, message: string, advice: string): BillingError {
  return new BillingError('signIn', message, { code, advice });
}
