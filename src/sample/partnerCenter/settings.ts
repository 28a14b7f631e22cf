/** How the Partner Center half of the service behaves. Every switch has its default back after `reset`. */
export interface PartnerCenterSettings {
  /** Which cloud it plays; `china` (21Vianet) has no spending, budget and utilization calls. Default `public`. */
  readonly cloud?: (typeof CLOUDS)[number];
  /** Whether customers, subscriptions, usage, utilization and budget bodies begin with a byte order mark. Default false. */
  readonly bom?: boolean;
  /** How links are written: `/x`, `/v1/x`, `x`, or as each call's published example has them. Default `documented`. */
  readonly links?: (typeof LINK_STYLES)[number];
  /** Whether next links of reconciliation line items have `?seekOperation` behind their query, as published. Default false. */
  readonly malformedLinks?: boolean;
  /** What totalCount tells: the items of the page, or a larger number. Default `page`. */
  readonly totals?: (typeof TOTALS)[number];
  /** Whether amounts and quantities of purchases in reconciliation line items are texts. Default true. */
  readonly textNumbers?: boolean;
  /** Whether dates that do not exist are `0001-01-01T00:00:00` instead of absent. Default true. */
  readonly emptyDates?: boolean;
  /** So many utilization requests are answered 204 before data comes. Default 0. */
  readonly notReady?: number;
  /** Seconds in Retry-After of an answer 204. Default 1. */
  readonly retryAfter?: number;
  /** Who signed in: told by the claims of the token (a token without readable claims is App+User), or fixed. Default `fromToken`. */
  readonly signIn?: (typeof SIGN_INS)[number];
  /** Whether the MFA claim is there: told by the token, or missing. Default `fromToken`. */
  readonly mfa?: (typeof MFA)[number];
  /** Whom the token is for: told by the token, or the retired audience. Default `fromToken`. */
  readonly audience?: (typeof AUDIENCES)[number];
  /** Whether a request without bearer token is refused. Default false. */
  readonly requireToken?: boolean;
  /** Whether limits are enforced; default is the service's own throttle policy. */
  readonly throttle?: (typeof THROTTLES)[number];
  /** Requests a minute and bucket. Default 500. */
  readonly requestsPerMinute?: number;
  /** Whether a customer's calls count for that customer, or all for the partner. Default `customer`. */
  readonly buckets?: (typeof BUCKETS)[number];
  /** Whether line items of modern invoices, billed and unbilled, are retired and refused. Default false. */
  readonly modernLineItemsRetired?: boolean;
  /** About how many hourly utilization records a 145P subscription has in 400 days. Default 96,000. */
  readonly utilizationRows?: number;
}

const CLOUDS = ['public', 'usGovernment', 'china'] as const;
const LINK_STYLES = ['documented', 'slash', 'version', 'bare'] as const;
const TOTALS = ['page', 'larger'] as const;
const SIGN_INS = ['fromToken', 'appOnly', 'appAndUser'] as const;
const MFA = ['fromToken', 'missing'] as const;
const AUDIENCES = ['fromToken', 'retired'] as const;
const THROTTLES = ['documented', 'off'] as const;
const BUCKETS = ['customer', 'partner'] as const;

export type Settings = Required<PartnerCenterSettings>;

const WORDS = {
  cloud: CLOUDS,
  links: LINK_STYLES,
  totals: TOTALS,
  signIn: SIGN_INS,
  mfa: MFA,
  audience: AUDIENCES,
  throttle: THROTTLES,
  buckets: BUCKETS,
} satisfies Partial<Record<keyof Settings, readonly string[]>>;

const YES_OR_NO = [
  'bom',
  'malformedLinks',
  'textNumbers',
  'emptyDates',
  'requireToken',
  'modernLineItemsRetired',
] as const satisfies ReadonlyArray<keyof Settings>;

/** With the least possible value. */
const NUMBERS = {
  notReady: 0,
  retryAfter: 0,
  requestsPerMinute: 1,
  utilizationRows: 1,
} satisfies Partial<Record<keyof Settings, number>>;

const MOST = 1_000_000_000;

/** The switches of one service; `reset` brings back those of the start. */
export class PartnerSettings {
  readonly #initial: Settings;
  #now: Settings;

  /** Throws a RangeError naming a setting that is not known or not possible. */
  constructor(settings: PartnerCenterSettings, throttle: Settings['throttle']) {
    this.#initial = checked({
      cloud: 'public',
      bom: false,
      links: 'documented',
      malformedLinks: false,
      totals: 'page',
      textNumbers: true,
      emptyDates: true,
      notReady: 0,
      retryAfter: 1,
      signIn: 'fromToken',
      mfa: 'fromToken',
      audience: 'fromToken',
      requireToken: false,
      throttle,
      requestsPerMinute: 500,
      buckets: 'customer',
      modernLineItemsRetired: false,
      utilizationRows: 96_000,
      ...settings,
    });
    this.#now = this.#initial;
  }

  get now(): Settings {
    return this.#now;
  }

  /** Changes those that are given. Throws a RangeError naming a setting that is not known or not possible. */
  set(settings: Readonly<Record<string, unknown>>): void {
    this.#now = checked({ ...this.#now, ...settings });
  }

  reset(): void {
    this.#now = this.#initial;
  }

  /** Counts one of the answers 204 that were asked for; false when none is left. */
  takeNotReady(): boolean {
    if (this.#now.notReady === 0) return false;
    this.#now = { ...this.#now, notReady: this.#now.notReady - 1 };
    return true;
  }
}

function checked(settings: Settings & Readonly<Record<string, unknown>>): Settings {
  const known = [...Object.keys(WORDS), ...YES_OR_NO, ...Object.keys(NUMBERS)];
  for (const name of Object.keys(settings)) {
    if (!known.includes(name))
      throw new RangeError(`partnerCenter.${name} is not known: use one of ${known.join(', ')}.`);
  }
  for (const [name, words] of Object.entries(WORDS) as [keyof typeof WORDS, readonly string[]][]) {
    if (!words.includes(settings[name]))
      throw new RangeError(`partnerCenter.${name} must be one of ${words.join(', ')}.`);
  }
  for (const name of YES_OR_NO) {
    if (typeof settings[name] !== 'boolean') throw new RangeError(`partnerCenter.${name} must be true or false.`);
  }
  for (const [name, least] of Object.entries(NUMBERS) as [keyof typeof NUMBERS, number][]) {
    const value = settings[name];
    if (!Number.isInteger(value) || value < least || value > MOST) {
      throw new RangeError(`partnerCenter.${name} must be a whole number from ${least} to ${MOST}.`);
    }
  }
  return settings;
}
