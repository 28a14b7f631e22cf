import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { answerCodec, Packer, unpackAnswer } from '../../src/store/codec.ts';

describe('answers that are packed', () => {
  const unpacked = (bytes: Uint8Array, length: number) => unpackAnswer(bytes, length, answerCodec);

  it('come back as they were, whatever was packed before them', async () => {
    const packer = new Packer();
    try {
      for (const length of [1, 0, 70_000, 300_000, 65_536, 5_000_000, 2]) {
        for (const bytes of [randomBytes(length), Buffer.alloc(length, 'a record like the one before')]) {
          const packed = await packer.answer(bytes);
          assert.ok(bytes.equals(await unpacked(packed, length)), String(length));
        }
      }
    } finally {
      packer.close();
    }
  });

  it('are refused when nothing is packed any more, also what is under way', async () => {
    const packer = new Packer();
    const large = packer.answer(randomBytes(5_000_000));
    packer.close();
    if (answerCodec === 'zstd') {
      await assert.rejects(large);
      await assert.rejects(packer.answer(randomBytes(10)));
    }
  });
});
