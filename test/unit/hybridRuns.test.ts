import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { hybridRuns, oneRun } from '../../src/records/hybridRuns.ts';

/** As a reader of Parquet takes them apart. */
function read(bytes: Uint8Array, width: number, count: number): number[] {
  const output: number[] = Array.from({ length: count }, () => 0);
  const reader = { view: new DataView(bytes.slice().buffer), offset: 0 };
  readRleBitPackedHybrid(reader, width, output, bytes.length);
  assert.ok(reader.offset === bytes.length, 'nothing stands behind them');
  return output;
}

/** Numbers of some width, alone and in runs. */
const numbers = fc.integer({ min: 1, max: 20 }).chain((width) =>
  fc.record({
    width: fc.constant(width),
    list: fc
      .array(fc.tuple(fc.nat(2 ** width - 1), fc.oneof(fc.constant(1), fc.nat(30), fc.constant(300))), {
        maxLength: 60,
      })
      .map((runs) => runs.flatMap(([number, times]) => Array.from({ length: times }, () => number))),
  }),
);

describe('runs and packed bits', () => {
  it('are read as the numbers that they were', () => {
    fc.assert(
      fc.property(numbers, ({ width, list }) => {
        assert.deepEqual(read(hybridRuns(Int32Array.from(list), width), width, list.length), list);
      }),
    );
  });

  it('hold one number many times', () => {
    for (const [number, width] of [
      [0, 0],
      [1, 1],
      [300, 9],
      [70_000, 17],
    ] as const) {
      const found = read(oneRun(number, 20_000, width), width, 20_000);
      assert.ok(found.every((one) => one === number));
    }
  });
});
