/** Why somebody is refused or sees nothing. */
export type Cause =
  | 'costPolicyOff'
  | 'roleMissing'
  | 'wrongTenant'
  | 'signInRefused'
  | 'offerUnsupported'
  | 'managementGroup'
  | 'chargesHidden'
  | 'readOnly'
  | 'newSubscription'
  | 'noDataYet'
  | 'nothingThere'
  | 'notFound'
  | 'providerNotRegistered'
  | 'throttled'
  | 'serviceProblem'
  | 'unreachable'
  | 'readable'
  | 'unknown';

/** `told`: the service named the cause. `concluded`: it follows from what the service says elsewhere, or from its rules. */
export type Certainty = 'told' | 'concluded';

/** Something that was looked up to find the cause. */
export interface Check {
  /** e.g. "Cost policy". */
  what: string;
  /** What was found, or that it could not be checked and why. */
  outcome: string;
}

/** What the service answered, where it refused. Ids are those of the answer. */
export interface Refused {
  /** One sentence: the operation, the status, the code, the service's words; secrets masked. */
  message: string;
  status?: number;
  code?: string;
  requestId?: string;
  correlationId?: string;
  /** Method and address, secrets masked. */
  call?: string;
}

/** A cause with what to do about it. Plain data; all texts are plain text of one line, `adminText` and `details` of several. */
export interface Diagnosis {
  cause: Cause;
  certainty: Certainty;
  /** The cause in one sentence. */
  sentence: string;
  /** What to do, a sentence each, the first one first. */
  steps: string[];
  /** The role that is missing. */
  role?: { name: string; scope: string };
  /** What else it could be, a sentence each. */
  otherwise: string[];
  checks: Check[];
  /** ARM path that was asked about; absent for the list of billing accounts. */
  scope?: string;
  refused?: Refused;
  /** When it was looked into; ISO 8601, UTC. */
  at: string;
  /** To send to whoever can help. */
  adminText: string;
  /** All of the above for reading. */
  details: string;
}
