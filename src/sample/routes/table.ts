import { type Answer, badRequest, Refusal, type SampleRequest } from '../answers.ts';

/**
 * Answers a request; `names` are the values of the path's placeholders, decoded. Throws a Refusal, or rejects with one, to answer
 * an error.
 */
export type Handler = (request: SampleRequest, names: readonly string[]) => Answer | Promise<Answer>;

/** One address of the service: what answers it, by method. */
export interface Route {
  /** The name under which its requests are counted, e.g. `customers.list`. */
  readonly name: string;
  /**
   * Path segments in lower case without the leading slash; `*` stands for a name, and `**` at the start for a cost scope (any
   * number of segments, given to the handler as one name with its leading slash).
   */
  readonly path: string;
  readonly methods: Readonly<Record<string, Handler>>;
}

/** A route that is only read. */
export function get(name: string, path: string, handler: Handler): Route {
  return { name, path, methods: { GET: handler } };
}

/** A route that only does something. */
export function post(name: string, path: string, handler: Handler): Route {
  return { name, path, methods: { POST: handler } };
}

export interface Routed {
  readonly route: string;
  readonly answer: () => Answer | Promise<Answer>;
}

/** Finds the route of a request. Paths are compared without case. */
export class RouteTable {
  readonly #routes: readonly (readonly [readonly string[], Route])[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes.map((route) => [route.path.split('/'), route]);
  }

  find(request: SampleRequest): Routed {
    const segments = request.path.split('/').filter(Boolean);
    for (const [pattern, route] of this.#routes) {
      const names = match(pattern, segments);
      if (names !== undefined) {
        return { route: route.name, answer: () => answer(request, route, names) };
      }
    }
    return {
      route: 'unknown',
      answer: () => {
        throw new Refusal(404, 'NotFound', `No resource answers at ${request.path}.`);
      },
    };
  }
}

function answer(request: SampleRequest, route: Route, names: readonly string[]): Answer | Promise<Answer> {
  const handler = route.methods[request.method];
  if (handler === undefined) {
    throw new Refusal(405, 'MethodNotAllowed', `The method ${request.method} is not allowed at ${request.path}.`);
  }
  // A scope is decoded by whoever takes it apart.
  return handler(
    request,
    route.path.startsWith('**') ? [names[0] ?? '', ...names.slice(1).map(decode)] : names.map(decode),
  );
}

function match(pattern: readonly string[], segments: readonly string[]): string[] | undefined {
  const scoped = pattern[0] === '**';
  const start = scoped ? segments.length - pattern.length + 1 : 0;
  if (start < 0 || (!scoped && pattern.length !== segments.length)) {
    return undefined;
  }
  const names = scoped ? [`/${segments.slice(0, start).join('/')}`] : [];
  for (const [i, expected] of pattern.slice(scoped ? 1 : 0).entries()) {
    const segment = segments[start + i] ?? '';
    if (expected === '*') {
      names.push(segment);
    } else if (expected !== segment.toLowerCase()) {
      return undefined;
    }
  }
  return names;
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    throw badRequest(`The path segment ${name} is not percent-encoded correctly.`);
  }
}
