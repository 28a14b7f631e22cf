import assert from 'node:assert/strict';
import { type Figure, isMet, median, ratios } from '../bench/figures.ts';
import { markdown, type Results, table, withRun } from '../bench/report.ts';
import { pageBytes } from '../bench/service/recordedPages.ts';

const FIGURE: Figure = {
  work: 'rows to a file',
  against: 'floor',
  unit: 'CPU s',
  goal: 0.8,
  ours: [2, 3, 30],
  theirs: [4, 4, 40],
};

describe('figures of benches', () => {
  it('compare the rounds one by one, so that a slow one counts as one', () => {
    assert.deepEqual(ratios(FIGURE), [0.5, 0.75, 0.75]);
    assert.equal(median(ratios(FIGURE)), 0.75);
    assert.equal(median([1, 2, 4, 10]), 3);
    assert.equal(isMet(FIGURE), true);
    assert.equal(isMet({ ...FIGURE, goal: 0.7 }), false);
  });

  it('that broke a rule reach no goal, however fast', () => {
    assert.equal(isMet({ ...FIGURE, broken: '3 calls were refused' }), false);
    assert.match(table([{ ...FIGURE, broken: '3 calls were refused' }]), /no: 3 calls were refused/);
  });

  it('without a goal are neither reached nor missed', () => {
    const { goal: _goal, ...told } = FIGURE;
    assert.equal(isMet(told), undefined);
    assert.match(table([told]), /\| 0\.75 \(0\.5–0\.75\) \| {2}\| {2}\|/);
  });
});

describe('runs of benches', () => {
  const run = (date: string, figures: Results['figures']): Results => ({
    command: `npm run bench on ${date}`,
    date,
    machine: { cpu: 'x', cores: 2, node: 'v24', platform: 'linux' },
    figures,
  });

  it('replace what they measured again, and nothing else', () => {
    const first = run('2026-01-01', { cpu: [FIGURE], wall: [FIGURE] });
    const runs = withRun([first], run('2026-01-02', { wall: [FIGURE] }));
    assert.deepEqual(
      runs.map(({ date, figures }) => [date, Object.keys(figures)]),
      [
        ['2026-01-01', ['cpu']],
        ['2026-01-02', ['wall']],
      ],
    );
    assert.equal(withRun(runs, run('2026-01-03', { cpu: [], wall: [] })).length, 1);
    assert.equal(markdown(runs).match(/rows to a file/g)?.length, 2);
  });
});

describe('recorded pages', () => {
  const headers = {};
  const link = 'http://127.0.0.1:1/usageDetails?lap=2';

  it('are the same with their own link, and lead elsewhere with another', () => {
    const page = {
      status: 200,
      headers,
      head: Buffer.from('{"value":[{"a":1}]'),
      next: 'http://127.0.0.1:1/x?y=1&z=2',
    };
    assert.equal(String(pageBytes(page, page.next)), '{"value":[{"a":1}],"nextLink":"http://127.0.0.1:1/x?y=1&z=2"}');
    assert.equal(String(pageBytes(page, undefined)), '{"value":[{"a":1}]}');
  });

  it('go on behind the last one, and end without a link', () => {
    const last = { status: 200, headers, head: Buffer.from('{"value":[]}'), next: undefined };
    assert.equal(String(pageBytes(last, undefined)), '{"value":[]}');
    assert.equal(String(pageBytes(last, link)), `{"value":[],"nextLink":"${link}"}`);
  });
});
