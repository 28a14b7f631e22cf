import assert from 'node:assert/strict';
import { mapChoices } from '../../src/charts/heatMapChoices.ts';
import { heatMapView } from '../../src/charts/heatMapView.ts';
import { UtilizationCells } from '../../src/charts/utilizationCells.ts';
import { UtilizationEntries } from '../../src/charts/utilizationEntries.ts';

const HOURLY = { start: '2026-10-02T00:00:00Z', end: '2026-10-04T00:00:00Z', granularity: 'hourly' } as const;
const DAILY = { ...HOURLY, granularity: 'daily' } as const;

const METER =
  '"resource":{"id":"AB-1","name":"D2s v5","category":"Virtual Machines","subcategory":"","region":"EU West"}';

/** The text of a record; what stands in `more` replaces what a usual one has. */
function record(start: string, quantity: string, more: Record<string, string> = {}): string {
  const { resource = METER, unit = '"unit":"Hours"', instance = '"infoFields":{}' } = more;
  return `{"usageStartTime":"${start}","usageEndTime":"","quantity":${quantity},${unit},${resource},${instance}}`;
}

const meter = (id: string, name = id) => ({ resource: `"resource":{"id":"${id}","name":"${name}"}` });
const unit = (name: string) => ({ unit: `"unit":${JSON.stringify(name)}` });
const instance = (uri: string) => ({ instance: `"instanceData":{"resourceUri":${JSON.stringify(uri)}}` });

function cellsOf(window: typeof HOURLY | typeof DAILY, ...records: string[]): UtilizationCells {
  const cells = new UtilizationCells(window);
  const entries = new UtilizationEntries(window.granularity === 'daily');
  const page = new TextEncoder().encode(`{"totalCount":${records.length},"items":[${records.join(',')}]}`);
  entries.reader.readPage(page, (bytes) => cells.add(entries.entry(bytes)));
  return cells;
}

function mapOf(cells: UtilizationCells, label?: string) {
  const choices = mapChoices(cells);
  const choice = choices.find((each) => label === undefined || each.label === label);
  return heatMapView(cells, choice ?? assert.fail(`there is no ${label} in ${choices.map((each) => each.label)}`));
}

/** What a map has at an hour of a day. */
function at({ days, lines }: ReturnType<typeof mapOf>, moment: string): string | null | undefined {
  const line = lines.find(({ label }) => label === moment.slice(11)) ?? assert.fail(moment);
  return line.cells[days.indexOf(moment.slice(0, 10))];
}

