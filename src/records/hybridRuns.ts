/** Runs of fewer equal numbers are packed with their neighbours. */
const GROUP = 8;

/** The most bytes of a header. */
const HEADER = 5;

let room = new Uint8Array(64 * 1024);

/**
 * Numbers below 2^`width` in the hybrid of runs and packed bits (Parquet format: Encodings, RLE). Levels and places in a dictionary are
 * most of what there is to encode in a column, so nothing is called for a byte.
 *
 * @param width of a number in bits, at most 24
 * @returns a view that is good until the next call
 */
export function hybridRuns(numbers: Int32Array, width: number): Uint8Array {
  const most = Math.ceil(numbers.length / GROUP) * (width + HEADER) + HEADER;
  if (room.length < most) {
    room = new Uint8Array(most * 2);
  }
  const { length } = numbers;
  let out = 0;
  let packedFrom = 0;
  for (let at = 0; at < length; ) {
    const number = numbers[at] as number;
    let end = at + 1;
    while (end < length && numbers[end] === number) {
      end++;
    }
    if (end - at >= GROUP) {
      out = packed(numbers, packedFrom, at, width, out);
      out = run(number, end - at, width, out);
      at = end;
      packedFrom = at;
    } else {
      at = Math.min(at + GROUP, length);
    }
  }
  return room.subarray(0, packed(numbers, packedFrom, length, width, out));
}

/** The same for one number, so many times. */
export function oneRun(number: number, count: number, width: number): Uint8Array {
  return room.slice(0, run(number, count, width, 0));
}

function run(number: number, count: number, width: number, at: number): number {
  let out = header(count * 2, at);
  for (let bits = 0; bits < width; bits += 8) {
    room[out++] = number >>> bits;
  }
  return out;
}

/** Groups of eight; the last one is filled up with zeros. */
function packed(numbers: Int32Array, from: number, to: number, width: number, at: number): number {
  if (to === from) {
    return at;
  }
  const bytes = room;
  const groups = Math.ceil((to - from) / GROUP);
  let out = header(groups * 2 + 1, at);
  const end = out + groups * width;
  let bits = 0;
  let filled = 0;
  for (let i = from; i < to; i++) {
    bits |= (numbers[i] as number) << filled;
    for (filled += width; filled >= 8; filled -= 8) {
      bytes[out++] = bits;
      bits >>>= 8;
    }
  }
  if (out < end) {
    bytes[out++] = bits;
    bytes.fill(0, out, end);
  }
  return end;
}

/** Seven bits a byte, the lowest first. */
function header(value: number, at: number): number {
  let rest = value;
  let out = at;
  for (; rest > 0x7f; rest >>>= 7) {
    room[out++] = rest | 0x80;
  }
  room[out++] = rest;
  return out;
}
