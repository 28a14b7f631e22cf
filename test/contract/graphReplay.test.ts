import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { resumeBillingExport, runBillingExport } from '../../src/api/graph/billingExports.ts';
import type { BillingExportRequest } from '../../src/api/graph/exportRules.ts';
import { exportBlobAddress } from '../../src/api/graph/manifest.ts';
import { parseJson } from '../../src/json/parseJson.ts';
import { failureOf, withGraphStub } from '../support/graph.ts';
import { type StubRequest, sendJson } from '../support/stubService.ts';

/** Public example payloads of the service, kept beside the project and not in it. */
const EXAMPLES = path.resolve(import.meta.dirname, '../../../shared/api/examples/partner-center');
const GRAPH = 'https://graph.microsoft.com';
const BILLING = '/v1.0/reports/partners/billing';

interface Example {
  file: string;
  kind: string;
  request: string;
  status: number;
  responseHeaders: Record<string, string>;
}

/** Serves the texts in turn, with the links of Graph leading back here; the first answers the start of an export. */
function replay(texts: readonly string[], location: string) {
  let next = 0;
  return <T>(run: Parameters<typeof withGraphStub<T>>[1]): Promise<T> =>
    withGraphStub((request, response, base) => {
      if (request.method === 'POST') {
        sendJson(response, 202, '', { location: location.replace(GRAPH, base) });
      } else {
        sendJson(response, 200, (texts[next++] ?? '').replaceAll(GRAPH, base));
      }
    }, run);
}

const targets = (requests: readonly StubRequest[]) => requests.map(({ method, target }) => `${method} ${target}`);

describe('replay of public example payloads: billing exports of Microsoft Graph', function () {
  if (!existsSync(EXAMPLES)) {
    it('needs the examples beside the project', () => this.ctx.skip());
    return;
  }
  const all = JSON.parse(readFileSync(path.join(EXAMPLES, 'index.json'), 'utf8')) as { files?: Example[] } | Example[];
  const examples = new Map(
    (Array.isArray(all) ? all : (all.files ?? []))
      .filter(({ file }) => file.startsWith('graph/'))
      .map((example) => [path.basename(example.file, '.json'), example]),
  );
  const text = (name: string) => readFileSync(path.join(EXAMPLES, 'graph', `${name}.json`), 'utf8');
  const operationPath = () => new URL(examples.get('operation-running')?.request.replace('GET ', '') ?? '').pathname;

  it('has a call for each of them', () => {
    assert.deepEqual([...examples.keys()].sort(), [
      'export-billed-usage-request',
      'export-unbilled-usage-request',
      'manifest',
      'operation-failed-no-data',
      'operation-running',
      'operation-succeeded',
    ]);
  });

  for (const [name, kind] of [
    ['export-billed-usage-request', 'billedUsage'],
    ['export-unbilled-usage-request', 'unbilledUsage'],
  ] as const) {
    it(`${name} is what is sent`, async () => {
      const body = parseJson(text(name)) as object;
      const location = `${GRAPH}${operationPath()}`;
      const inline = JSON.stringify({ status: 'succeeded', resourceLocation: parseJson(text('manifest')) });
      await replay(
        [inline],
        location,
      )(async ({ graph, service }) => {
        const done = await runBillingExport(graph, { kind, ...body } as BillingExportRequest);
        assert.deepEqual(done.manifest, parseJson(text('manifest')));
        const [start] = service.requests;
        assert.equal(`POST ${GRAPH}${start?.target}`, examples.get(name)?.request);
        assert.deepEqual(parseJson(start?.body ?? ''), body);
      });
    });
  }

  it('operation-running, operation-succeeded and the manifest behind its link come through unchanged', async () => {
    const texts = [text('operation-running'), text('operation-succeeded'), text('manifest')];
    await replay(
      texts,
      `${GRAPH}${operationPath()}`,
    )(async ({ graph, service, clock }) => {
      const done = await resumeBillingExport(graph, `${service.base}${operationPath()}`);
      const manifest = parseJson(text('manifest')) as {
        rootDirectory: string;
        sasToken: string;
        blobs: { name: string }[];
      };
      assert.deepEqual(done, { operation: `${service.base}${operationPath()}`, manifest });
      const succeeded = parseJson(text('operation-succeeded')) as Record<string, string>;
      const link = succeeded['resourceLocation@odata.navigationLink']?.replace(GRAPH, '');
      assert.deepEqual(targets(service.requests), [`GET ${operationPath()}`, `GET ${operationPath()}`, `GET ${link}`]);
      assert.deepEqual(clock.waits, [10_000]);
      const [blob] = done.manifest.blobs;
      assert.equal(
        blob && exportBlobAddress(done.manifest, blob),
        `${manifest.rootDirectory}/${manifest.blobs[0]?.name}?${manifest.sasToken}`,
      );
    });
  });

  it('operation-failed-no-data becomes an error with its code and advice', async () => {
    await replay(
      [text('operation-failed-no-data')],
      '',
    )(async ({ graph, service }) => {
      const error = await failureOf(resumeBillingExport(graph, `${service.base}${BILLING}/operations/1`));
      assert.equal(error.kind, 'refused');
      assert.equal(error.code, '5000');
      assert.equal(
        error.message,
        'Export billing data failed: the service could not write the export: No data available.',
      );
      assert.match(error.advice ?? '', /legacy commerce \(D…\) have no export; use their line items/);
    });
  });
});
