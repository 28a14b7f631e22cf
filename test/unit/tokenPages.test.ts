import assert from 'node:assert/strict';
import type { PageWalk } from '../../src/api/http/paging.ts';
import { listUsageOfCustomers } from '../../src/api/partnerCenter/usageRecords.ts';
import { type SignInState, tokenPages } from '../../src/usage/partner/tokenPages.ts';
import { failureOf } from '../support/graph.ts';
import { withStub } from '../support/partnerCenter.ts';
import { type StubAnswer, sendJson } from '../support/stubService.ts';

const PAGES = 4;

/** Pages `0` to `3`; each request is told by its number, the first being 0, and may be refused for its sign-in. */
function pagesRefused(isRefused: (request: number) => boolean): StubAnswer {
  let asked = 0;
  return ({ headers }, response) => {
    if (isRefused(asked++)) {
      sendJson(response, 401, { code: 900420, description: 'The token has run out.' });
      return;
    }
    const page = Number(headers['ms-continuationtoken'] ?? 0);
    const next = {
      uri: 'customers/usagerecords?seekOperation=Next',
      headers: [{ key: 'MS-ContinuationToken', value: String(page + 1) }],
    };
    sendJson(response, 200, { items: [{ page }], ...(page + 1 < PAGES ? { links: { next } } : {}) });
  };
}

async function read(walk: PageWalk<Uint8Array>, signIn?: SignInState): Promise<number[]> {
  const pages: number[] = [];
  for await (const { value } of tokenPages(walk, {}, signIn)) {
    pages.push((JSON.parse(String(Buffer.from(value))) as { items: { page: number }[] }).items[0]?.page ?? -1);
  }
  return pages;
}

describe('pages of a list that outlives a token', () => {
  it('are asked for again with another one, each, and none is left out or comes twice', async () => {
    let given = 0;
    await withStub(
      // Every page but the first is refused once.
      pagesRefused((request) => request % 2 === 1),
      async ({ client, service }) => {
        assert.deepEqual(await read(listUsageOfCustomers(client)), [0, 1, 2, 3]);
        assert.deepEqual(
          service.requests.map(({ headers }) => headers.authorization),
          Array.from({ length: 7 }, (_, n) => `Bearer t${n}`),
        );
      },
      { token: async () => `t${given++}` },
    );
  });

  it('end with the refusal when another token is refused too', async () => {
    await withStub(
      pagesRefused((request) => request > 1),
      async ({ client, service }) => {
        const error = await failureOf(read(listUsageOfCustomers(client)));
        assert.equal(error.status, 401);
        assert.equal(service.requests.length, 4);
      },
    );
  });

  it('are refused at once where the sign-in was never taken', async () => {
    await withStub(
      pagesRefused(() => true),
      async ({ client, service }) => {
        assert.equal((await failureOf(read(listUsageOfCustomers(client)))).status, 401);
        assert.equal(service.requests.length, 1);
      },
    );
  });

  it('are asked for again from the first on where another list of the operation was read', async () => {
    await withStub(
      pagesRefused((request) => request === PAGES),
      async ({ client, service }) => {
        const signIn = { accepted: false };
        await read(listUsageOfCustomers(client), signIn);
        assert.deepEqual(await read(listUsageOfCustomers(client), signIn), [0, 1, 2, 3]);
        assert.equal(service.requests.length, 2 * PAGES + 1);
      },
    );
  });

  it('are not asked for again after any other refusal', async () => {
    await withStub(
      ({ headers }, response) =>
        headers['ms-continuationtoken'] === undefined
          ? pagesRefused(() => false)({ headers, method: 'GET', target: '', body: '' }, response, '')
          : sendJson(response, 403, { code: 900308, description: 'The role is missing.' }),
      async ({ client, service }) => {
        const error = await failureOf(read(listUsageOfCustomers(client)));
        assert.deepEqual([error.status, error.code], [403, '900308']);
        assert.equal(service.requests.length, 2);
      },
    );
  });
});
