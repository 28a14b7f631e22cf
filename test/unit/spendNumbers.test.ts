import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dayNamesOf } from '../../src/charts/webview/spendDays.ts';
import { amountsOf, sumOf } from '../../src/charts/webview/spendNumbers.ts';

/** Digits of Arabic and Devanagari as Latin ones. */
function latin(text: string): string {
  return text.replaceAll(/[\u0660-\u0669\u0966-\u096f]/g, (digit) => {
    const code = digit.charCodeAt(0);
    return String(code - (code < 0x966 ? 0x660 : 0x966));
  });
}

/** What is left of an amount without its marks. */
const digitsIn = (text: string) => latin(text).replaceAll(/\D/g, '');

describe('amounts of the spend page', () => {
  for (const [locale, currency, decimals, digits, expected] of [
    ['en-US', 'EUR', 2, '1234.5', '1,234.50 EUR'],
    ['en-US', 'EUR', 2, '1234.50000000000000000012', '1,234.50000000000000000012 EUR'],
    ['en-US', 'JPY', 0, '1234567', '1,234,567 JPY'],
    ['en-US', 'JPY', 0, '0', '0 JPY'],
    ['en-US', 'JPY', 0, '12.5', '12.5 JPY'],
    ['en-US', 'KWD', 3, '-0.5', '-0.500 KWD'],
    ['en-US', 'EUR', 2, '9007199254740993', '9,007,199,254,740,993.00 EUR'],
    ['en-US', 'EUR', 2, '123456789012345678901234.01', '123,456,789,012,345,678,901,234.01 EUR'],
    ['de-DE', 'EUR', 2, '1234.5', '1.234,50 EUR'],
    ['de-DE', 'KWD', 3, '1234.5', '1.234,500 KWD'],
    ['de-DE', 'EUR', 2, '-9007199254740993.07', '-9.007.199.254.740.993,07 EUR'],
    ['hi-IN', 'EUR', 2, '12345678.5', '1,23,45,678.50 EUR'],
    ['hi-IN', 'KWD', 3, '9007199254740993.001', '9,00,71,99,25,47,40,993.001 KWD'],
    ['ar-EG', 'JPY', 0, '1234567', '١٬٢٣٤٬٥٦٧ JPY'],
    ['ar-EG', 'KWD', 3, '1234.5', '١٬٢٣٤٫٥٠٠ KWD'],
  ] as const) {
    it(`writes ${digits} ${currency} as ${expected} in ${locale}`, () => {
      assert.equal(amountsOf(locale, currency, decimals).exact(digits), expected);
    });
  }

  it('rounds to the digits of the currency by the digits alone, halves away from 0', () => {
    for (const [locale, currency, decimals, digits, expected] of [
      ['en-US', 'EUR', 2, '9007199254740993.005', '9,007,199,254,740,993.01 EUR'],
      ['en-US', 'EUR', 2, '1.00499999999999999999', '1.00 EUR'],
      ['de-DE', 'JPY', 0, '1234567.5', '1.234.568 JPY'],
      ['ar-EG', 'KWD', 3, '-0.0005', '\u061c-٠٫٠٠١ KWD'],
    ] as const) {
      assert.equal(amountsOf(locale, currency, decimals).rounded(digits), expected);
    }
    assert.equal(amountsOf('en-US', 'JPY', 0).change('0.5'), '+1 JPY');
    assert.equal(amountsOf('en-US', 'JPY', 0).change('-0.4'), '0 JPY');
  });

  it('shows each digit of any amount, in each locale', () => {
    const amount = fc
      .tuple(fc.boolean(), fc.bigInt(0n, 10n ** 24n), fc.integer({ min: 0, max: 20 }))
      .map(([negative, units, behind]) => {
        const all = String(units).padStart(behind + 1, '0');
        const text = behind === 0 ? all : `${all.slice(0, -behind)}.${all.slice(-behind)}`;
        return `${negative && units > 0n ? '-' : ''}${text}`;
      });
    fc.assert(
      fc.property(amount, fc.constantFrom('en-US', 'de-DE', 'ar-EG', 'hi-IN'), (digits, locale) => {
        assert.equal(digitsIn(amountsOf(locale, 'JPY', 0).exact(digits)), digits.replaceAll(/\D/g, ''));
      }),
    );
  });

  it('says by a sign what is more and what is less, and nothing where there is no whole', () => {
    const amounts = amountsOf('en-US', 'EUR', 2);
    assert.equal(amounts.signed('12.3'), '+12.30 EUR');
    assert.equal(amounts.signed('-12.3'), '-12.30 EUR');
    assert.equal(amounts.signed('0'), '0.00 EUR');
    assert.equal(amounts.percent('25.0'), '+25.0%');
    assert.equal(amounts.share('1', '8'), '12.5%');
    assert.equal(amounts.share('1', '0.00'), '');
  });

  it('adds exactly, where doubles would not', () => {
    assert.equal(sumOf(['0.1', '0.2']), '0.3');
    assert.equal(sumOf(['9007199254740993', '0.00000000000000000001']), '9007199254740993.00000000000000000001');
    assert.equal(sumOf(['-5.05', '5.1', '-0.06']), '-0.01');
    assert.equal(sumOf(['-0.50', '0.50']), '0.00');
    assert.equal(sumOf([]), '0');
  });
});

describe('days of the spend page', () => {
  const day = { from: '2026-10-05', to: '2026-10-05' };
  const month = { from: '2026-02-01', to: '2026-02-28' };
  const part = { from: '2026-10-01', to: '2026-10-20' };

  for (const [locale, step, short, long] of [
    ['en-US', day, 'Oct 5', 'Mon, Oct 5, 2026'],
    ['en-US', month, 'Feb 2026', 'February 2026'],
    ['en-US', part, 'Oct 2026', 'Oct 1 – 20, 2026'],
    ['de-DE', day, '5. Okt.', 'Mo., 5. Okt. 2026'],
    ['de-DE', month, 'Feb. 2026', 'Februar 2026'],
    ['ar-EG', day, '٥ أكتوبر', 'الاثنين، ٥ أكتوبر ٢٠٢٦'],
    ['hi-IN', month, 'फ़र॰ 2026', 'फ़रवरी 2026'],
  ] as const) {
    it(`calls ${step.from} to ${step.to} ${long} in ${locale}`, () => {
      const names = dayNamesOf(locale);
      const plain = (text: string) => text.replaceAll(/[\u2009\u202f\u00a0]/g, ' ');
      assert.equal(plain(names.short(step)), short);
      assert.equal(plain(names.long(step)), long);
    });
  }

  it('are days of UTC wherever the clock of the machine is', () => {
    const zone = process.env.TZ;
    try {
      for (const there of ['Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
        process.env.TZ = there;
        assert.equal(dayNamesOf('en-US').long({ from: '2026-01-01', to: '2026-01-01' }), 'Thu, Jan 1, 2026');
      }
    } finally {
      if (zone === undefined) {
        delete process.env.TZ;
      } else {
        process.env.TZ = zone;
      }
    }
  });
});
