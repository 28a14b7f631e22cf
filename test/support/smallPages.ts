import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A service in front of another one, whose lists of usage have few rows a page: a small tenant with very many pages. */
export interface SmallPages {
  base: string;
  close(): Promise<void>;
}

/**
 * @param base of the service behind, `http://host:port`; links in its answers lead back here, as they name the host they were asked at
 * @param rows of usage details on a page
 */
export async function startSmallPages(base: string, rows: number): Promise<SmallPages> {
  const server = createServer((incoming, response) => {
    const { method, headers, url = '/' } = incoming;
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
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
