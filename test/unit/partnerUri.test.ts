import assert from 'node:assert/strict';
import { partnerLabel } from '../../src/choices/partnerLabels.ts';
import type { PartnerDocumentSpec } from '../../src/choices/partnerSpecs.ts';
import { parsePartnerUri, partnerUri } from '../../src/documents/partnerUri.ts';

const CUSTOMER = '5f5d2a7c-0a5e-4c62-9e3a-1f8d44c0b7e1';
const SUBSCRIPTION = 'D14C0B7E-1F8D-4C62-9E3A-5F5D2A7C0A5E';
const common = { connection: 'Partner', format: 'csv', customer: CUSTOMER } as const;

const utilization = {
  ...common,
  kind: 'utilization',
  subscription: SUBSCRIPTION,
  start: '2026-10-01T00:00:00Z',
  end: '2026-10-08T00:00:00Z',
  granularity: 'daily',
  showDetails: true,
} as const satisfies PartnerDocumentSpec;

const specs: Record<string, PartnerDocumentSpec> = {
  'usage of all customers': { ...common, kind: 'usageRecords', of: 'customers', customer: undefined },
  'usage of a customer': { ...common, kind: 'usageRecords', of: 'subscriptions' },
  'usage by resource': { ...common, kind: 'usageRecords', of: 'resources', subscription: SUBSCRIPTION },
  utilization,
  'hourly utilization by meter': {
    ...utilization,
    granularity: 'hourly',
    end: '2026-10-01T05:00:00Z',
    showDetails: false,
    size: 500,
  },
  'utilization that was rounded': {
    ...utilization,
    askedStart: '2026-10-01T10:54:34Z',
    askedEnd: '2026-10-08T23:59:59Z',
  },
  'rated usage of an invoice': { ...common, kind: 'ratedUsage', invoice: 'G000012345' },
  'unbilled rated usage': { ...common, kind: 'ratedUsage', period: 'last', currency: 'EUR', fragment: 'basic' },
};

/** Without members that are undefined: they say the same as no member. */
const bare = (spec: object | undefined) => spec && JSON.parse(JSON.stringify(spec));

describe('the address of a document of Partner Center', () => {
  for (const [what, spec] of Object.entries(specs)) {
    it(`carries all of ${what}`, () => {
      const parts = partnerUri(spec, partnerLabel(spec, undefined));
      assert.deepEqual(bare(parsePartnerUri(parts)), bare(spec));
    });
  }

  const { scheme, authority, path, query } = partnerUri(utilization, 'x');
  const parsed = (change: object) => parsePartnerUri({ scheme, authority, path, query, ...change });

  for (const [what, change] of Object.entries({
    'another scheme': { scheme: 'file' },
    'another folder': { path: path.replace('utilizations', 'utilisation') },
    'a path into another customer': { path: path.replace(CUSTOMER, `${CUSTOMER}/customers/other`) },
    'another ending': { path: path.replace('.csv', '.xlsx') },
    'no customer': { path: path.replace(`/customers/${CUSTOMER}`, '') },
    'no subscription': { query: query.replace(/subscription=[^&]*&/, '') },
    'a subscription that is a path': { query: query.replace(SUBSCRIPTION, '..%2F..') },
    'no end': { query: query.replace(/&end=[^&]*/, '') },
    'a day': { query: query.replace('2026-10-01T00:00:00Z', '2026-10-01') },
    'a start within a day': { query: query.replace('2026-10-01T00', '2026-10-01T05') },
    'a granularity in another case': { query: query.replace('daily', 'Daily') },
    'two windows': { query: `${query}&start=2026-11-01T00:00:00Z` },
    'a member that means nothing here': { query: `${query}&currency=EUR` },
    'an asked time of another window': { query: `${query}&askedStart=2026-10-02T10:00:00Z` },
    'a size that is none': { query: `${query}&size=0` },
  })) {
    it(`means nothing with ${what}`, () => assert.equal(parsed(change), undefined));
  }

  it('needs a currency for what is unbilled, and takes no period for an invoice', () => {
    const rated = { scheme, authority, path: '/partnerCenter/ratedusage/x.csv' };
    assert.equal(parsePartnerUri({ ...rated, query: 'period=current' }), undefined);
    assert.equal(parsePartnerUri({ ...rated, query: 'invoice=G1&period=current' }), undefined);
    assert.equal(parsePartnerUri({ ...rated, query: 'invoice=G1' })?.kind, 'ratedUsage');
  });
});

describe('the name of a document of Partner Center', () => {
  const name = (what: string, subject?: string) => partnerLabel(specs[what] ?? assert.fail(what), subject);

  it('says whose, what and when', () => {
    assert.equal(name('usage of all customers'), 'All customers usage by customer');
    assert.equal(name('usage of a customer', 'Alder Mill'), 'Alder Mill usage by subscription');
    assert.equal(name('utilization', 'Alder Mill Azure'), 'Alder Mill Azure utilization 2026-10-01 to 2026-10-08');
    assert.equal(
      name('hourly utilization by meter', 'Alder Mill'),
      'Alder Mill utilization by meter hourly 2026-10-01 to 2026-10-01 05h',
    );
    assert.equal(name('unbilled rated usage', 'Alder Mill'), 'Alder Mill rated usage unbilled last EUR');
    assert.equal(name('rated usage of an invoice', 'Alder Mill'), 'Alder Mill rated usage invoice G000012345');
    assert.equal(
      name('rated usage of an invoice', 'Invoice 2026-10 G000012345'),
      'Invoice 2026-10 G000012345 rated usage',
    );
  });

  it('falls back to ids, and keeps the window where the name is long', () => {
    assert.equal(name('utilization'), `${SUBSCRIPTION} utilization 2026-10-01 to 2026-10-08`);
    const long = partnerUri(utilization, name('utilization', 'Consolidated Upper Marrowdale '.repeat(5))).path;
    assert.match(long, /\/Consolidated [^/]+… utilization 2026-10-01 to 2026-10-08\.csv$/);
  });

  it('makes no path of a name', () => {
    assert.match(
      partnerUri(utilization, name('utilization', 'A/B: "c"\u202E')).path,
      /\/A B c utilization [^/]+\.csv$/,
    );
  });
});
