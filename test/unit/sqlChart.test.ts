import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Cell, TableColumnInfo } from '../../src/engine/cells.ts';
import type { ChartPicture } from '../../src/sheets/chartContract.ts';
import { chartOf, MOST_ROWS } from '../../src/sheets/chartModel.ts';
import { timeLabels } from '../../src/sheets/timeLabels.ts';

const KINDS: Readonly<Record<string, TableColumnInfo['kind']>> = {
  Month: 'date',
  Day: 'date',
  At: 'timestamp',
  Cost: 'decimal',
  BilledCost: 'decimal',
  x_CostInPricingCurrency: 'decimal',
  x_EffectiveUnitPrice: 'decimal',
  'avg(x_EffectiveUnitPrice)': 'double',
  CostLast30Days: 'decimal',
  CostByCountry: 'decimal',
  DiscountAmount: 'decimal',
  UsedHours: 'decimal',
  DiscountRate: 'double',
  RoundedCost: 'integer',
  Total: 'integer',
  TotalQuantity: 'decimal',
  CostInUsd: 'decimal',
  Effective: 'decimal',
  Mean: 'double',
  Quantity: 'decimal',
  UsageRows: 'integer',
  Year: 'integer',
};

/** The outcome for an answer whose columns are known by their names. */
function outcome(names: readonly string[], rows: readonly (readonly Cell[])[], currencies = ['EUR']) {
  const columns = names.map((name) => ({ name, kind: KINDS[name] ?? ('text' as const) }));
  return chartOf({ columns, rows, total: rows.length }, currencies);
}

function drawn(...given: Parameters<typeof outcome>) {
  const found = outcome(...given);
  return 'pictures' in found ? found : assert.fail(found.message);
}

function refused(...given: Parameters<typeof outcome>) {
  const found = outcome(...given);
  return 'why' in found ? found : assert.fail('it was drawn');
}

const escaped = (text: string) => text.replace(/[()]/g, '\\$&');

const seriesOf = ({ series }: ChartPicture) => Object.fromEntries(series.map(({ label, values }) => [label, values]));

