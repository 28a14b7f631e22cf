import assert from 'node:assert/strict';
import { inflateRawSync } from 'node:zlib';
import type { CostDetailsOperationResults, Export } from '@azure/arm-costmanagement';
import { type CostDetailsReport, generateCostDetails } from '../../../src/api/arm/costDetails.ts';
import { preparePriceSheet, priceSheetAddress } from '../../../src/api/arm/priceSheet.ts';
import { type Scope, scopePath } from '../../../src/api/arm/scope.ts';
import { type OfficialBench, readCsv, Sums, sorted, startOfficialBench } from '../../support/officialClients.ts';

const TODAY = '2026-11-21';
const OCTOBER = { start: '2026-10-01', end: '2026-10-31' };
const WAITING = { updateIntervalInMs: 1 };

/** Downloaded as storage wants it: without a token. */
async function download(url: string): Promise<Buffer> {
  const answer = await fetch(url);
  assert.equal(answer.status, 200, url.split('?')[0]);
  return Buffer.from(await answer.arrayBuffer());
}

async function sumsOf(links: readonly string[]): Promise<Record<string, string>> {
  const sums = new Sums();
  for (const link of links) {
    for (const row of readCsv((await download(link)).toString('utf8'))) {
      sums.add(row.billingCurrency ?? '', row.costInBillingCurrency ?? '');
    }
  }
  return sums.texts;
}

/** The one file of a price sheet's zip. */
async function sheetOf(url: string): Promise<Record<string, string>[]> {
  const zip = await download(url);
  assert.equal(zip.toString('latin1', 0, 4), 'PK\u0003\u0004');
  const start = 30 + zip.readUInt16LE(26) + zip.readUInt16LE(28);
  return readCsv(
    inflateRawSync(zip.subarray(start))
      .toString('utf8')
      .replace(/^\uFEFF/, ''),
  );
}

const linksOf = ({ blobs = [] }: { blobs?: readonly { blobLink?: string }[] }) =>
  blobs.map(({ blobLink = '' }) => blobLink);

