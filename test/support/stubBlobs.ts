import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type StubRequest, type StubService, startStubService } from './stubService.ts';

/** What a storage answers for one file. */
export interface StubBlob {
  content: Uint8Array;
  eTag?: string;
  /** Left out: that of the content. Null: storage knows none. */
  md5?: string | null;
  contentType?: string;
}

/** Answers in place of the file: with the number of the request, from 0. True when it answered. */
export type Misbehaviour = (at: number, response: ServerResponse, request: StubRequest, base: string) => boolean;

export interface StubBlobs extends StubService {
  /** Address of the file with a signature. */
  address(name: string): string;
}

/** Storage on this machine that answers GET with Range and If-Match as Azure's does, and misbehaves where it is told to. */
export async function startStubBlobs(
  files: Readonly<Record<string, StubBlob>>,
  misbehave: Misbehaviour = () => false,
): Promise<StubBlobs> {
  let at = 0;
  const stub = await startStubService((request, response, base) => {
    if (misbehave(at++, response, request, base)) {
      return;
    }
    const name = decodeURIComponent(request.target.split('?')[0]?.slice(1) ?? '');
    const file = files[name];
    if (file === undefined) {
      sendStorageError(response, 404, 'BlobNotFound', 'The specified blob does not exist.');
    } else {
      sendBlob(response, request, file);
    }
  });
  return { ...stub, address: (name) => `${stub.base}/${name}?sv=2024-08-04&sr=b&sp=r&sig=top%2Fsecret%3D` };
}

/** The part of a file that was asked for. `cut` ends the answer after so many bytes of it, in the middle. */
export function sendBlob(
  response: ServerResponse,
  { headers }: StubRequest,
  { content, eTag = '"0x1"', md5, contentType = 'text/csv' }: StubBlob,
  cut?: number,
): void {
  const condition = headers['if-match'];
  if (condition !== undefined && condition !== eTag) {
    sendStorageError(
      response,
      412,
      'ConditionNotMet',
      'The condition specified using HTTP conditional header(s) is not met.',
    );
    return;
  }
  const whole = md5 === undefined ? createHash('md5').update(content).digest('base64') : md5;
  const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(String(headers.range ?? '')) ?? [];
  const first = Number(from ?? 0);
  const last = Math.min(to === undefined || to === '' ? content.length - 1 : Number(to), content.length - 1);
  if (from !== undefined && first >= content.length) {
    sendStorageError(response, 416, 'InvalidRange', 'The range specified is invalid.');
    return;
  }
  const part = content.subarray(first, last + 1);
  const sum = whole === null ? {} : from === undefined ? { 'content-md5': whole } : { 'x-ms-blob-content-md5': whole };
  response.writeHead(from === undefined ? 200 : 206, {
    'content-type': contentType,
    'content-length': part.length,
    'x-ms-blob-type': 'BlockBlob',
    etag: eTag,
    ...sum,
    ...(from === undefined ? {} : { 'content-range': `bytes ${first}-${last}/${content.length}` }),
  });
  if (cut === undefined) {
    response.end(part);
  } else {
    response.write(part.subarray(0, cut), () => response.destroy());
  }
}

/** A refusal in the words of storage, with the ids that it puts behind its message. */
export function sendStorageError(
  response: ServerResponse,
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/xml', 'x-ms-request-id': 'r-1', ...headers });
  response.end(
    `\ufeff<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}\nRequestId:r-1\nTime:2026-11-21T12:00:00Z</Message></Error>`,
  );
}
