import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { BillingError } from '../../src/api/http/errors.ts';
import { gunzip } from '../../src/api/storage/gunzip.ts';
import { readSas } from '../../src/exports/containerAccess.ts';
import { joinCsv } from '../../src/exports/csvParts.ts';
import { distinctNames, safeFileName } from '../../src/exports/fileNames.ts';
import { PartialFile, writeWhole } from '../../src/exports/partialFile.ts';
import { readZip } from '../../src/exports/zipFile.ts';
import { zipOf } from '../../src/sample/zip.ts';
import { byteText } from '../../src/workbench/byteText.ts';

async function* chunked(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = 0; at < bytes.length; at += size) {
    yield bytes.subarray(at, at + size);
  }
}

async function all(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const kept: Uint8Array[] = [];
  for await (const chunk of chunks) {
    kept.push(chunk);
  }
  return Buffer.concat(kept);
}

describe('a file name from text of the service', () => {
  for (const [text, name] of [
    ['G012345678.pdf', 'G012345678.pdf'],
    ['a/b\\c:d*e?f"g<h>i|j.csv', 'a-b-c-d-e-f-g-h-i-j.csv'],
    ['../../etc/passwd', '-..-etc-passwd'],
    ['..', 'fallback'],
    ['', 'fallback'],
    ['CON', '_CON'],
    ['nul.csv', '_nul.csv'],
    ['com1.tar.gz', '_com1.tar.gz'],
    ['console.csv', 'console.csv'],
    ['trailing. . ', 'trailing'],
    ['.hidden', 'hidden'],
    ['invoice\u202efdp.exe', 'invoicefdp.exe'],
    ['\u200fחשבון.pdf', 'חשבון.pdf'],
    ['line\nbreak\u0000.csv', 'linebreak.csv'],
    ['e\u0301.csv', 'é.csv'],
  ] as const) {
    it(`${JSON.stringify(text)} gives ${name}`, () => assert.equal(safeFileName(text, 'fallback'), name));
  }

  it('is never too long, and keeps its ending', () => {
    const name = safeFileName(`${'ü'.repeat(300)}.csv.gz`, 'x');
    assert.ok(Buffer.byteLength(name) <= 200);
    assert.match(name, /ü\.csv\.gz$/);
  });

  it('is a name and no path, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const name = safeFileName(text, 'fallback');
        assert.equal(path.win32.basename(name), name);
        assert.equal(path.posix.basename(name), name);
        assert.ok(name !== '' && name !== '.' && name !== '..' && Buffer.byteLength(name) <= 200);
      }),
    );
  });

  it('is one of its own in a folder, whatever its case', () => {
    assert.deepEqual(distinctNames(['a.csv.gz', 'A.csv.gz', 'a.csv.gz', 'b', 'b']), [
      'a.csv.gz',
      'A (2).csv.gz',
      'a (3).csv.gz',
      'b',
      'b (2)',
    ]);
  });
});

describe('CSV files as one', () => {
  const join = async (parts: readonly string[], size = 3) =>
    (await all(joinCsv(parts.map((part) => chunked(Buffer.from(part), size))))).toString();

  it('have one header, and every row on a line of its own', async () => {
    assert.equal(await join(['a,b\r\n1,2\r\n', 'a,b\r\n3,4', 'a,b\r\n5,6']), 'a,b\r\n1,2\r\n3,4\r\n5,6');
    assert.equal(await join(['a,b', '', 'a,b\n1,2\n', 'a,b\r\n']), 'a,b\r\n1,2\n');
    assert.equal(await join(['\ufeffa,b\n1,2\n', '\ufeffa,b\n3,4\n', 'a,b\n5,6\n']), '\ufeffa,b\n1,2\n3,4\n5,6\n');
    assert.equal(await join(['"a\nb",c\n1,2\n', '"a\nb",c\n3,4\n']), '"a\nb",c\n1,2\n3,4\n');
    assert.equal(await join([]), '');
  });

  it('are the same however their bytes arrive', async () => {
    const parts = ['a,"b ""x"" \n y"\r\n1,"2\n"\r\n', 'a,"b ""x"" \n y"\r\n3,4', 'a,"b ""x"" \n y"\r\n5,6'];
    const whole = await join(parts, 1000);
    for (const size of [1, 2, 5, 7, 11]) {
      assert.equal(await join(parts, size), whole);
    }
  });

  it('with other columns are refused', async () => {
    await assert.rejects(join(['a,b\n1,2\n', 'b,a\n1,2\n']), { name: 'DifferentColumns' });
  });

  it('without the end of a row are no tables', async () => {
    await assert.rejects(join(['x'.repeat(1_200_000)], 100_000), { message: 'A file has no header row.' });
  });
});

