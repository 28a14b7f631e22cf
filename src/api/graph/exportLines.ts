import { digitsOf } from '../../json/exact.ts';
import type { SendOptions } from '../http/client.ts';
import { BillingError } from '../http/errors.ts';
import { readBlob } from '../storage/blob.ts';
import { gunzip } from '../storage/gunzip.ts';
import { type BillingExport, resumeBillingExport } from './billingExports.ts';
import type { GraphClient } from './graphClient.ts';
import { jsonLines } from './jsonLines.ts';
import { type ExportBlob, type ExportManifest, exportBlobAddress, sameFiles } from './manifest.ts';

const OPERATION = 'Download the billing export';

/**
 * The rows of an export from all its files, in the manifest's order: some at a time, each the bytes of one JSON object as the
 * service wrote it, without its line's end. Memory holds some rows, not a file. Files travel without the token.
 *
 * It ends only when every file was read to its end. A signature that has run out is renewed by asking the operation again.
 *
 * @throws BillingError: `malformed` when a file is cut short, damaged, no gzip of JSON lines, or has another number of rows than the
 *   manifest counts; what reading storage throws; or the signal's reason when it is aborted
 */
export async function* exportLines(
  graph: GraphClient,
  ready: BillingExport,
  options: SendOptions = {},
): AsyncGenerator<Uint8Array[], void, undefined> {
  const signature = new Signature(graph, ready, options);
  for (const blob of ready.manifest.blobs) {
    yield* linesOf(graph, signature, blob, options);
  }
}

/**
 * The rows of one file of an export, as {@link exportLines} gives them.
 *
 * @param name as the manifest has it
 * @throws BillingError of kind `refused` when the export has no such file
 */
export async function* exportFileLines(
  graph: GraphClient,
  ready: BillingExport,
  name: string,
  options: SendOptions = {},
): AsyncGenerator<Uint8Array[], void, undefined> {
  const blob = ready.manifest.blobs.find((one) => one.name === name);
  if (blob === undefined) {
    throw new BillingError('refused', `${OPERATION} failed: the export no longer has '${name.slice(0, 120)}'.`, {
      advice: 'Nothing of it is complete; start the export again.',
    });
  }
  yield* linesOf(graph, new Signature(graph, ready, options), blob, options);
}

async function* linesOf(
  graph: GraphClient,
  signature: Signature,
  blob: ExportBlob,
  options: SendOptions,
): AsyncGenerator<Uint8Array[], void, undefined> {
  const file = `'${blob.name.slice(0, 120)}'`;
  let rows = 0;
  const packed = packedBytes(graph, signature, blob, options);
  for await (const lines of jsonLines(gunzip(packed, OPERATION, file), OPERATION, file)) {
    rows += lines.length;
    yield lines;
  }
  const { itemCount } = blob;
  if (itemCount !== undefined && itemCount !== null && digitsOf(itemCount) !== String(rows)) {
    throw new BillingError('malformed', `${OPERATION} failed: ${file} has ${rows} rows, not ${digitsOf(itemCount)}.`, {
      advice: 'Nothing of it is complete; start the export again.',
    });
  }
}

/** The signature of an export's files, and how it is renewed. */
class Signature {
  readonly #graph: GraphClient;
  readonly #options: SendOptions;
  readonly #operation: string;
  #manifest: ExportManifest;
  /** Whether nothing has come with it yet: then another one would not help. */
  #untried = false;

  constructor(graph: GraphClient, { operation, manifest }: BillingExport, options: SendOptions) {
    this.#graph = graph;
    this.#options = options;
    this.#operation = operation;
    this.#manifest = manifest;
  }

  address(blob: ExportBlob): string {
    return exportBlobAddress(this.#manifest, blob);
  }

  /** Bytes came with it. */
  proved(): void {
    this.#untried = false;
  }

  /** @throws the error that is given when it is not about the signature, or the signature is a renewed one */
  async renewAfter(error: unknown): Promise<void> {
    if (this.#untried || !isRefusedSignature(error)) {
      throw error;
    }
    const { manifest } = await resumeBillingExport(this.#graph, this.#operation, this.#options);
    if (!sameFiles(manifest, this.#manifest)) {
      throw new BillingError('malformed', `${OPERATION} failed: the export was written anew in the meantime.`, {
        advice: 'Nothing of it is complete; start the export again.',
      });
    }
    this.#manifest = manifest;
    this.#untried = true;
  }
}

/** Storage has several codes for a signature that has run out, and one status. */
function isRefusedSignature(error: unknown): boolean {
  return error instanceof BillingError && error.kind === 'refused' && error.status === 403;
}

/** The bytes of a file. What had come before its signature was renewed is left out; that both belong together, gzip's checksum proves. */
async function* packedBytes(
  graph: GraphClient,
  signature: Signature,
  blob: ExportBlob,
  options: SendOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  let given = 0;
  for (;;) {
    let skip = given;
    try {
      for await (const chunk of readBlob(graph.storage, signature.address(blob), {
        ...options,
        operation: OPERATION,
      })) {
        signature.proved();
        const fresh = chunk.subarray(skip);
        skip -= chunk.length - fresh.length;
        given += fresh.length;
        if (fresh.length > 0) {
          yield fresh;
        }
      }
      return;
    } catch (error) {
      await signature.renewAfter(error);
    }
  }
}
