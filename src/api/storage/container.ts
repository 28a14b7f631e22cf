import type { SendOptions } from '../http/client.ts';
import { BillingError } from '../http/errors.ts';
import { callInfo, openStorage, type StorageClient, waitToRepeat } from './storageClient.ts';
import { elements, elementText, unescaped } from './xml.ts';

/** A container and the right to read it: shown to nobody. */
export interface ContainerAccess {
  /** Address of the container without a query, e.g. `https://account.blob.core.windows.net/exports`. */
  container: string;
  /** Shared access signature for Read and List, without the question mark. */
  sas: string;
}

/** A file in a container. */
export interface ListedBlob {
  /** Path in the container. */
  name: string;
  bytes: number | undefined;
}

/** A page of a list has at most 5,000 names, some kilobytes each at the worst. Bytes. */
const LONGEST_PAGE = 64 * 1024 * 1024;

/** The address of a file in a container, with the right to read it in it: shown to nobody. */
export function blobAddress({ container, sas }: ContainerAccess, name: string): string {
  return `${container}/${name.split('/').map(encodeURIComponent).join('/')}?${sas}`;
}

/**
 * The files whose path begins with a prefix (REST reference: List Blobs), from all pages.
 *
 * @throws BillingError; or the signal's reason when it is aborted
 */
export async function listBlobs(
  storage: StorageClient,
  access: ContainerAccess,
  prefix: string,
  operation: string,
  options: SendOptions = {},
): Promise<ListedBlob[]> {
  const found: ListedBlob[] = [];
  const seen = new Set<string>();
  for (let marker = ''; ; ) {
    const query = new URLSearchParams({ restype: 'container', comp: 'list', prefix, ...(marker && { marker }) });
    const page = await readPage(storage, `${access.container}?${query}&${access.sas}`, operation, options);
    found.push(...page.blobs);
    if (page.next === undefined) {
      return found;
    }
    if (seen.has(page.next)) {
      throw new BillingError('malformed', `${operation} failed: the list of files leads back to a page that was read.`);
    }
    seen.add(page.next);
    marker = page.next;
  }
}

interface Page {
  blobs: ListedBlob[];
  next: string | undefined;
}

async function readPage(
  storage: StorageClient,
  address: string,
  operation: string,
  { signal = new AbortController().signal, onWait }: SendOptions,
): Promise<Page> {
  const call = { operation, address };
  for (let attempt = 0; ; attempt++) {
    try {
      const { body } = await openStorage(storage, call, {}, signal);
      return parsePage(await text(body), operation);
    } catch (error) {
      await waitToRepeat(storage, call, error, attempt, { signal, onWait });
    }
  }

  function parsePage(xml: string, title: string): Page {
    if (!/<\/EnumerationResults>\s*$/.test(xml)) {
      const message = `${title} failed: the list of files is cut short or is none.`;
      throw new BillingError('malformed', message, { retryable: true, call: callInfo(call) });
    }
    return { blobs: elements(xml, 'Blob').flatMap(listedBlob), next: elementText(xml, 'NextMarker') };
  }
}

function listedBlob({ content }: { content: string }): ListedBlob[] {
  const [name] = elements(content, 'Name');
  if (name === undefined || name.content === '') {
    return [];
  }
  // Names with characters that XML cannot hold are written like a part of an address.
  const plain = unescaped(name.content);
  const encoded = /\bEncoded\s*=\s*["']true["']/i.test(name.attributes);
  const length = elementText(content, 'Content-Length');
  return [
    { name: encoded ? decodeURIComponent(plain) : plain, bytes: length === undefined ? undefined : Number(length) },
  ];
}

async function text(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > LONGEST_PAGE) {
      throw new BillingError('malformed', 'The list of files is longer than any that storage sends.');
    }
    chunks.push(chunk);
  }
  return new TextDecoder().decode(Buffer.concat(chunks)).trimEnd();
}