describe('the heat map of a utilization window', () => {
  it('adds up exactly what doubles would round', () => {
    const map = mapOf(
      cellsOf(
        HOURLY,
        record('2026-10-02T05:00:00+00:00', '0.1'),
        record('2026-10-02T05:00:00+00:00', '0.2'),
        record('2026-10-02T06:00:00+00:00', '123456789012345.678901234567890123'),
        record('2026-10-02T06:00:00+00:00', '1e-18'),
      ),
    );
    assert.equal(at(map, '2026-10-02 05:00'), '0.3');
    assert.equal(at(map, '2026-10-02 06:00'), '123456789012345.678901234567890124');
    assert.match(map.summary, /: 123456789012345\.978901234567890124 Hours in total\./);
  });

  it('tells hours without a record between others from hours of zero use, and from those outside', () => {
    const map = mapOf(
      cellsOf(
        HOURLY,
        record('2026-10-02T22:00:00+00:00', '1'),
        record('2026-10-02T23:00:00+00:00', '0'),
        record('2026-10-03T02:00:00+00:00', '2'),
      ),
    );
    assert.deepEqual(map.days, ['2026-10-02', '2026-10-03']);
    assert.equal(at(map, '2026-10-02 21:00'), null);
    assert.equal(at(map, '2026-10-02 23:00'), '0');
    assert.equal(at(map, '2026-10-03 00:00'), '');
    assert.equal(at(map, '2026-10-03 02:00'), '2');
    assert.equal(at(map, '2026-10-03 03:00'), null);
    assert.match(map.summary, /2 hours without a record in between\.$/);
  });

  it('puts local times at their hour in UTC, in the hour that summer time repeats too', () => {
    const window = {
      ...HOURLY,
      start: '2026-11-01T00:00:00Z',
      end: '2026-11-03T00:00:00Z',
    } as unknown as typeof HOURLY;
    const map = mapOf(
      cellsOf(
        window,
        record('2026-10-31T17:00:00-07:00', '1'),
        record('2026-11-01T01:00:00-07:00', '2'),
        record('2026-11-01T01:00:00-08:00', '3'),
      ),
    );
    assert.equal(at(map, '2026-11-01 00:00'), '1');
    assert.equal(at(map, '2026-11-01 08:00'), '2');
    assert.equal(at(map, '2026-11-01 09:00'), '3');
  });

  it('draws use of before the window, and counts what is too far from it to be drawn', () => {
    const cells = cellsOf(
      HOURLY,
      record('2026-09-30T23:00:00+00:00', '1'),
      record('2026-10-03T00:00:00+00:00', '1'),
      record('2025-10-03T00:00:00+00:00', '4.5'),
      record('2026-10-04T00:00:00+00:00', '1'),
      record('0001', '2.25'),
    );
    const map = mapOf(cells);
    assert.deepEqual([map.days[0], map.days.length, map.daysBefore], ['2026-09-30', 4, 2]);
    const undrawn = cells.undrawn.get('Hours');
    assert.deepEqual([undrawn?.records, undrawn?.quantity.toString()], [3, '7.75']);
  });

  it('never mixes units and begins with the one that has most', () => {
    const cells = cellsOf(
      HOURLY,
      record('2026-10-02T05:00:00+00:00', '2'),
      record('2026-10-02T05:00:00+00:00', '30', { ...unit('1 GB'), ...meter('disk') }),
      record('2026-10-02T06:00:00+00:00', '40', { ...unit('1 GB'), ...meter('blob') }),
    );
    assert.deepEqual(
      mapChoices(cells).map(({ group, label }) => [group, label]),
      [
        ['1 GB', 'All meters in 1 GB'],
        ['1 GB', 'blob'],
        ['1 GB', 'disk'],
        ['Hours', 'Virtual Machines · D2s v5 · EU West'],
      ],
    );
    const [all, blob] = [mapOf(cells), mapOf(cells, 'blob')];
    assert.deepEqual([all.unit, at(all, '2026-10-02 05:00'), at(all, '2026-10-02 06:00')], ['× 1 GB', '30', '40']);
    assert.deepEqual([at(blob, '2026-10-02 05:00'), at(blob, '2026-10-02 06:00')], [null, '40']);
  });

  it('takes meters whose ids differ in case for one', () => {
    const cells = cellsOf(
      HOURLY,
      record('2026-10-02T05:00:00Z', '1', meter('AA', 'x')),
      record('2026-10-02T05:00:00Z', '1', meter('aa', 'x')),
    );
    assert.equal(mapChoices(cells).length, 1);
    assert.equal(at(mapOf(cells), '2026-10-02 05:00'), '2');
  });

  it('has a row for each meter by day, and one for each resource of a chosen meter', () => {
    const path = (name: string) =>
      `/subscriptions/s/resourceGroups/rg-1/providers/Microsoft.Compute/virtualMachines/${name}`;
    const cells = cellsOf(
      DAILY,
      record('2026-10-02T00:00:00Z', '1', instance(path('one'))),
      record('2026-10-02T00:00:00Z', '5', instance(path('two'))),
      record('2026-10-03T00:00:00Z', '7', instance(path('ONE'))),
      record('2026-10-03T00:00:00Z', '100', meter('m2')),
    );
    const [meters, resources] = [mapOf(cells), mapOf(cells, 'Virtual Machines · D2s v5 · EU West')];
    assert.equal(meters.rows, 'meters');
    assert.deepEqual(
      meters.lines.map(({ label, total, cells }) => [label, total, cells]),
      [
        ['m2', '100', [null, '100']],
        ['Virtual Machines · D2s v5 · EU West', '13', ['6', '7']],
      ],
    );
    assert.equal(resources.rows, 'resources');
    assert.deepEqual(
      resources.lines.map(({ label, total, cells }) => [label, total, cells]),
      [
        ['one · rg-1', '8', ['1', '7']],
        ['two · rg-1', '5', ['5', null]],
      ],
    );
  });

  it('adds up the smallest of many rows in one, so that the total stays whole', () => {
    const records = Array.from({ length: 130 }, (_, at) =>
      record('2026-10-02T00:00:00Z', String(at + 1), instance(`/resource-${at}`)),
    );
    const map = mapOf(cellsOf(DAILY, ...records));
    assert.equal(map.lines.length, 101);
    assert.deepEqual([map.lines[0]?.total, map.lines[100]?.label, map.lines[100]?.total], ['130', '30 others', '465']);
    assert.match(map.summary, /: 8515 Hours in total\. Peak: 465 Hours on 2026-10-02, 30 others\./);
  });

  it('tells the peak, the first of equal ones', () => {
    const map = mapOf(
      cellsOf(
        HOURLY,
        record('2026-10-02T07:00:00Z', '9.50'),
        record('2026-10-02T05:00:00Z', '9.5'),
        record('2026-10-03T06:00:00Z', '3'),
      ),
    );
    assert.match(map.summary, / Peak: 9\.5 Hours on 2026-10-02 at 05:00 UTC\./);
    assert.equal(map.peak, '9.5');
  });

  it('reads numbers as text, and leaves out records without a quantity', () => {
    const cells = cellsOf(
      HOURLY,
      record('2026-10-02T05:00:00Z', '"1.5"'),
      record('2026-10-02T05:00:00Z', '""'),
      record('2026-10-02T05:00:00Z', 'null'),
    );
    assert.equal(mapOf(cells).lines[5]?.total, '1.5');
  });

  it('refuses a quantity that is no number, rather than a total without it', () => {
    assert.throws(() => cellsOf(HOURLY, record('2026-10-02T05:00:00Z', '"much"')), RangeError);
  });

  it('has nothing to choose from where nothing was used', () => {
    assert.deepEqual(mapChoices(cellsOf(HOURLY)), []);
  });

  it('cuts long names and takes out what turns text around', () => {
    const cells = cellsOf(HOURLY, record('2026-10-02T05:00:00Z', '1', meter('m', `\\u202e${'<b>x</b>'.repeat(600)}`)));
    const [choice] = mapChoices(cells);
    assert.equal(choice?.label.length, 160);
    assert.match(choice?.label ?? '', /^<b>x<\/b>/);
  });
});
