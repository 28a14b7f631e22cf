import type { Answer } from '../answers.ts';
import type { PartnerCall } from './call.ts';
import { invalidInput, partnerFailure, refused } from './errors.ts';

/** `names` are the values of the path's placeholders, decoded. Throws a PartnerRefusal to answer an error. */
type PartnerHandler = (call: PartnerCall, names: readonly string[]) => Answer | Promise<Answer>;

/** One address below `/v1`: what answers it, and what it needs. */
export interface PartnerRoute {
  /** The name under which its requests are counted, e.g. `partnerCenter.customers.list`. */
  readonly name: string;
  /** Path segments behind the version in lower case, without the leading slash; `*` stands for a name. */
  readonly path: string;
  /** Whether a user must have signed in (App+User), or an app alone may call, too. */
  readonly signIn: 'user' | 'any';
  /** Spending, budgets and utilization are missing in 21Vianet; billing readers may read invoices. */
  readonly area: 'customers' | 'spending' | 'invoices' | 'rateCards';
  /** Whether the body may begin with a byte order mark. */
  readonly bom?: boolean;
  /** Whether the published limits are enforced on it. */
  readonly limited?: boolean;
  readonly methods: Readonly<Record<string, PartnerHandler>>;
}

interface PartnerRouted {
  /** `partnerCenter.unknown` where nothing answers. */
  readonly name: string;
  /** Undefined where nothing answers. */
  readonly route: PartnerRoute | undefined;
  readonly answer: () => Answer | Promise<Answer>;
}

/** Finds the route of a path, whose letters may have any case and whose slashes may be doubled. */
export class PartnerRouteTable {
  readonly #routes: ReadonlyArray<readonly [readonly string[], PartnerRoute]>;

  constructor(routes: readonly PartnerRoute[]) {
    this.#routes = routes.map((route) => [route.path.split('/'), route]);
  }

  find(call: PartnerCall): PartnerRouted {
    const segments = call.path.split('/').filter(Boolean).slice(1);
    for (const [pattern, route] of this.#routes) {
      const names = match(pattern, segments);
      if (names) return { name: route.name, route, answer: () => answer(call, route, names) };
    }
    const missing = partnerFailure(404, 1000, `Nothing answers at ${call.path}.`);
    return { name: 'partnerCenter.unknown', route: undefined, answer: () => missing };
  }
}

function answer(call: PartnerCall, route: PartnerRoute, names: readonly string[]): Answer | Promise<Answer> {
  const handler = route.methods[call.method];
  if (!handler) throw refused(405, 900_141, `The operation ${call.method} is not supported at ${call.path}.`);
  return handler(call, names.map(decode));
}

function match(pattern: readonly string[], segments: readonly string[]): string[] | undefined {
  if (pattern.length !== segments.length) return undefined;
  const names: string[] = [];
  for (const [i, expected] of pattern.entries()) {
    const segment = segments[i] ?? '';
    if (expected === '*') names.push(segment);
    else if (expected !== segment.toLowerCase()) return undefined;
  }
  return names;
}

// A published link has an encoded blank behind an id, and works.
function decode(name: string): string {
  try {
    return decodeURIComponent(name).trim();
  } catch {
    throw invalidInput(`The path segment ${name} is not percent-encoded correctly.`);
  }
}
