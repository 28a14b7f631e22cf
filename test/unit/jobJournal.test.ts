import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { Journal, type PieceMark, readJournal, type SavedJob } from '../../src/jobs/journal.ts';
import { CurrencySums } from '../../src/records/currencySums.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'journal-'));
const file = path.join(folder, 'journal.ndjson');

function markOf(rows: number, more: Partial<PieceMark> = {}): PieceMark {
  const sums = new CurrencySums();
  sums.add(`${rows}.10`, 'EUR');
  const state = { rows, leftOut: 0, sums: sums.snapshot(), unknownFields: rows > 5 ? ['surprise'] : [] };
  return { in: 'part', bytes: rows * 10, state, pages: 1, ...more };
}

/** What a reader sees of a journal, comparable. */
function seen({ shape, document, summary, pieces }: SavedJob): unknown {
  const { rows, requestIds, sums, unknownFields } = summary;
  const known = { pieces: summary.pieces, rows, requestIds, totals: sums.result(), unknown: [...unknownFields] };
  return { shape, document, summary: known, pieces: [...pieces] };
}

async function written(lines: ((journal: Journal) => void)[]): Promise<{ lengths: number[]; states: unknown[] }> {
  const journal = await Journal.open(file, { length: 0 });
  const lengths = [0];
  const states = [seen(await readJournal(path.join(folder, 'none')))];
  for (const [i, note] of lines.entries()) {
    note(journal);
    await journal.append(journal.take({ bytes: i, sha256: 'f' }));
    lengths.push(readFileSync(file).length);
    states.push(seen(await readJournal(file)));
  }
  await journal.close();
  return { lengths, states };
}

const LINES: ((journal: Journal) => void)[] = [
  (journal) => {
    journal.shape({ kind: 'modern' });
    journal.note(0, markOf(3, { in: 'document', base: 0, resume: '1' }), ['a']);
  },
  (journal) => {
    journal.note(1, markOf(4, { resume: 'x' }), ['ü']);
    journal.note(0, markOf(9, { in: 'document', base: 0, resume: '2' }), ['b']);
    journal.note(0, markOf(12, { in: 'document', base: 0, ended: true }), ['c']);
  },
  (journal) => journal.noteAnew(1, { in: 'part', bytes: 0, pages: 0 }),
  (journal) => {
    journal.note(2, markOf(1, { ended: true }), []);
    journal.note(1, markOf(2, { in: 'document', base: 120, resume: 'y' }), ['d']);
  },
];

describe('the journal of a job', () => {
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('tells how each piece stands, and sums up those that are in the document', async () => {
    await written(LINES);
    const saved = await readJournal(file);
    assert.deepEqual(saved.shape, { kind: 'modern' });
    assert.equal(saved.summary.pieces, 1);
    assert.equal(saved.summary.rows, 12);
    assert.deepEqual(saved.summary.requestIds, ['a', 'b', 'c']);
    assert.deepEqual(saved.summary.sums.result(), { EUR: '12.1' });
    assert.deepEqual(saved.pieces.get(1)?.ids, ['d']);
    assert.equal(saved.pieces.get(2)?.ended, true);
  });

  it('cut anywhere, says what it said at the last line that is whole', async () => {
    const { lengths, states } = await written(LINES);
    const bytes = readFileSync(file);
    for (let at = 0; at <= bytes.length; at++) {
      writeFileSync(file, bytes.subarray(0, at));
      const whole = lengths.findLastIndex((length) => length <= at);
      const saved = await readJournal(file);
      assert.deepEqual(seen(saved), states[whole]);
      assert.equal(saved.length, lengths[whole]);
    }
  });

  it('goes on behind its last whole line, whatever a crash left there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async (rest) => {
        await written(LINES.slice(0, 2));
        // A line end would make a line of it.
        appendFileSync(
          file,
          rest.filter((byte) => byte !== 0x0a),
        );
        const saved = await readJournal(file);
        const journal = await Journal.open(file, saved);
        LINES[2]?.(journal);
        await journal.append(journal.take({ bytes: 7, sha256: 'e' }));
        await journal.close();
        const again = await readJournal(file);
        assert.deepEqual(again.document, { bytes: 7, sha256: 'e' });
        assert.equal(again.pieces.get(1)?.bytes, 0);
        assert.equal(again.length, readFileSync(file).length);
      }),
      { numRuns: 50 },
    );
  });
});
