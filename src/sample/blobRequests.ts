import type { IncomingHttpHeaders } from 'node:http';
import type { Answer, SampleRequest } from './answers.ts';
import type { ContainerName } from './blobStore.ts';
import type { EmbeddedBlob, EmbeddedBlobStore } from './embeddedBlobStore.ts';

const SERVICE_VERSION = '2024-11-04';
const MOST_LISTED = 5_000;
const COMMON = { 'x-ms-version': SERVICE_VERSION, server: 'Sample-Blob' } as const;

/**
 * Answers a request for blobs of the embedded store: Get Blob, Get Blob Properties and List Blobs, with shared access
 * signatures only (REST reference: Blob service). A token is refused, so that a client that sends one along is found out.
 */
export function answerBlobs(store: EmbeddedBlobStore, request: SampleRequest, headers: IncomingHttpHeaders): Answer {
  const answer = answered(store, request, headers);
  if (request.method !== 'HEAD') return answer;
  return { status: answer.status, headers: answer.headers, body: undefined };
}

function answered(store: EmbeddedBlobStore, request: SampleRequest, headers: IncomingHttpHeaders): Answer {
  if (headers.authorization !== undefined) {
    return refusal(400, 'InvalidAuthenticationInfo', 'The address is signed: send no Authorization header with it.');
  }
  const [account = '', container = '', ...rest] = decodedSegments(request.path);
  const name = rest.join('/');
  const path = `/${account}/${container}${name === '' ? '' : `/${name}`}`;
  const permissions = store.key.permissionsIn(request.parameters, path);
  if (permissions === undefined) {
    return refusal(403, 'AuthenticationFailed', 'The signature of the address is not valid, or no longer.');
  }
  const isList = name === '' && request.parameters.get('comp') === 'list';
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (!isRead || !permissions.includes(isList ? 'l' : 'r')) {
    return refusal(403, 'AuthorizationPermissionMismatch', 'The signature does not allow this operation.');
  }
  if (isList) return list(store, { account, container }, request);
  const blob = store.blob({ account, container }, name);
  if (!blob) return refusal(404, 'BlobNotFound', 'The specified blob does not exist.');
  return read(store, blob, headers);
}

function read(store: EmbeddedBlobStore, blob: EmbeddedBlob, headers: IncomingHttpHeaders): Answer {
  if (headers['if-match'] !== undefined && !matches(headers['if-match'], blob)) {
    return refusal(412, 'ConditionNotMet', 'The condition specified using HTTP conditional header(s) is not met.');
  }
  const common = {
    ...COMMON,
    'content-type': blob.contentType,
    etag: blob.eTag,
    'last-modified': blob.modified.toUTCString(),
    'accept-ranges': 'bytes',
    'x-ms-blob-type': 'BlockBlob',
  };
  if (headers['if-none-match'] !== undefined && matches(headers['if-none-match'], blob)) {
    return { status: 304, headers: common, body: undefined };
  }
  const asked = headers['x-ms-range'] ?? headers.range;
  const range = rangeIn(typeof asked === 'string' ? asked : undefined, blob.bytes);
  if (range === 'unsatisfiable') {
    const refused = refusal(
      416,
      'InvalidRange',
      'The range specified is invalid for the current size of the resource.',
    );
    return { ...refused, headers: { ...refused.headers, 'content-range': `bytes */${blob.bytes}` } };
  }
  const { from, to } = range ?? { from: 0, to: blob.bytes };
  return {
    status: range ? 206 : 200,
    headers: {
      ...common,
      'content-length': String(to - from),
      ...(range
        ? { 'content-range': `bytes ${from}-${to - 1}/${blob.bytes}`, 'x-ms-blob-content-md5': blob.md5 }
        : { 'content-md5': blob.md5 }),
    },
    body: undefined,
    stream: () => store.read(blob, from, to),
  };
}

function matches(header: string, { eTag }: EmbeddedBlob): boolean {
  return header.split(',').some((part) => ['*', eTag].includes(part.trim()));
}

/** `to` is exclusive. As the service does, a header that is no range of bytes with a start is not looked at. */
function rangeIn(
  header: string | undefined,
  bytes: number,
): { from: number; to: number } | 'unsatisfiable' | undefined {
  const match = /^bytes=(\d{1,15})-(\d{1,15})?$/.exec(header ?? '');
  if (!match) return undefined;
  const from = Number(match[1]);
  const last = match[2] === undefined ? bytes - 1 : Math.min(Number(match[2]), bytes - 1);
  return from >= bytes || last < from ? 'unsatisfiable' : { from, to: last + 1 };
}

/** One page of a flat listing; its marker is the name of the first blob of the next. */
function list(store: EmbeddedBlobStore, where: ContainerName, { parameters }: SampleRequest): Answer {
  const prefix = parameters.get('prefix') ?? '';
  const marker = parameters.get('marker') ?? '';
  if (parameters.has('delimiter')) {
    return refusal(400, 'UnsupportedQueryParameter', 'Blobs are listed without delimiter only.');
  }
  const most = Number(parameters.get('maxresults') ?? MOST_LISTED);
  if (!(Number.isInteger(most) && most >= 1)) {
    return refusal(400, 'OutOfRangeQueryParameterValue', 'maxresults must be a whole number from 1.');
  }
  const all = store.blobs(where, prefix);
  if (!all) return refusal(404, 'ContainerNotFound', 'The specified container does not exist.');
  const left = all.filter(({ name }) => name >= marker);
  const page = left.slice(0, Math.min(most, MOST_LISTED));
  const next = left[page.length]?.name ?? '';
  const body =
    `<?xml version="1.0" encoding="utf-8"?>` +
    `<EnumerationResults ServiceEndpoint="${escaped(`${store.endpoint(where.account)}/`)}" ContainerName="${escaped(where.container)}">` +
    `<Prefix>${escaped(prefix)}</Prefix><MaxResults>${most}</MaxResults>` +
    `<Blobs>${page.map(blobElement).join('')}</Blobs><NextMarker>${escaped(next)}</NextMarker></EnumerationResults>`;
  return { status: 200, headers: { ...COMMON, 'content-type': 'application/xml' }, body };
}

function blobElement({ name, bytes, contentType, md5, eTag, modified }: EmbeddedBlob): string {
  const properties = Object.entries({
    'Last-Modified': modified.toUTCString(),
    Etag: eTag.replaceAll('"', ''),
    'Content-Length': String(bytes),
    'Content-Type': contentType,
    'Content-MD5': md5,
    BlobType: 'BlockBlob',
  }).map(([property, value]) => `<${property}>${escaped(value)}</${property}>`);
  return `<Blob><Name>${escaped(name)}</Name><Properties>${properties.join('')}</Properties></Blob>`;
}

function refusal(status: number, code: string, message: string): Answer {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { ...COMMON, 'content-type': 'application/xml', 'x-ms-error-code': code }, body };
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);

/** Segments without the leading empty one; what is not percent-encoded correctly stands for nothing that exists. */
function decodedSegments(path: string): string[] {
  try {
    return path.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return [];
  }
}