describe('a chart of SQL', () => {
  it('has dates on its axis in their order, with a place for each step, and the values of a text as series', () => {
    const { pictures, summary } = drawn(
      ['Service', 'Month', 'BillingCurrency', 'Cost'],
      [
        ['Storage', '2026-11-01', 'EUR', '3.00000000000000000001'],
        ['Network', '2026-08-01', 'EUR', '-1'],
        ['Storage', '2026-08-01', 'EUR', '2'],
      ],
    );
    const [picture] = pictures;
    assert.ok(picture);
    assert.deepEqual(picture.labels, ['2026-08', '2026-09', '2026-10', '2026-11']);
    assert.deepEqual(seriesOf(picture), {
      Storage: ['2', null, null, '3.00000000000000000001'],
      Network: ['-1', null, null, null],
    });
    assert.deepEqual([picture.look, picture.stacked, picture.unit], ['columns', true, 'EUR']);
    assert.equal(summary, 'Cost by Month, Service, in EUR: 3 rows.');
  });

  it('keeps the order of the answer for texts, whose bars are below each other', () => {
    const [picture] = drawn(
      ['Service', 'Cost'],
      [
        ['Storage', '9'],
        [null, '5'],
        ['', '4'],
        ['Network', '1'],
      ],
    ).pictures;
    assert.deepEqual(picture?.labels, ['Storage', 'no Service', 'empty Service', 'Network']);
    assert.equal(picture?.look, 'bars');
    assert.deepEqual(picture?.series, [{ label: 'Cost', colour: 0, values: ['9', '5', '4', '1'] }]);
  });

  it('has a picture for each currency, whatever its column is called', () => {
    for (const column of ['BillingCurrency', 'c']) {
      const { pictures, summary } = drawn(
        ['Service', column, 'Cost'],
        [
          ['Storage', 'EUR', '1'],
          ['Storage', 'GBP', '2'],
          ['Network', 'GBP', '3'],
        ],
      );
      assert.deepEqual(
        pictures.map(({ heading, unit, labels }) => [heading, unit, labels]),
        [
          ['EUR: Cost by Service', 'EUR', ['Storage']],
          ['GBP: Cost by Service', 'GBP', ['Storage', 'Network']],
        ],
      );
      assert.match(summary, /in 2 charts because currencies are not added together/);
    }
  });

  it('gives a series the same colour in each picture', () => {
    const [first, second] = drawn(
      ['Month', 'Service', 'BillingCurrency', 'Cost'],
      [
        ['2026-09-01', 'Storage', 'EUR', '1'],
        ['2026-09-01', 'Network', 'EUR', '1'],
        ['2026-09-01', 'Network', 'GBP', '1'],
      ],
    ).pictures;
    assert.deepEqual(
      first?.series.map(({ colour }) => colour),
      [0, 1],
    );
    assert.deepEqual(
      second?.series.map(({ colour }) => colour),
      [1],
    );
  });

  it('keeps what is counted apart from money, and dollars from the billing currency', () => {
    const { pictures } = drawn(
      ['Service', 'BillingCurrency', 'Cost', 'Effective', 'CostInUsd', 'Quantity', 'UsageRows'],
      [['Storage', 'EUR', '1', '2', '3', '4', '5']],
    );
    assert.deepEqual(
      pictures.map(({ heading, unit, series }) => [heading, unit, series.map(({ label }) => label)]),
      [
        ['EUR: Cost, Effective by Service', 'EUR', ['Cost', 'Effective']],
        ['USD, rows in EUR: CostInUsd by Service', 'USD', ['CostInUsd']],
        ['Rows in EUR: Quantity by Service', '', ['Quantity']],
        ['Rows in EUR: UsageRows by Service', '', ['UsageRows']],
      ],
    );
    assert.ok(
      pictures.every(({ stacked }) => !stacked),
      'columns of the answer are no parts of a whole',
    );
  });

  it('names places by names where ids say the same', () => {
    const [picture] = drawn(
      ['x_CustomerId', 'x_CustomerName', 'BillingCurrency', 'Cost', 'UsageRows'],
      [
        ['1', 'Contoso', 'EUR', '1', '1'],
        ['2', 'Fabrikam', 'EUR', '2', '2'],
      ],
    ).pictures;
    assert.deepEqual(picture?.labels, ['Contoso', 'Fabrikam']);
  });

  it('takes numbers of the calendar for names, and numbers the rows of an answer that has none', () => {
    assert.deepEqual(
      drawn(
        ['Year', 'Cost'],
        [
          ['2025', '1'],
          ['2026', '2'],
        ],
      ).pictures.map(({ labels, heading }) => [labels, heading]),
      [[['2025', '2026'], 'Cost by Year']],
    );
    assert.deepEqual(drawn(['Cost'], [['1'], ['2']]).pictures[0]?.labels, ['Row 1', 'Row 2']);
    assert.deepEqual(drawn(['Cost'], [['1']]).pictures[0]?.labels, ['All']);
  });

  it('does not put means and prices on each other', () => {
    for (const name of ['Mean', 'UnitPrice']) {
      const columns = [
        { name: 'Month', kind: 'date' as const },
        { name: 'Service', kind: 'text' as const },
        { name, kind: name === 'Mean' ? ('double' as const) : ('decimal' as const) },
      ];
      const found = chartOf({ columns, rows: [['2026-09-01', 'Storage', '1']], total: 1 }, []);
      assert.deepEqual('pictures' in found && found.pictures.map(({ look, stacked }) => [look, stacked]), [
        ['lines', false],
      ]);
    }
  });

  it('says what it does not show, and that amounts without a currency may be of several', () => {
    const { facts } = drawn(
      ['Month', 'Service', 'Cost', 'Effective'],
      [
        ['2026-09-01', 'Storage', null, '1'],
        ['2026-10-01', 'Storage', 'NaN', '1'],
      ],
      ['EUR', 'GBP'],
    );
    assert.deepEqual(facts, [
      'The usage is in EUR, GBP and the answer tells no currency of Cost: unless the statement chooses one, it has added different ones up. Add BillingCurrency to see each alone.',
      'Gaps are where the answer has NULL or no row.',
      '1 of the values cannot be drawn (NaN or infinite): they are in the table alone.',
      'In the table alone: Effective.',
    ]);
  });

  it('gives amounts in the pricing currency no other one, and says so', () => {
    for (const name of ['x_CostInPricingCurrency', 'x_EffectiveUnitPrice', 'avg(x_EffectiveUnitPrice)']) {
      for (const currency of ['BillingCurrency', 'Currency', 'c']) {
        const found = drawn(['ServiceName', currency, 'Service', name], [['Storage', 'EUR', 's', '1']]);
        assert.deepEqual(
          found.pictures.map(({ unit }) => unit),
          [''],
          `${name} beside ${currency}`,
        );
        assert.doesNotMatch(found.summary, /EUR/);
        assert.match(found.facts[0] ?? '', new RegExp(`^The answer tells no pricing currency of ${escaped(name)}: `));
      }
      for (const currency of ['PricingCurrency', 'x_PricingCurrency']) {
        const rows = [
          ['Storage', 'EUR', 'USD', '1', '2'],
          ['Storage', 'EUR', 'GBP', '1', '2'],
        ];
        const found = drawn(['ServiceName', 'BillingCurrency', currency, name, 'BilledCost'], rows);
        assert.deepEqual(found.pictures.map(({ unit, series }) => `${unit} ${series[0]?.label}`).sort(), [
          'EUR BilledCost',
          'EUR BilledCost',
          `GBP ${name}`,
          `USD ${name}`,
        ]);
        assert.deepEqual(found.facts, []);
      }
    }
  });

  it('does not put amounts of the pricing currency beside others, nor give what is billed that currency', () => {
    const names = ['ServiceName', 'BilledCost', 'x_CostInPricingCurrency'];
    assert.deepEqual(
      drawn(names, [['Storage', '1', '2']]).pictures.map(({ series }) => series.length),
      [1, 1],
    );
    const found = drawn(['ServiceName', 'x_PricingCurrency', 'BilledCost'], [['Storage', 'USD', '1']], ['EUR', 'GBP']);
    assert.equal(found.pictures[0]?.unit, '');
    assert.match(found.facts[0] ?? '', /tells no currency of BilledCost: /);
  });

  it('tells of amounts that may be of several currencies whatever they are called, and of nothing else', () => {
    const factsOf = (name: string, currencies: string[]) =>
      drawn(['Service', name], [['Storage', '1']], currencies).facts.filter((fact) => /currency/.test(fact));
    for (const name of ['CostLast30Days', 'CostByCountry', 'DiscountAmount', 'RoundedCost', 'Total', 'Mean']) {
      assert.match(factsOf(name, ['EUR', 'USD'])[0] ?? '', new RegExp(`tells no currency of ${name}: `));
      assert.deepEqual(factsOf(name, ['EUR']), [], name);
    }
    for (const name of ['UsedHours', 'DiscountRate', 'Quantity', 'TotalQuantity', 'UsageRows', 'CostInUsd']) {
      assert.deepEqual(factsOf(name, ['EUR', 'USD']), [], name);
    }
    const apart = drawn(['Service', 'BillingCurrency', 'RoundedCost'], [['Storage', 'EUR', '1']], ['EUR', 'USD']);
    assert.deepEqual(apart.facts, []);
  });

  it('says that times without a row are left out where no step tells them', () => {
    const at = (...hours: string[]) =>
      drawn(
        ['At', 'Cost'],
        hours.map((hour) => [`2026-09-01T${hour}:00:00Z`, '1']),
      ).facts;
    const left = 'Times without a row are left out of the axis: distances on it say nothing.';
    assert.deepEqual(at('00', '01', '09'), [left]);
    assert.deepEqual(at('00', '09'), [left]);
    assert.deepEqual(at('00', '01', '02'), []);
    assert.deepEqual(at('07'), []);
  });

  it('is none where it would have to add up, leave out or squeeze: one sentence says why', () => {
    const rows = (count: number, cells: (at: number) => Cell[]) => Array.from({ length: count }, (_, at) => cells(at));
    assert.deepEqual(refused(['Service', 'Cost'], []), {
      why: 'empty',
      message: 'No rows: the statement has an empty answer.',
    });
    const columns = [{ name: 'Service', kind: 'text' as const }];
    const tooMany = chartOf({ columns, rows: [], total: MOST_ROWS + 1 }, []);
    assert.match(
      'message' in tooMany ? tooMany.message : '',
      /^The answer has 5,001 rows and a chart shows 5,000 at most: group/,
    );
    assert.match(refused(['Service', 'Name'], [['a', 'b']]).message, /no column of numbers/);
    assert.match(
      refused(
        ['Month', 'Service', 'Cost'],
        rows(51, (at) => ['2026-09-01', `s${at}`, '1']),
      ).message,
      /51 different Service and a chart shows 50/,
    );
    assert.match(
      refused(
        ['Service', 'Cost'],
        rows(201, (at) => [`s${at}`, '1']),
      ).message,
      /201 different Service and a chart shows 200/,
    );
    assert.match(
      refused(
        ['Service', 'Cost'],
        rows(3, () => ['Storage', '1']),
      ).message,
      /^2 rows have the same Service as another/,
    );
  });

  it('shows each value of an answer once, with its digits, and nothing that is not of the answer', () => {
    const text = fc.constantFrom('a', 'b', '', 'A · B', '<b>', null);
    const day = fc.constantFrom('2026-09-01', '2026-09-03', '2026-10-15', null);
    const currency = fc.constantFrom('EUR', 'GBP', 'USD', null);
    const digits = fc.option(fc.tuple(fc.maxSafeInteger(), fc.nat(10 ** 9)).map(([whole, part]) => `${whole}.${part}`));
    const row = fc.tuple(day, text, currency, text, digits, digits);
    const names = ['Day', 'Service', 'BillingCurrency', 'Group', 'Cost', 'Effective'];
    const orders = fc.shuffledSubarray(names, { minLength: 2 });
    fc.assert(
      fc.property(orders, fc.array(row, { minLength: 1, maxLength: 30 }), (order, rows) => {
        const given = rows.map((cells) => order.map((name) => cells[names.indexOf(name)] ?? null));
        const found = outcome(order, given);
        if ('why' in found) {
          assert.equal(found.why, 'table');
          return;
        }
        const sorted = (values: readonly Cell[]) => values.filter((value) => value !== null).sort();
        const measures = order.filter((name) => name === 'Cost' || name === 'Effective');
        const inTable =
          found.facts.find((fact) => fact.startsWith('In the table alone'))?.includes('E') === true ||
          found.facts.some((fact) => /^In the table alone: .*(Cost|Effective)/.test(fact));
        const shown = inTable ? measures.slice(0, 1) : measures;
        const at = order.indexOf('BillingCurrency');
        const wanted = new Map<string, Cell[]>();
        for (const cells of given) {
          const unit = at < 0 ? '' : (cells[at] ?? 'no currency');
          wanted.set(unit, [...(wanted.get(unit) ?? []), ...shown.map((name) => cells[order.indexOf(name)] ?? null)]);
        }
        assert.deepEqual(found.pictures.map(({ unit }) => unit).sort(), [...wanted.keys()].sort());
        for (const { unit, series, labels } of found.pictures) {
          assert.deepEqual(sorted(series.flatMap(({ values }) => values)), sorted(wanted.get(unit) ?? []), unit);
          assert.ok(series.every(({ values }) => values.length === labels.length));
        }
      }),
      { numRuns: 400 },
    );
  });
});