describe('gzip', () => {
  const content = Buffer.from('a,b\r\n'.repeat(100_000));

  it('is undone, whatever the chunks', async () => {
    const packed = gzipSync(content);
    assert.deepEqual(await all(gunzip(chunked(packed, 100), 'Download')), content);
    assert.deepEqual(
      await all(gunzip(chunked(Buffer.concat([packed, packed]), 1000), 'Download')).then((b) => b.length),
      1_000_000,
    );
  });

  it('that is cut short or damaged is told', async () => {
    const packed = gzipSync(content);
    const damaged = Buffer.from(packed);
    damaged[damaged.length - 6] = (damaged[damaged.length - 6] ?? 0) ^ 1;
    for (const bytes of [packed.subarray(0, -10), damaged, Buffer.from('a,b\r\n1,2\r\n')]) {
      await assert.rejects(all(gunzip(chunked(bytes, 64), 'Download')), {
        kind: 'malformed',
        message: 'Download failed: a gzip file is cut short, damaged or not gzip.',
      });
    }
  });

  it('passes on why its bytes stopped coming', async () => {
    async function* broken() {
      yield gzipSync(content).subarray(0, 50);
      throw new BillingError('unreachable', 'Download failed: the connection broke.');
    }
    await assert.rejects(all(gunzip(broken(), 'Download')), { kind: 'unreachable' });
  });

  it('ends when nobody reads on', async () => {
    let ended = false;
    async function* source() {
      try {
        for (;;) {
          yield gzipSync(content);
        }
      } finally {
        ended = true;
      }
    }
    for await (const _ of gunzip(source(), 'Download')) {
      break;
    }
    assert.ok(ended);
  });
});

describe('files on the disk', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'azure-billing-explorer-files-'));
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, bytes: Uint8Array) => {
    const file = path.join(folder, name);
    writeFileSync(file, bytes);
    return file;
  };

  describe('a partial file', () => {
    it('gets its name when it is whole, in place of another', async () => {
      const file = write('a.csv', Buffer.from('old'));
      const { bytes } = await writeWhole(file, async (target) => {
        await target.write(Buffer.from('new '));
        assert.equal(readFileSync(file, 'utf8'), 'old');
        assert.deepEqual(readdirSync(folder), ['a.csv', 'a.csv.partial']);
        await target.write(Buffer.from('text'));
      });
      assert.equal(bytes, 8);
      assert.equal(readFileSync(file, 'utf8'), 'new text');
      assert.deepEqual(readdirSync(folder), ['a.csv']);
    });

    it('leaves nothing when it fails, and the other file as it was', async () => {
      const file = write('a.csv', Buffer.from('old'));
      const failing = writeWhole(file, async (target) => {
        await target.write(Buffer.from('half'));
        throw new Error('the connection broke');
      });
      await assert.rejects(failing, { message: 'the connection broke' });
      assert.deepEqual(readdirSync(folder), ['a.csv']);
      assert.equal(readFileSync(file, 'utf8'), 'old');
    });

    it('overwrites what a crash left', async () => {
      write('a.csv.partial', Buffer.from('a long left-over'));
      await writeWhole(path.join(folder, 'a.csv'), (target) => target.write(Buffer.from('new')));
      assert.equal(readFileSync(path.join(folder, 'a.csv'), 'utf8'), 'new');
    });

    it('is not written twice at once', async () => {
      const file = path.join(folder, 'a.csv');
      const first = await PartialFile.create(file);
      await assert.rejects(PartialFile.create(file), { message: /is being written already\.$/ });
      await first.discard();
      await (await PartialFile.create(file)).discard();
    });

    it('tells what is wrong with its place', async () => {
      await assert.rejects(PartialFile.create(path.join(folder, 'none', 'a.csv')), {
        message: /^file: '.*a\.csv' cannot be written: the folder '.*none' does not exist; make it, then try again\.$/,
      });
      write('plain', Buffer.from(''));
      await assert.rejects(PartialFile.create(path.join(folder, 'plain', 'a.csv')), {
        message: /is not a folder; choose another one\.$/,
      });
    });
  });

  describe('a zip archive', () => {
    const read = (bytes: Uint8Array) =>
      readZip(write('a.zip', bytes), 'Download', async (entries) =>
        Promise.all(entries.map(async (entry) => [entry.name, (await all(entry.read())).toString()])),
      );
    const good = zipOf([
      { name: 'one.csv', content: Buffer.from('a\n1\n'.repeat(1000)) },
      { name: 'two.csv', content: Buffer.from('a\n2\n') },
    ]);

    it('gives its files', async () => {
      assert.deepEqual(await read(good), [
        ['one.csv', 'a\n1\n'.repeat(1000)],
        ['two.csv', 'a\n2\n'],
      ]);
    });

    for (const name of ['../evil.csv', '/evil.csv', 'C:/evil.csv']) {
      it(`with the name ${name} is refused`, async () => {
        await assert.rejects(read(zipOf([{ name, content: Buffer.from('x') }])), {
          kind: 'malformed',
          message: /^Download failed: the zip file that came cannot be used \(/,
        });
        assert.deepEqual(readdirSync(folder), ['a.zip']);
      });
    }

    it('that is cut short or none is refused', async () => {
      for (const bytes of [good.subarray(0, -30), good.subarray(0, 40), Buffer.from('a,b\n'), new Uint8Array()]) {
        await assert.rejects(read(bytes), { kind: 'malformed', message: /is cut short or is none/ });
      }
    });

    it('that declares more than any real one is refused before it is unpacked', async () => {
      const bomb = Buffer.from(good);
      // The declared size in the directory entry of the first file.
      bomb.writeUInt32LE(0xfffffff0, bomb.indexOf('PK\x01\x02') + 24);
      await assert.rejects(read(bomb), { kind: 'malformed', message: /unpacks to more than any real one/ });
    });

    it('that holds more or fewer bytes than it declares is refused', async () => {
      for (const size of [100, 4001]) {
        const lying = Buffer.from(good);
        lying.writeUInt32LE(size, lying.indexOf('PK\x01\x02') + 24);
        await assert.rejects(read(lying), { kind: 'malformed', message: /is damaged \(/ });
      }
    });

    it('with a wrong checksum is refused', async () => {
      const wrong = Buffer.from(good);
      wrong.writeUInt32LE(1, wrong.indexOf('PK\x01\x02') + 16);
      await assert.rejects(read(wrong), { kind: 'malformed', message: /a checksum does not match/ });
    });

    it('that is encrypted is refused', async () => {
      const locked = Buffer.from(good);
      locked.writeUInt16LE(0x0801, locked.indexOf('PK\x01\x02') + 8);
      await assert.rejects(read(locked), { kind: 'malformed', message: /is encrypted/ });
    });
  });
});

