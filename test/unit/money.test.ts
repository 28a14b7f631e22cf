import assert from 'node:assert/strict';
import { ExactNumber } from '../../src/json/exact.ts';
import { parseJson } from '../../src/json/parseJson.ts';
import { formatGlance, formatMoney } from '../../src/workbench/money.ts';

/** The amount as the client reads it from `digits` in an answer. */
function format(digits: string, currency: string | null, locale = 'en'): string {
  const value = parseJson(digits) as number | ExactNumber;
  return formatMoney({ value, currency }, locale) ?? assert.fail(`${digits} is not shown`);
}

const SPACES = /[\u00a0\u202f\u200e\u200f\u061c]/g;

/** Digits, sign and the decimal point of a formatted amount, whatever digits and separators the locale has. */
function digitsIn(text: string, locale: string): string {
  const parts = new Intl.NumberFormat(locale, { minimumFractionDigits: 1 }).formatToParts(-1000.5);
  const separator = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  const digits = [...new Intl.NumberFormat(locale, { useGrouping: false }).format(9_876_543_210)].reverse();
  const [decimal, group] = [separator('decimal'), separator('group')];
  return [...text.replace(/ [A-Z]{3}$/, '').replace(SPACES, '')]
    .filter((character) => character !== group)
    .map((character) => {
      const digit = digits.indexOf(character);
      return digit >= 0 ? String(digit) : character === decimal ? '.' : character;
    })
    .join('');
}

describe('formatMoney', () => {
  for (const [digits, currency, expected] of [
    ['1234.5', 'USD', '1,234.50 USD'],
    ['1234', 'JPY', '1,234 JPY'],
    ['0.5', 'JPY', '0.5 JPY'],
    ['12.3', 'KWD', '12.300 KWD'],
    ['-1234567.891', 'USD', '-1,234,567.891 USD'],
    ['0', 'USD', '0.00 USD'],
    ['33.90', 'EUR', '33.90 EUR'],
    ['0.12345678901234567891', 'USD', '0.12345678901234567891 USD'],
    ['12345678901234567890.12', 'USD', '12,345,678,901,234,567,890.12 USD'],
    ['1.5e-7', 'USD', '0.00000015 USD'],
    ['1.25E+3', 'USD', '1,250.00 USD'],
    ['1e21', 'JPY', '1,000,000,000,000,000,000,000 JPY'],
    ['7', 'credits', '7.00 credits'],
    ['7', 'ZZZ', '7.00 ZZZ'],
    ['7', '', '7.00'],
    ['7', null, '7.00'],
  ] as const) {
    it(`shows ${digits} ${currency} as ${expected}`, () => assert.equal(format(digits, currency), expected));
  }

  it('writes numbers as the locale does', () => {
    assert.equal(format('-1234567.5', 'EUR', 'de'), '-1.234.567,50 EUR');
    assert.equal(format('1234.5', 'KWD', 'de'), '1.234,500 KWD');
    assert.match(format('1234.5', 'KWD', 'ar-EG'), /^[\u0660-\u0669\u066b\u066c]+ KWD$/);
  });

  it('changes no digit in any locale', () => {
    for (const locale of ['en', 'de', 'ar', 'ar-EG', 'fr', 'hi', 'ja', 'zh-cn', 'pt-br']) {
      for (const [digits, currency, shown] of [
        ['1234567.12345678901234567890', 'USD', '1234567.12345678901234567890'],
        ['-0.00000000000000000001', 'KWD', '-0.00000000000000000001'],
        ['98765432109876543210', 'JPY', '98765432109876543210'],
      ] as const) {
        assert.equal(digitsIn(format(digits, currency, locale), locale), shown, locale);
      }
    }
  });

  it('shows nothing where there is no amount', () => {
    for (const money of [undefined, null, {}, { value: null, currency: 'USD' }, { currency: 'USD' }]) {
      assert.equal(formatMoney(money, 'en'), undefined);
    }
  });

  it('takes plain numbers and numbers with their digits alike', () => {
    const money = (value: number | ExactNumber) => formatMoney({ value, currency: 'USD' }, 'en');
    assert.equal(money(5), money(new ExactNumber('5.0')));
  });
});

describe('an estimate at a glance', () => {
  const glance = (value: string, currency: string, locale = 'en') =>
    formatGlance({ currency, value: new ExactNumber(value) }, locale);

  it('has three significant digits and its currency', () => {
    assert.equal(glance('5375.12345678901234567', 'USD'), '5.38K USD');
    assert.equal(glance('55.6', 'EUR'), '55.6 EUR');
    assert.equal(glance('0.00412', 'USD'), '0.00412 USD');
    assert.equal(glance('507506', 'JPY'), '508K JPY');
    assert.equal(glance('-12345678', 'KWD'), '-12.3M KWD');
    assert.equal(glance('5375', 'EUR', 'de'), '5380 EUR');
    assert.equal(formatGlance({ currency: 'USD', value: null }, 'en'), undefined);
  });
});
