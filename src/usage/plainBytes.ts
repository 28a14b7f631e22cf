import { gunzip } from '../api/storage/gunzip.ts';

/**
 * The bytes of a file, gzip undone where the file is gzip. Its first bytes tell: they are none that CSV can start with, while what
 * a manifest says of compression is not always there.
 *
 * @param onPacked called before the first bytes of a file that is gzip
 * @throws BillingError of kind `malformed` when the gzip is cut short or damaged; what reading the file throws
 */
export async function* plainBytes(
  file: AsyncIterable<Uint8Array>,
  onPacked: () => void = () => {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const chunks = file[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  try {
    let size = 0;
    while (size < 2) {
      const step = await chunks.next();
      if (step.done === true) {
        break;
      }
      head.push(step.value);
      size += step.value.length;
    }
    const start = Buffer.concat(head);
    const whole = joined(start, chunks);
    if (start[0] === 0x1f && start[1] === 0x8b) {
      onPacked();
      yield* gunzip(whole, 'Download cost details');
    } else {
      yield* whole;
    }
  } finally {
    await chunks.return?.();
  }
}

async function* joined(
  start: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield start;
  for (let step = await rest.next(); step.done !== true; step = await rest.next()) {
    yield step.value;
  }
}