describe('a shared access signature given by hand', () => {
  it('is the query, or the whole address of the container', () => {
    assert.deepEqual(readSas(' ?sv=1&sp=rl&sig=a%3D ', 'exports'), { sas: 'sv=1&sp=rl&sig=a%3D' });
    assert.deepEqual(readSas('sv=1&sig=a', 'exports'), { sas: 'sv=1&sig=a' });
    for (const address of [
      'https://acct.blob.core.windows.net/Exports?sv=1&sig=a',
      'https://acct.blob.core.windows.net/?sv=1&sig=a',
      'https://acct.blob.core.windows.net?sv=1&sig=a',
    ]) {
      assert.deepEqual(readSas(address, 'exports'), {
        address: 'https://acct.blob.core.windows.net/exports',
        sas: 'sv=1&sig=a',
      });
    }
    assert.equal(
      readSas('http://127.0.0.1:10000/devstore/exports?sig=a', 'exports').address,
      'http://127.0.0.1:10000/devstore/exports',
    );
  });

  it('is refused without being shown', () => {
    for (const [text, reason] of [
      ['top-secret', /no shared access signature/],
      ['', /no shared access signature/],
      ['https://acct.blob.core.windows.net/other?sig=top-secret', /is for 'other' and not for the container 'exports'/],
      ['nonsense?sig=top-secret', /does not begin with an address/],
    ] as const) {
      assert.throws(
        () => readSas(text, 'exports'),
        (error: unknown) => {
          assert.ok(error instanceof BillingError);
          assert.match(error.message, /^sas: /);
          assert.match(error.message, reason);
          assert.doesNotMatch(error.message, /top-secret/);
          return true;
        },
      );
    }
  });
});

describe('a size in words', () => {
  for (const [bytes, text] of [
    [0, '0 bytes'],
    [999, '999 bytes'],
    [1000, '1.0 KB'],
    [1_440_000, '1.4 MB'],
    [7.2e15, '7200.0 TB'],
  ] as const) {
    it(`${bytes} is ${text}`, () => assert.equal(byteText(bytes), text));
  }
});
