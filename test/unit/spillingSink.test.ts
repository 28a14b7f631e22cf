import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SpillingSink } from '../../src/documents/spillingSink.ts';

const MANY = Buffer.alloc(51 * 1024 * 1024, 'x');
const few = (text: string) => Buffer.from(text);

describe('SpillingSink', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'spilling-sink-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const files = async () =>
    (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length;

  it('keeps what an editor takes, and forgets it when the document starts anew', async () => {
    const sink = new SpillingSink(root, 'a', 'a.csv');
    await sink.write(few('old'));
    await sink.restart();
    await sink.write(few('new'));
    assert.equal(Buffer.from((await sink.finish()) as Uint8Array).toString(), 'new');
    assert.equal(await files(), 0);
  });

  it('leaves nothing of a large document that starts anew, be the new one small or large', async () => {
    const sink = new SpillingSink(root, 'a', 'a.csv');
    await sink.write(MANY);
    assert.equal(await files(), 1);
    await sink.restart();
    assert.equal(await files(), 0);
    await sink.write(few('head\n'));
    await sink.write(MANY);
    const file = await sink.finish();
    assert.ok(typeof file === 'string');
    const content = await readFile(file);
    assert.equal(content.length, MANY.length + 5);
    assert.equal(content.subarray(0, 6).toString(), 'head\nx');
    assert.equal(await files(), 1);
  });

  it('leaves nothing of a document that was not finished', async () => {
    const sink = new SpillingSink(root, 'a', 'a.csv');
    await sink.write(MANY);
    await sink.discard();
    assert.equal(await files(), 0);
  });
});
