import { type Answer, jsonText } from '../answers.ts';
import type { Settings } from './settings.ts';

/** A link as Partner Center writes it; `path` begins behind the version, without a slash: `customers?size=40`. */
interface PartnerLink {
  readonly path: string;
  readonly method?: string;
  /** The token of the next page, told in a header that the next request has to copy. */
  readonly token?: string;
}

/** How a call's published example writes its links: `/x`, `/v1/x` or `x`. */
type PublishedLinks = 'slash' | 'version' | 'bare';

const PREFIXES: Readonly<Record<PublishedLinks, string>> = { slash: '/', version: '/v1/', bare: '' };

/** Writes links and collections under the switches in force. */
export class Wire {
  readonly #settings: () => Settings;

  constructor(settings: () => Settings) {
    this.#settings = settings;
  }

  uri(path: string, published: PublishedLinks = 'slash'): string {
    const { links } = this.#settings();
    return `${PREFIXES[links === 'documented' ? published : links]}${path}`;
  }

  link({ path, method = 'GET', token }: PartnerLink, published?: PublishedLinks): unknown {
    const headers = token === undefined ? [] : [{ key: 'MS-ContinuationToken', value: token }];
    return { uri: this.uri(path, published), method, headers };
  }

  /**
   * A collection of items that are JSON texts already (amounts keep their digits). Without `self` it has no links at all, as
   * some published collections; a page without `next` is the last.
   */
  collection(
    items: readonly string[],
    links: {
      self?: PartnerLink;
      next?: PartnerLink | undefined;
      published?: PublishedLinks;
      continuationToken?: boolean;
    } = {},
  ): Answer {
    const { self, next, published, continuationToken } = links;
    const total = items.length + (this.#settings().totals === 'larger' ? 21 : 0);
    const members = [
      ...(continuationToken && next?.token !== undefined ? [`"continuationToken":${JSON.stringify(next.token)}`] : []),
      `"totalCount":${total}`,
      `"items":[${items.join(',')}]`,
      ...(self
        ? [
            `"links":${JSON.stringify({
              self: this.link(self, published),
              ...(next ? { next: this.link(next, published) } : {}),
            })}`,
          ]
        : []),
      '"attributes":{"objectType":"Collection"}',
    ];
    return jsonText(`{${members.join(',')}}`);
  }

  /** A date that does not exist: the empty date, or no member at all. */
  emptyDate(): string | undefined {
    return this.#settings().emptyDates ? '0001-01-01T00:00:00' : undefined;
  }
}

const END = ',"attributes":{"objectType":"Collection"}}';

/** A collection with another link to its next page, even on the last page; all other bodies stay. For faults. */
export function withPartnerNextLink(body: string, uri: string): string {
  if (!body.endsWith(END)) return body;
  const links = body.lastIndexOf(',"links":{"self":');
  const items = links < 0 ? body.slice(0, -END.length) : body.slice(0, links);
  // Items are left as text: parsing them would round their amounts.
  const told: object = links < 0 ? {} : (JSON.parse(`{${body.slice(links + 1)}`) as { links: object }).links;
  return `${items},"links":${JSON.stringify({ ...told, next: { uri, method: 'GET', headers: [] } })}${END}`;
}
