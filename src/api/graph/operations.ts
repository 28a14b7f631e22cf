import * as v from 'valibot';
import { optionalText, wireNumber } from '../arm/wire.ts';
import type { Answer, SendOptions } from '../http/client.ts';
import { BillingError } from '../http/errors.ts';
import { LONGEST_WAIT, requestedWait } from '../http/retry.ts';
import { type GraphClient, readAs, unlikeGraph } from './graphClient.ts';
import { checkManifest, type ExportManifest, manifestSchema } from './manifest.ts';

/** The wait when the answer names none, and the least one. Milliseconds. */
const USUAL_WAIT = 10_000;
const SHORTEST_WAIT = 1_000;

/** Exports are ready within minutes; nobody waits for ever. Milliseconds. */
const LONGEST_OPERATION = 4 * 3_600_000;

const operation = v.looseObject({
  '@odata.type': optionalText,
  id: optionalText,
  /** The reference's table and its examples do not use the same words. */
  status: optionalText,
  /** Date-times, UTC, with or without a zone. */
  createdDateTime: optionalText,
  lastActionDateTime: optionalText,
  resourceLocation: v.nullish(manifestSchema),
  'resourceLocation@odata.navigationLink': optionalText,
  error: v.nullish(v.looseObject({ code: v.nullish(v.union([v.string(), wireNumber])), message: optionalText })),
});

type Operation = v.InferOutput<typeof operation>;

/** What there is no data for ends so; a legacy invoice too. */
const NO_DATA = '5000';

/** The wait in milliseconds that an answer asks for before the next poll. */
export function pollWait({ headers }: Answer, now: number): number {
  return Math.min(Math.max(requestedWait(headers, now) ?? USUAL_WAIT, SHORTEST_WAIT), LONGEST_WAIT);
}

/**
 * Asks at an operation until it is at its end (Graph reference: Get operation; it answers 200 whatever the state), and gives the
 * manifest: that inside the answer, or the one that it links to.
 *
 * @param title what the user would call the operation; opens every error message
 * @throws BillingError of kind `refused` when it failed or is not done after four hours
 */
export async function followOperation(
  graph: GraphClient,
  title: string,
  address: string,
  options: SendOptions,
): Promise<ExportManifest> {
  const { http } = graph;
  const begun = http.clock.now();
  for (;;) {
    const call = { operation: title, method: 'GET', address } as const;
    const polled = await http.send(call, (answer) => readOperation(answer, begun, http.clock.now()), options);
    if ('manifest' in polled) {
      return polled.manifest;
    }
    if ('link' in polled) {
      const linked = { ...call, address: linkAddress(graph, polled.link) };
      return http.send(linked, (answer) => checkManifest(answer, readAs(manifestSchema, answer)), options);
    }
    options.onWait?.({ milliseconds: polled.wait, reason: 'operation', operation: title });
    await http.clock.sleep(polled.wait, options.signal ?? new AbortController().signal);
  }
}

/** A link of an answer. One without a host is one on the same host; HttpClient checks the others. */
export function linkAddress({ base }: GraphClient, link: string): string {
  return link.startsWith('/') ? new URL(link, base).href : link;
}

function readOperation(
  answer: Answer,
  begun: number,
  now: number,
): { manifest: ExportManifest } | { link: string } | { wait: number } {
  const body = readAs(operation, answer);
  const word = stateWord(body);
  if (word === undefined) {
    throw unlikeGraph(answer, 'the operation tells no status');
  }
  const state = STATES.get(word) ?? 'running';
  if (state === 'failed') {
    throw failed(answer, body);
  }
  const { resourceLocation, 'resourceLocation@odata.navigationLink': link } = body;
  if (state === 'succeeded') {
    if (resourceLocation && (resourceLocation.rootDirectory || !link)) {
      return { manifest: checkManifest(answer, resourceLocation) };
    }
    if (link) {
      return { link };
    }
    throw unlikeGraph(answer, 'the export succeeded without a manifest');
  }
  if (now - begun > LONGEST_OPERATION) {
    const { status, requestId, correlationId } = answer;
    throw new BillingError('refused', 'the service has worked on it for four hours and is not done.', {
      status,
      requestId,
      correlationId,
      advice: 'Try again later; report the request id if it stays.',
    });
  }
  return { wait: pollWait(answer, now) };
}

/** Anything else goes on. */
const STATES: ReadonlyMap<string, 'succeeded' | 'failed'> = new Map([
  ['exportsuccess', 'succeeded'],
  ['succeeded', 'succeeded'],
  ['completed', 'succeeded'],
  ['failed', 'failed'],
]);

/** The name of the type says the state in one way only; the status counts where there is no type. */
function stateWord({ '@odata.type': type, status }: Operation): string | undefined {
  return (/\.(\w+)Operation$/i.exec(type ?? '')?.[1] ?? status ?? undefined)?.toLowerCase();
}

function failed(answer: Answer, { error }: Operation): BillingError {
  const { status, requestId, correlationId } = answer;
  const code = error?.code === undefined || error.code === null ? undefined : String(error.code);
  const said = error?.message ? `: ${error.message.replace(/\.?$/, '.')}` : '.';
  return new BillingError('refused', `the service could not write the export${said}`, {
    code,
    status,
    requestId,
    correlationId,
    advice:
      code === NO_DATA
        ? 'There is no data for it: check the invoice, the currency and the period. Invoices of legacy commerce (D…) have no export; use their line items in Partner Center.'
        : 'Start the export again; report the request id if it stays.',
  });
}
