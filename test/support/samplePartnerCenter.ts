import assert from 'node:assert/strict';
import { decimalUnits } from '../../src/sample/decimal.ts';
import { type SampleOptions, type SampleService, startSampleService } from '../../src/sample/service.ts';

/** What Partner Center answered. */
interface PartnerReply {
  readonly status: number;
  readonly headers: Headers;
  /** The body as it came, a byte order mark included. */
  readonly text: string;
}

export interface PartnerLinkText {
  readonly uri: string;
  readonly method: string;
  readonly headers: ReadonlyArray<{ readonly key: string; readonly value: string }>;
}

export interface PartnerCollection {
  readonly totalCount: number;
  readonly continuationToken?: string;
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly links?: { readonly self: PartnerLinkText; readonly next?: PartnerLinkText };
}

/** The sample's Partner Center half over HTTP, as a client sees it. */
export class SamplePartnerCenter {
  readonly service: SampleService;

  private constructor(service: SampleService) {
    this.service = service;
  }

  static async start(options: SampleOptions = {}): Promise<SamplePartnerCenter> {
    const now = new Date('2026-11-21T09:00:00Z');
    return new SamplePartnerCenter(await startSampleService({ customers: 60, usageRows: 10_000, now, ...options }));
  }

  get stories(): SampleService['partnerCenter']['stories'] {
    return this.service.partnerCenter.stories;
  }

  /** A story that a tenant of this size has. */
  story(name: 'legacy' | 'mixed'): NonNullable<SampleService['partnerCenter']['stories']['legacy']> {
    const story = this.stories[name];
    assert.ok(story, `the tenant has no story ${name}`);
    return story;
  }

  /** `path` is behind the address, with or without the version. */
  async call(path: string, init: RequestInit = {}): Promise<PartnerReply> {
    const response = await fetch(`${this.service.endpoints.partnerCenter}${path}`, init);
    const bytes = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, text: bytes.toString() };
  }

  async get<T = Readonly<Record<string, unknown>>>(path: string, headers: Record<string, string> = {}): Promise<T> {
    const { status, text } = await this.call(path, { headers });
    assert.equal(status, 200, text);
    return JSON.parse(text) as T;
  }

  /** All pages of a collection as texts, so that digits can be compared. Links are resolved and their headers copied. */
  async pages(path: string): Promise<string[]> {
    const texts: string[] = [];
    let next: PartnerLinkText | undefined = { uri: path, method: 'GET', headers: [] };
    while (next) {
      const headers = Object.fromEntries(next.headers.map(({ key, value }) => [key, value]));
      const { status, text } = await this.call(`/v1/${next.uri.replace(/^\/*(v1\/)?/, '')}`, { headers });
      assert.equal(status, 200, text);
      texts.push(text);
      next = (JSON.parse(text) as PartnerCollection).links?.next;
    }
    return texts;
  }

  async items(path: string): Promise<PartnerCollection['items']> {
    return (await this.pages(path)).flatMap((text) => (JSON.parse(text) as PartnerCollection).items);
  }

  /** The status and code of a refused call. */
  async refusal(path: string, init: RequestInit = {}): Promise<{ status: number; code: string; description: string }> {
    const { status, text } = await this.call(path, init);
    const { code, description } = JSON.parse(text) as { code: string; description: string };
    return { status, code, description };
  }

  async set(settings: Readonly<Record<string, unknown>>): Promise<void> {
    const { status, text } = await this.control('POST', 'partnerCenter', settings);
    assert.equal(status, 200, text);
  }

  async control(method: string, name: string, body?: unknown): Promise<PartnerReply> {
    return this.call(`/_sample/${name}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  }
}

/** The exact sum, in 10^-20, of a member that is a number or a text of digits, over texts of JSON. */
export function exactSum(texts: readonly string[], member: string): bigint {
  let sum = 0n;
  for (const text of texts) {
    for (const [, digits = ''] of text.matchAll(new RegExp(`"${member}":"?(-?[0-9.]+)"?[,}]`, 'g'))) {
      sum += decimalUnits(digits, 20);
    }
  }
  return sum;
}
