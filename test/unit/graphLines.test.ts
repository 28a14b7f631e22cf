import assert from 'node:assert/strict';
import { jsonLines } from '../../src/api/graph/jsonLines.ts';
import { gunzip } from '../../src/api/storage/gunzip.ts';
import { failureOf, packed, rowTexts } from '../support/graph.ts';

async function* chunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
  }
}

const lines = (bytes: Uint8Array, size = 7) => rowTexts(jsonLines(chunks(bytes, size), 'Download', "'a.gz'"));
const unpacked = async (bytes: Uint8Array, size = 7) => {
  const parts: Uint8Array[] = [];
  for await (const part of gunzip(chunks(bytes, size), 'Download', "'a.gz'")) {
    parts.push(part);
  }
  return Buffer.concat(parts);
};

describe('JSON lines', () => {
  const rows = ['{"a":1.12345678901234567890,"b":"é\\u0041 日本"}', '{}', '{"deep":[{"x":null}]}'];

  it('come out byte for byte, wherever the chunks end', async () => {
    for (const end of ['\n', '\r\n']) {
      const text = Buffer.from(rows.map((row) => row + end).join(''));
      for (let size = 1; size <= text.length; size++) {
        assert.deepEqual(await lines(text, size), rows);
      }
    }
  });

  it('need no end behind the last one; blank lines and a byte order mark hold nothing', async () => {
    assert.deepEqual(await lines(Buffer.from(rows.join('\n'))), rows);
    assert.deepEqual(await lines(Buffer.from(`\ufeff${rows.join('\n\n  \n')}\n\n`)), rows);
    assert.deepEqual(await lines(Buffer.from('\ufeff')), []);
    assert.deepEqual(await lines(new Uint8Array()), []);
  });

  it('are refused with their number when they are cut, wrong or no objects', async () => {
    const bad = ['{"a":1', '{"a":1}{"b":2}', '[1]', '7', 'null', '{"a":01}', '<html>', '{"a":1},', '\ufeff{}'];
    for (const text of bad) {
      for (const behind of ['', '\n', '\n{}\n']) {
        const { kind, message } = await failureOf(lines(Buffer.from(`{}\n\n${text}${behind}`)));
        assert.equal(kind, 'malformed');
        assert.equal(message, "Download failed: line 3 of 'a.gz' is not a JSON object.");
      }
    }
    const latin = Buffer.concat([Buffer.from('{}\n{"a":"'), Buffer.from([0xe9]), Buffer.from('"}\n')]);
    assert.equal((await failureOf(lines(latin))).message, "Download failed: line 2 of 'a.gz' is not UTF-8.");
  });

  it('end before they fill the memory when there is no line end', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) {
        yield Buffer.alloc(1024 * 1024, 0x20);
      }
    }
    const { message } = await failureOf(rowTexts(jsonLines(endless(), 'Download', "'a.gz'")));
    assert.match(message, /line 1 of 'a.gz' is longer than any row/);
  });

  it('of a gzip file come out whole', async () => {
    const text = rows.join('\n');
    assert.equal((await unpacked(packed(text))).toString(), text);
    assert.equal((await unpacked(Buffer.concat([packed('{}\n'), packed('[]\n')]))).toString(), '{}\n[]\n');
    assert.equal((await unpacked(packed(''))).length, 0);
  });

  it('of a gzip file that is cut, damaged or none are an error', async () => {
    const whole = packed(rows.join('\n').repeat(50));
    const damaged = Buffer.from(whole);
    damaged[damaged.length - 6] = (damaged.at(-6) ?? 0) ^ 1;
    for (const bytes of [
      whole.subarray(0, -1),
      whole.subarray(0, 20),
      damaged,
      Buffer.from('{}\n'),
      new Uint8Array(),
    ]) {
      const { kind, message } = await failureOf(unpacked(bytes));
      assert.equal(kind, 'malformed');
      assert.equal(message, "Download failed: 'a.gz' is cut short, damaged or not gzip.");
    }
  });

  it('pass on why reading failed, and end reading when nobody wants more', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield packed(rows.join('\n')).subarray(0, 20);
      throw new RangeError('no more');
    }
    await assert.rejects(rowTexts(jsonLines(gunzip(broken(), 'Download', 'a'), 'Download', 'a')), RangeError);

    let ended = false;
    async function* long(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          yield packed(`${rows[0]}\n`);
        }
      } finally {
        ended = true;
      }
    }
    for await (const batch of jsonLines(gunzip(long(), 'Download', 'a'), 'Download', 'a')) {
      assert.ok(batch.length > 0);
      break;
    }
    while (!ended) {
      await new Promise(setImmediate);
    }
  });
});
