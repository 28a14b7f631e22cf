import { BillingError, type CallInfo } from '../http/errors.ts';
import { isLoopback } from '../http/loopback.ts';

/**
 * Checks an address of Azure Storage before it is asked. Its signature is a secret, so it travels over https; a connection to a
 * service on this machine may use storage on this machine over plain http. Hosts are not compared: storage is never where
 * Azure Resource Manager is, and no token travels along.
 *
 * @param loopback whether the connection itself is on this machine
 * @throws BillingError of kind `unsafeLink`
 */
export function storageAddress(address: string, loopback: boolean, call: CallInfo): URL {
  if (!URL.canParse(address)) {
    throw unsafe('the storage link is not an address', call);
  }
  const url = new URL(address);
  if (url.username !== '' || url.password !== '') {
    throw unsafe('the storage link has a user name in it, and it was not followed', call);
  }
  if (url.protocol === 'https:' || (url.protocol === 'http:' && loopback && isLoopback(url.hostname))) {
    return url;
  }
  throw unsafe(`the storage link to '${url.host}' is not https, and it was not followed`, call);
}

function unsafe(reason: string, call: CallInfo): BillingError {
  return new BillingError('unsafeLink', `${call.operation} failed: ${reason}.`, {
    call,
    advice: 'Nothing was sent there. Report it to whoever runs the service of this connection.',
  });
}