describe('the official cost management client and reports', () => {
  let bench: OfficialBench;
  let customer: string;
  let profile: string;
  before(async () => {
    bench = await startOfficialBench({ reports: { partitionRows: 40 } });
    const first = bench.service.tenant.directory.customer(0);
    [customer, profile] = [first.name, first.profile.name];
  });
  after(() => bench.close());

  it('writes cost details in several files whose costs sum to those of the usage, to the last digit', async () => {
    const { account, arm, costManagement, service } = bench;
    const subscription = service.tenant.subscriptions(service.tenant.directory.customer(0)).at(0).name;
    const scopes: Scope[] = [
      { kind: 'billingAccount', account },
      { kind: 'billingProfile', account, profile },
      { kind: 'customer', account, customer },
      { kind: 'subscription', subscription },
    ];
    for (const scope of scopes) {
      const asked = { metric: 'ActualCost', timePeriod: OCTOBER } as const;
      const theirs: CostDetailsOperationResults =
        await costManagement.generateCostDetailsReport.beginCreateOperationAndWait(
          scopePath(scope).slice(1),
          asked,
          WAITING,
        );
      const ours: CostDetailsReport = await generateCostDetails(arm, scope, asked, TODAY);
      assert.equal(theirs.status, 'Completed');
      assert.equal(theirs.blobCount, theirs.blobs?.length);
      assert.equal(theirs.blobs?.length, ours.blobs.length);
      if (scope.kind === 'billingAccount') {
        assert.ok(ours.blobs.length > 1, 'several files');
      }
      const truth = sorted(service.tenant.truth(scopePath(scope), OCTOBER.start, OCTOBER.end).totals);
      assert.deepEqual(await sumsOf(linksOf(theirs)), truth, scope.kind);
      assert.deepEqual(await sumsOf(linksOf(ours)), truth, scope.kind);
    }
  });

  it('says where there are no cost details', async () => {
    const { accountScope, costManagement, service } = bench;
    const { name } = service.tenant.directory.customer(5);
    const theirs = await costManagement.generateCostDetailsReport.beginCreateOperationAndWait(
      `${accountScope}/customers/${name}`,
      { metric: 'ActualCost', timePeriod: OCTOBER },
      WAITING,
    );
    assert.equal(theirs.status, 'NoDataFound');
  });

  it('prepares the price sheet of a billing profile and of an invoice', async () => {
    const { account, arm, costManagement, service } = bench;
    const [invoice] = service.tenant.invoices(service.tenant.directory.customer(0).profile);
    const name = invoice?.name ?? '';
    const { priceSheet } = costManagement;
    for (const [theirs, ours] of [
      [
        await priceSheet.beginDownloadByBillingProfileAndWait(account, profile, WAITING),
        await preparePriceSheet(arm, { account, profile }),
      ],
      [
        await priceSheet.beginDownloadAndWait(account, profile, name, WAITING),
        await preparePriceSheet(arm, { account, profile, invoice: name }),
      ],
    ] as const) {
      const sheets = [await sheetOf(theirs.downloadUrl ?? ''), await sheetOf(priceSheetAddress(ours))] as const;
      assert.ok(sheets[0].length > 0);
      // The newest version, which is ours, has other columns beside the common ones.
      const common = Object.keys(sheets[0][0] ?? {}).filter((column) => column in (sheets[1][0] ?? {}));
      assert.ok(common.length > 15, common.join(', '));
      const cells = (sheet: Record<string, string>[]) => sheet.map((row) => common.map((column) => row[column]));
      assert.deepEqual(cells(sheets[0]), cells(sheets[1]));
    }
  });

  describe('and exports', () => {
    const NAME = 'official';
    let scope: string;
    let body: Export;
    before(async () => {
      scope = bench.accountScope;
      const { value = [] } = await bench.costManagement.exports.list(scope);
      const { deliveryInfo } = value[0] ?? assert.fail('the tenant starts with exports');
      assert.ok(deliveryInfo);
      body = {
        format: 'Csv',
        deliveryInfo,
        definition: { type: 'ActualCost', timeframe: 'TheLastMonth', dataSet: { granularity: 'Daily' } },
        schedule: {
          status: 'Active',
          recurrence: 'Monthly',
          recurrencePeriod: { from: new Date('2026-12-05T00:00:00Z'), to: new Date('2027-12-05T00:00:00Z') },
        },
      };
    });

    it('creates one, reads it and changes it by its eTag', async () => {
      const { exports } = bench.costManagement;
      const created = await exports.createOrUpdate(scope, NAME, body);
      assert.ok(created.eTag);
      const read = await exports.get(scope, NAME);
      assert.equal(read.eTag, created.eTag);
      assert.equal(read.definition?.timeframe, 'TheLastMonth');
      const changed = await exports.createOrUpdate(scope, NAME, {
        ...body,
        eTag: created.eTag ?? '',
        schedule: { ...body.schedule, status: 'Inactive' },
      });
      assert.equal(changed.schedule?.status, 'Inactive');
      await assert.rejects(
        exports.createOrUpdate(scope, NAME, { ...body, eTag: created.eTag ?? '' }),
        (error: { statusCode?: number }) => [400, 409, 412].includes(error.statusCode ?? 0),
      );
      assert.equal((await exports.get(scope, NAME)).schedule?.status, 'Inactive');
    });

    it('runs it and sees the run through', async () => {
      const { exports } = bench.costManagement;
      await exports.execute(scope, NAME);
      const statuses: (string | undefined)[] = [];
      let run = (await exports.getExecutionHistory(scope, NAME)).value?.[0];
      while (statuses.length < 10 && !['Completed', 'Failed'].includes(run?.status ?? '')) {
        statuses.push(run?.status);
        run = (await exports.getExecutionHistory(scope, NAME)).value?.[0];
      }
      assert.equal(run?.status, 'Completed', statuses.join(', '));
      assert.equal(run?.executionType, 'OnDemand');
      assert.equal(run?.error, undefined);
      const last = (await exports.get(scope, NAME, { expand: 'runHistory' })).runHistory?.value?.[0];
      assert.equal(last?.status, 'Completed');
    });

    it('deletes it', async () => {
      const { exports } = bench.costManagement;
      await exports.delete(scope, NAME);
      await assert.rejects(exports.get(scope, NAME), { statusCode: 404 });
    });
  });
});
