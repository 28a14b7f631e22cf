import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { collectionKind, mapResourcePath } from './resourcePath.ts';
import type { RowScope } from './rowLayout.ts';

/**
 * What a value names. Values of one kind have one pseudonym wherever they stand; a GUID has the same one in all kinds, because
 * services call one thing by different names (a customer is a tenant, a subscription an entitlement).
 */
export type PseudonymKind = keyof typeof FORMS;

/** How pseudonyms look: what they stand for can be told, and none is a formula, a number or the name of something real. */
const FORMS = {
  customer: (code: string) => `Customer ${code}`,
  partner: (code: string) => `Partner ${code}`,
  reseller: (code: string) => `Reseller ${code}`,
  partnerNumber: (code: string) => `MPN-${code}`,
  account: (code: string) => `Account ${code}`,
  profile: (code: string) => `Profile ${code}`,
  section: (code: string) => `Section ${code}`,
  invoice: (code: string) => `INV-${code}`,
  subscription: (code: string) => `Subscription ${code}`,
  order: (code: string) => `Order ${code}`,
  benefit: (code: string) => `Benefit ${code}`,
  plan: (code: string) => `Plan ${code}`,
  person: (code: string) => `Person ${code}`,
  costCenter: (code: string) => `CC-${code}`,
  rule: (code: string) => `Rule ${code}`,
  project: (code: string) => `Project ${code}`,
  // Those of Azure's resources are lower case without blanks, as names of resources are.
  resourceGroup: (code: string) => `rg-${code.toLowerCase()}`,
  resource: (code: string) => `res-${code.toLowerCase()}`,
  record: (code: string) => `record-${code.toLowerCase()}`,
  reference: (code: string) => `ref-${code.toLowerCase()}`,
  text: (code: string) => `Text ${code}`,
  // RFC 2606 keeps `.example` for what does not exist.
  domain: (code: string) => `d-${code.toLowerCase()}.example`,
};

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Without the letters that people mix up (Crockford's Base32). */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * Fifty bits: among a hundred thousand names, the chance that any two get the same pseudonym is one in two hundred thousand. Shorter codes
 * would merge customers now and then.
 */
const CODE_LENGTH = 10;

/** Pseudonyms that are remembered, at most. Months of usage name the same few thousand things in each row. */
const REMEMBERED = 50_000;

/**
 * Stable pseudonyms under a key: the same value has the same one in every file made with that key, and without the key nobody can try out
 * which value has it (HMAC-SHA-256). Case and blanks around a value do not matter: services differ in both.
 */
export class Pseudonyms {
  readonly #key: KeyObject;
  /** Two generations: what is asked for again outlives the values that occur once, such as ids of records. */
  #known = new Map<string, string>();
  #older = new Map<string, string>();

  /** @param key at least 32 random bytes, kept where secrets are */
  constructor(key: Uint8Array) {
    if (key.length < 32) {
      throw new RangeError('a key of pseudonyms has at least 32 bytes');
    }
    // Five times as fast as bytes, which are made a key for each value.
    this.#key = createSecretKey(key);
  }

  /** The pseudonym of a value; '' for nothing but blanks. A path is one of names, each of which gets its own. */
  of(kind: PseudonymKind, value: string): string {
    const name = value.normalize('NFC').trim().toLowerCase();
    if (name === '') {
      return '';
    }
    return name.startsWith('/') ? this.#path(value.trim()) : this.#one(kind, name);
  }

  /**
   * A path of Azure Resource Manager in which every name is its pseudonym; words of Azure's own (`subscriptions`,
   * `Microsoft.Compute/virtualMachines`) stay, so that rows still join and group by them.
   */
  #path(path: string): string {
    return mapResourcePath(path, (kind, name) => this.#one(kind, name.normalize('NFC').trim().toLowerCase()));
  }

  /** A scope and what people call it. */
  scope({ scope, label }: RowScope): RowScope {
    return {
      scope: this.of('text', scope),
      label: this.of(collectionKind(scope.split('/').at(-2) ?? '') ?? 'text', label),
    };
  }

  #one(kind: PseudonymKind, name: string): string {
    const isGuid = GUID.test(name);
    const asked = `${isGuid ? 'guid' : kind}\0${name}`;
    let one = this.#known.get(asked);
    if (one === undefined) {
      one = this.#older.get(asked);
      if (one === undefined) {
        const digest = createHmac('sha256', this.#key).update(asked).digest();
        one = isGuid ? guidOf(digest) : FORMS[kind](codeOf(digest));
      }
      if (this.#known.size >= REMEMBERED / 2) {
        this.#older = this.#known;
        this.#known = new Map();
      }
      this.#known.set(asked, one);
    }
    return one;
  }
}

function codeOf(digest: Uint8Array): string {
  return Array.from(digest.subarray(0, CODE_LENGTH), (byte) => LETTERS[byte & 31]).join('');
}

/** A GUID of version 8, which RFC 9562 leaves to applications: Azure's own are of version 4, so it is told from a real one. */
function guidOf(digest: Uint8Array): string {
  const bytes = Buffer.from(digest.subarray(0, 16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
