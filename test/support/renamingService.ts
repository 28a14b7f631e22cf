import type { SampleService } from '../../src/sample/service.ts';
import { type StubRequest, type StubService, startStubService } from './stubService.ts';

/** Names as nobody should have them: markup, a link that runs a command, text that turns around, a formula, and far too much of it. */
export const HOSTILE_NAMES = [
  '<img src=x onerror=alert(1)><h1>Huge</h1>',
  '[run](command:workbench.action.closeWindow) $(sync~spin)',
  '\u202eredro esrever \u202c מדד גאות ושפל',
  '=HYPERLINK("https://example.com","free")',
  `🧾💥 ${'x'.repeat(4000)}`,
] as const;

/** A sample service whose Azure Resource Manager half calls some things other names. */
export interface RenamingService extends StubService {
  /** From the name that the sample has to the one that is told; may be changed at any time. */
  names: Map<string, string>;
  /** A request goes on when this resolves; may be changed at any time. */
  hold: (request: StubRequest) => Promise<unknown>;
}

export async function startRenamingService(service: SampleService): Promise<RenamingService> {
  const names = new Map<string, string>();
  const origin = service.endpoints.resourceManager;
  const stub = await startStubService(async (request, response, base) => {
    const { method, target, headers, body: sent } = request;
    await renaming.hold(request);
    const own = new Headers(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    for (const name of ['host', 'connection', 'content-length', 'accept-encoding']) {
      own.delete(name);
    }
    const answer = await fetch(`${origin}${target}`, {
      method,
      headers: own,
      ...(sent === '' ? {} : { body: restored(sent, names) }),
    });
    let body = (await answer.text()).replaceAll(origin, base);
    for (const [name, other] of names) {
      body = body.replaceAll(JSON.stringify(name), JSON.stringify(other));
    }
    const kept = [...answer.headers].filter(([name]) => !['content-length', 'connection', 'date'].includes(name));
    response.writeHead(answer.status, Object.fromEntries(kept));
    response.end(body);
  });
  const renaming: RenamingService = Object.assign(stub, { names, hold: async () => {} });
  return renaming;
}

/** What is asked for is called by its other name too. */
function restored(body: string, names: ReadonlyMap<string, string>): string {
  let text = body;
  for (const [name, other] of names) {
    text = text.replaceAll(JSON.stringify(other), JSON.stringify(name));
  }
  return text;
}
