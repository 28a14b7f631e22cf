import { adviceFor, BillingError, type CallInfo, readFailure } from '../http/errors.ts';
import type { WireResponse } from '../http/transport.ts';
import { elementText } from './xml.ts';

/** Azure Storage refuses what is out of date or not signed for it with these (REST reference: Blob service error codes). */
const EXPIRED = new Set(['AuthenticationFailed', 'AuthorizationExpired', 'InvalidAuthenticationInfo']);

const ADVICE: ReadonlyMap<string, string> = new Map([
  ['AuthorizationFailure', 'The firewall of the storage account may not let this machine in; ask its owner.'],
  ['AuthorizationSourceIPMismatch', 'The link may be used from other addresses only; ask for one without that limit.'],
  [
    'AuthorizationPermissionMismatch',
    'The shared access signature does not allow it; it needs Read, and List for the files of an export.',
  ],
  ['AuthorizationProtocolMismatch', 'The shared access signature is for https only.'],
  ['KeyBasedAuthenticationNotPermitted', 'The storage account takes no shared access signatures; ask its owner.'],
  ['PublicAccessNotPermitted', 'The storage account takes no requests without a shared access signature.'],
  ['BlobNotFound', 'It may have been deleted, or replaced by a later run; look at the container.'],
  ['ContainerNotFound', 'The container was deleted or renamed; look at the storage account.'],
  ['BlobArchived', 'It lies in the archive tier; rehydrate it first.'],
]);

/** What Azure Storage answered instead of the file, as an error for the user. */
export function storageRefusal(
  { status, headers }: WireResponse,
  body: Uint8Array,
  call: CallInfo,
  retryable: boolean,
): BillingError {
  const fields = { status, call, requestId: headers['x-ms-request-id'] };
  if (status >= 300 && status < 400) {
    return new BillingError(
      'unsafeLink',
      `${call.operation} failed: the storage leads to another address, and it was not followed.`,
      {
        ...fields,
        advice: 'A proxy or a sign-in page of the network may stand between; open the network in a browser.',
      },
    );
  }
  const { code, message } = readStorageError(body);
  const known = headers['x-ms-error-code'] ?? code;
  if (known !== undefined && EXPIRED.has(known)) {
    return new BillingError(
      'refused',
      `${call.operation} failed: the storage link has expired or is not accepted (HTTP ${status} ${known}).`,
      {
        ...fields,
        code: known,
        advice: 'Start again, which asks for a new link; if it was given by hand, make a new one.',
      },
    );
  }
  const text = message === undefined ? '.' : `: ${message.replace(/\.?$/, '.')}`;
  return new BillingError(
    'refused',
    `${call.operation} failed with HTTP ${status}${known === undefined ? '' : ` ${known}`}${text}`,
    {
      ...fields,
      code: known,
      advice:
        (known === undefined ? undefined : ADVICE.get(known)) ?? STATUS_ADVICE[status] ?? adviceFor(status, undefined),
      retryable,
    },
  );
}

/** Roles of billing do not matter to storage: what the general advice would talk about. */
const STATUS_ADVICE: Record<number, string> = {
  400: 'The storage link is not complete; start again, which asks for a new one.',
  401: 'The storage link is not accepted; start again, which asks for a new one.',
  403: 'The storage account does not allow it; ask its owner.',
  404: 'The file is not there; it may have been deleted.',
  429: 'The storage account is busy; try again in some minutes.',
};

/** `<Error><Code>…</Code><Message>…</Message></Error>`; the message goes on with ids and a time in lines of their own. */
function readStorageError(body: Uint8Array): { code: string | undefined; message: string | undefined } {
  const text = new TextDecoder().decode(body);
  const code = elementText(text, 'Code');
  if (code === undefined) {
    return readFailure(body);
  }
  return { code, message: elementText(text, 'Message')?.split('\n')[0]?.trim() };
}
