import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service in front of another one, whose lists of usage have few rows a page: a small tenant with very many pages. */
export interface SmallPages {
  base: string;
  /** How often each list was answered to its end, by its address. */
  answered: ReadonlyMap<string, number>;
  /** How many answers were under way at most at once. */
  readonly mostAtOnce: number;
  close(): Promise<void>;
}

/**
 * @param base of the service behind, `http://host:port`; links in its answers lead back here, as they name the host they were asked at
 * @param rows of usage details on a page
 */
export async function startSmallPages(base: string, rows: number): Promise<SmallPages> {
  const answered = new Map<string, number>();
  let atOnce = 0;
  let mostAtOnce = 0;
  const server = createServer((incoming, response) => {
    const { method, headers, url = '/' } = incoming;
    mostAtOnce = Math.max(mostAtOnce, ++atOnce);
    response.once('close', () => {
      atOnce--;
      if (response.writableFinished && /\/usageDetails\?/i.test(url)) {
        answered.set(url, (answered.get(url) ?? 0) + 1);
      }
    });
    const first = /\/usageDetails\?(?!.*skiptoken)/i.test(url);
    const outgoing = request(`${base}${first ? `${url}&$top=${rows}` : url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answered,
    get mostAtOnce() {
      return mostAtOnce;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
