import assert from 'node:assert/strict';
import {
  type BillingExportOptions,
  resumeBillingExport,
  runBillingExport,
} from '../../src/api/graph/billingExports.ts';
import { exportLines } from '../../src/api/graph/exportLines.ts';
import type { BillingExportRequest } from '../../src/api/graph/exportRules.ts';
import type { GraphClient } from '../../src/api/graph/graphClient.ts';
import { BillingError } from '../../src/api/http/errors.ts';
import { digitsOf, type JsonNumber } from '../../src/json/exact.ts';
import { parseJson } from '../../src/json/parseJson.ts';
import { decimalUnits } from '../../src/sample/decimal.ts';
import { type SampleService, startSampleService } from '../../src/sample/service.ts';
import { connectGraph, failureOf, rowTexts } from '../support/graph.ts';

const COST_SCALE = 20;

describe('billing exports: client and sample service together', () => {
  let service: SampleService;
  let graph: GraphClient;
  let close: () => Promise<void>;

  before(async () => {
    service = await startSampleService({
      customers: 20,
      usageRows: 6_000,
      now: new Date('2026-11-21T12:00:00Z'),
      graph: { partitionRows: 60 },
    });
    ({ graph, close } = connectGraph(service.endpoints.graph, { token: async () => 'token-1' }));
  });
  afterEach(async () => {
    service.setFault(undefined);
    await fetch(`${service.endpoints.graph}/_sample/reset`, { method: 'POST' });
  });
  after(async () => {
    await close();
    await service.close();
  });

  const set = async (settings: object) => {
    const response = await fetch(`${service.endpoints.graph}/_sample/graph`, {
      method: 'POST',
      body: JSON.stringify(settings),
    });
    assert.equal(response.status, 200, await response.text());
  };
  const invoice = () => {
    const [account] = service.tenant.accounts;
    const [newest] = account === undefined ? [] : service.tenant.invoices(account);
    assert.ok(newest);
    return newest;
  };
  const billed = (): BillingExportRequest => ({ kind: 'billedUsage', invoiceId: invoice().name });

  async function allRows(request = billed(), options: BillingExportOptions = {}): Promise<string[]> {
    return rowTexts(exportLines(graph, await runBillingExport(graph, request, options), options));
  }

  function sum(rows: readonly string[], attribute: string): bigint {
    return rows.reduce((total, text) => {
      const value = (parseJson(text) as Record<string, JsonNumber>)[attribute];
      assert.ok(value !== undefined);
      return total + decimalUnits(digitsOf(value), COST_SCALE);
    }, 0n);
  }

  it('give every kind whole, in both attribute sets, with the manifest inside and behind a link, in both spellings', async () => {
    const { name, total, profile } = invoice();
    const open = { currencyCode: profile.currency, billingPeriod: 'current' } as const;
    for (const manifest of ['inline', 'link']) {
      for (const spelling of ['examples', 'table']) {
        await set({ manifest, spelling });
        for (const attributeSet of ['full', 'basic'] as const) {
          const usage = await allRows({ kind: 'billedUsage', invoiceId: name, attributeSet });
          assert.equal(sum(usage, 'BillingPreTaxTotal'), total);
          const charges = await allRows({ kind: 'billedReconciliation', invoiceId: name, attributeSet });
          assert.equal(sum(charges, 'Total'), total);
          assert.ok((await allRows({ kind: 'unbilledUsage', ...open, attributeSet })).length > 60);
          assert.ok((await allRows({ kind: 'unbilledReconciliation', ...open, attributeSet })).length > 0);
        }
      }
    }
    assert.ok((service.counts()['graph.manifests.get'] ?? 0) > 0);
  });

  it('end with advice where there is no data', async () => {
    const { profile, month } = invoice();
    const purchases = service.tenant.purchases.invoiceOf(profile, month);
    const requests: BillingExportRequest[] = [
      { kind: 'billedUsage', invoiceId: purchases?.name ?? '' },
      { kind: 'billedUsage', invoiceId: 'G000000001' },
      { kind: 'unbilledUsage', currencyCode: 'CHF', billingPeriod: 'current' },
    ];
    for (const request of requests) {
      const { code, advice } = await failureOf(runBillingExport(graph, request));
      assert.equal(code, '5000');
      assert.match(advice ?? '', /^There is no data for it/);
    }
    await set({ ending: 'Failed' });
    const { code, message, advice } = await failureOf(runBillingExport(graph, billed()));
    assert.equal(code, '5001');
    assert.match(message, /^Export billed usage failed: the service could not write the export: /);
    assert.match(advice ?? '', /^Start the export again/);
  });

  it('refuse a legacy invoice before anything is sent', async () => {
    const before = service.requests().length;
    const { kind } = await failureOf(runBillingExport(graph, { kind: 'billedUsage', invoiceId: 'D02005YFHI' }));
    assert.equal(kind, 'argument');
    assert.equal(service.requests().length, before);
  });

  it('go on after a reload, and outlive their signature', async () => {
    await set({ validSeconds: 0 });
    let address = '';
    const done = await runBillingExport(graph, billed(), { onOperation: (told) => (address = told) });
    const resumed = await resumeBillingExport(graph, address);
    assert.equal(resumed.manifest.rootDirectory, done.manifest.rootDirectory);
    const starts = service.counts()['graph.exports.usage.billed'];

    const refused = await failureOf(rowTexts(exportLines(graph, resumed)));
    assert.match(refused.message, /the storage link has expired/);
    await set({ validSeconds: 600 });
    const rows = await rowTexts(exportLines(graph, resumed));
    assert.equal(sum(rows, 'BillingPreTaxTotal'), invoice().total);
    assert.equal(service.counts()['graph.exports.usage.billed'], starts);
  });

  it('say who may not, and do not wait for ever', async () => {
    service.setCaller('none');
    const { status, advice } = await failureOf(runBillingExport(graph, billed()));
    assert.equal(status, 403);
    assert.match(advice ?? '', /PartnerBilling\.Read\.All/);
    service.setCaller('adminAgent');
    await set({ ending: 'Never', retryAfter: 600 });
    assert.match((await failureOf(runBillingExport(graph, billed()))).message, /for four hours and is not done/);
  });

  it('let go of a service that hangs, at every step', async () => {
    for (const part of ['/export', '/operations/', '/part-']) {
      const stop = new AbortController();
      const reason = new Error('enough');
      service.setFault(`hang@${part}`);
      const run = allRows(billed(), { signal: stop.signal });
      const settled = assert.rejects(run, reason);
      while (service.requests().at(-1)?.status !== 0) {
        await new Promise(setImmediate);
      }
      stop.abort(reason);
      await settled;
      service.setFault(undefined);
      await fetch(`${service.endpoints.graph}/_sample/reset`, { method: 'POST' });
    }
  });

  describe('under a fault', () => {
    const PASSING = [
      '429',
      '429-retry-after',
      '429-bare',
      '500',
      '503',
      '503-html',
      'reset',
      'truncated',
      'empty-body',
    ];
    const FINAL = ['html', '401', '403', 'not-an-object', 'wrong-shape', 'foreign-location'];
    const STEPS = ['/export', '/operations/', '/manifests/', '/part-'];
    /** Faults that change nothing where there is no body to change, or no such header. */
    const harmless = (fault: string, step: string) =>
      fault === 'foreign-location'
        ? step !== '/export'
        : step === '/export'
          ? ['truncated', 'empty-body', 'not-an-object', 'wrong-shape'].includes(fault)
          : step === '/part-' && ['not-an-object', 'wrong-shape'].includes(fault);

    for (const fault of PASSING) {
      it(`${fault} that passes, the export is whole`, async () => {
        for (const step of STEPS) {
          await set({ manifest: 'link' });
          service.setFault(`${fault}*1@${step}`);
          const rows = await allRows();
          assert.equal(sum(rows, 'BillingPreTaxTotal'), invoice().total, step);
          assert.equal(new Set(rows).size, rows.length, step);
        }
      });
    }

    for (const fault of [...PASSING, ...FINAL]) {
      it(`${fault} that stays, the export is whole or a clear error`, async () => {
        for (const step of STEPS) {
          await set({ manifest: 'link' });
          service.setFault(`${fault}@${step}`);
          let rows: string[] | undefined;
          try {
            rows = await allRows();
          } catch (error) {
            assert.ok(error instanceof BillingError, String(error));
            assert.match(error.message, /^(Export billed usage|Download the billing export) failed.*\.$/);
            const told = error.advice !== undefined || error.kind === 'unsafeLink' || step === '/part-';
            assert.ok(told, `${fault} ${step}: ${error.message}`);
            assert.ok(!harmless(fault, step), `${fault} ${step}: ${error.message}`);
            continue;
          }
          assert.equal(sum(rows, 'BillingPreTaxTotal'), invoice().total);
          assert.ok(
            harmless(fault, step) || (fault === 'truncated' && step === '/part-'),
            `${fault} ${step} did nothing`,
          );
        }
      });
    }
  });
});
