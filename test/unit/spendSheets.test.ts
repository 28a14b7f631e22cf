import assert from 'node:assert/strict';
import { dayNamesOf } from '../../src/charts/webview/spendDays.ts';
import { driverSheet, stepSheet } from '../../src/charts/webview/spendSheets.ts';
import { csvOf, markdownOf } from '../../src/workbench/webview/sheet.ts';
import { samplePicture } from '../support/spendPictures.ts';

describe('tables of the spend page', () => {
  const head =
    'Period (UTC),A,B,Others,Total,Cumulative,Budget monthly-cap,Forecast,"Forecast, low","Forecast, high",Period before';

  it('have all digits that the service sent, whatever the currency has', () => {
    const big = samplePicture({}, { steps: 2, groups: ['A', 'B'], digits: 20 });
    const series = big.series.map((each) => ({ ...each, values: ['9007199254740993.00000000000000000001', '0'] }));
    const [first = '', line = ''] = csvOf(stepSheet({ ...big, series })).split('\r\n');
    assert.equal(first, head);
    assert.ok(line.startsWith('2026-10-01,9007199254740993.00000000000000000001,'), line);
    const yen = stepSheet(samplePicture({}, { steps: 1, groups: ['A'], currency: 'JPY', decimals: 0, digits: 0 }));
    assert.equal(yen.rows[0]?.[1], '140');
    assert.equal(yen.title, 'Cost in JPY, 2026-10-01 to 2026-10-01 (UTC)');
    const dinar = stepSheet(samplePicture({}, { steps: 1, groups: ['A'], currency: 'KWD', decimals: 3, digits: 3 }));
    assert.equal(dinar.rows[0]?.[1], '140.000');
  });

  it('tell a day that was not read from one without cost and from the day that goes on', () => {
    const picture = samplePicture({}, { steps: 4, groups: [], unread: 1, zero: [1], open: 2, today: true });
    assert.deepEqual(
      stepSheet(picture).rows.map((cells) => cells.slice(0, 2)),
      [
        ['2026-10-01 (not read yet)', ''],
        ['2026-10-02', '0.00'],
        ['2026-10-03 (open)', '287.00'],
        ['2026-10-04 (today, open)', ''],
      ],
    );
  });

  it('have one column for one sum, and name days as a locale does where people read them', () => {
    const picture = samplePicture({}, { steps: 1, groups: [] });
    const { head, rows } = stepSheet(picture, dayNamesOf('de-DE'));
    assert.deepEqual(head.slice(0, 3), ['Period (UTC)', 'Total', 'Cumulative']);
    assert.equal(rows[0]?.[0], 'Do., 1. Okt. 2026');
  });

  it('have the drivers of a comparison, and none where nothing is compared', () => {
    const { comparison, ...rest } = samplePicture({}, { groups: ['A', 'B'] });
    assert.equal(driverSheet(rest), undefined);
    assert.ok(comparison !== undefined);
    const sheet = driverSheet({ ...rest, comparison });
    assert.deepEqual(sheet?.head, ['Service', 'Now', 'Before', 'Difference', 'Kind']);
    assert.deepEqual(sheet?.rows[0], ['A', '10136.00', '0.00', '10136.00', 'new']);
  });

  it('keep names from being formulas, cells, lines, links or tags', () => {
    const names = ['=1+1', '@SUM(A1)', '-2+3', 'a,b "c"\nd', '[x](command:y) <b> | `z`'];
    const sheet = stepSheet(samplePicture({}, { steps: 1, groups: names }));
    const [first = ''] = csvOf(sheet).split('\r\n');
    assert.equal(
      first,
      `Period (UTC),'=1+1,'@SUM(A1),'-2+3,"a,b ""c""\nd",[x](command:y) <b> | \`z\`,${head.split(',').slice(3).join(',')}`,
    );
    const [, , title = ''] = markdownOf(sheet).split('\n');
    assert.ok(title.includes('| a,b "c" d | \\[x\\]\\(command:y\\) \\<b\\> \\| \\`z\\` |'), title);
  });
});