describe('an axis of time', () => {
  it('has a place for each day, week, month or year between its ends', () => {
    assert.deepEqual(timeLabels(['2026-10-01', '2026-09-29']).labels, ['2026-09-29', '2026-09-30', '2026-10-01']);
    assert.deepEqual(timeLabels(['2026-01-01', '2026-10-01', '2026-04-01']).labels.length, 4);
    assert.deepEqual(timeLabels(['2026-10-02', '2026-09-29', '2026-09-30']).labels, [
      '2026-09-29',
      '2026-09-30',
      '2026-10-01',
      '2026-10-02',
    ]);
    assert.deepEqual(timeLabels(['2026-09-07', '2026-09-28', '2026-09-14']).labels.length, 4);
    assert.deepEqual(timeLabels(['2024-01-01', '2026-01-01', '2025-01-01']).labels, ['2024-01', '2025-01', '2026-01']);
    assert.deepEqual(timeLabels(['2026-09-01T00:00:00Z', '2026-10-01T00:00:00Z']), {
      keys: ['2026-09-01T00:00:00Z', '2026-10-01T00:00:00Z'],
      labels: ['2026-09', '2026-10'],
      holes: false,
    });
  });

  it('leaves times as they are written where no step can be told, and says so where there are too many', () => {
    const times = ['2026-09-01T10:00:00Z', '2026-09-01T09:30:00Z'];
    assert.deepEqual(timeLabels(times).labels, times.toSorted());
    assert.equal(timeLabels(['1990-01-02', '1990-01-03', '2026-01-02']).holes, true);
    assert.deepEqual(timeLabels([]).keys, []);
  });

  it('has every time of the answer, in order, once', () => {
    const day = fc
      .date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
    fc.assert(
      fc.property(fc.array(day), (days) => {
        const { keys, labels } = timeLabels(days);
        assert.deepEqual(keys, [...new Set(keys)].sort());
        assert.equal(labels.length, keys.length);
        assert.ok(days.every((each) => keys.includes(each)));
      }),
    );
  });
});
