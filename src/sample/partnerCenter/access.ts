import type { Answer } from '../answers.ts';
import type { PartnerCall } from './call.ts';
import { partnerFailure } from './errors.ts';
import type { PartnerRoute } from './routeTable.ts';
import type { Settings } from './settings.ts';

/** Audiences of tokens for Partner Center: its addresses and its application id. */
const AUDIENCES = [
  'https://api.partnercenter.microsoft.com',
  'https://partner.partnercenterapi.microsoftonline.cn',
  'fa3d9a0c-3fb0-42cc-9193-47c7ecd2edbd',
];
const RETIRED_AUDIENCES = ['https://graph.windows.net', 'https://graph.chinacloudapi.cn'];

/** The claims that matter of a token whose payload can be read; signatures are not checked. */
interface Claims {
  readonly aud?: unknown;
  readonly exp?: unknown;
  readonly amr?: unknown;
  readonly idtyp?: unknown;
  readonly scp?: unknown;
  readonly roles?: unknown;
}

/**
 * The refusal of a call that its sign-in, the caller's role or the cloud does not allow; undefined when nothing stands in
 * the way. The order is that of the service: token, audience, MFA, cloud, sign-in, role.
 */
export function refusalOf(
  call: PartnerCall,
  route: PartnerRoute,
  settings: Settings,
  role: string,
): Answer | undefined {
  const token = /^Bearer\s+(\S+)$/i.exec(call.header('authorization') ?? '')?.[1];
  const claims = token === undefined ? undefined : claimsOf(token);
  if (token === undefined && settings.requireToken) {
    return unauthorized(800_001, 'The partner token is missing: send an access token in the header Authorization.');
  }
  if (typeof claims?.exp === 'number' && claims.exp * 1000 < Date.now()) {
    return unauthorized(400, 'Access denied: the access token has expired.');
  }
  if (settings.audience === 'retired' || RETIRED_AUDIENCES.includes(audienceOf(claims))) {
    return unauthorized(900_420, 'The audience of the access token is retired.');
  }
  if (claims?.aud !== undefined && !AUDIENCES.includes(audienceOf(claims))) {
    return unauthorized(400, 'Access denied: the access token is for another audience.');
  }
  if (role === 'wrongTenant') return unauthorized(400, 'Access denied: the access token is of another tenant.');
  const appOnly = isAppOnly(claims, settings);
  if (!appOnly && !hasMfa(claims, settings)) {
    return unauthorized(900_421, 'The access token has no MFA claim: sign in with multifactor authentication.');
  }
  if (route.area === 'spending' && settings.cloud === 'china') {
    return partnerFailure(400, 900_127, 'The operation is not supported in this environment.');
  }
  if (appOnly && route.signIn === 'user') {
    return partnerFailure(403, 900_329, 'An application alone may not call this: sign in as a user of the partner.');
  }
  if (role === 'adminAgent' || (role === 'billingReader' && route.area === 'invoices')) return undefined;
  return partnerFailure(403, 900_308, 'The role of the user does not have the right to do this.');
}

/** Whether the sign-in meets the MFA rule: what the header ValidateMfa asks; app-only sign-ins are not affected. */
export function isMfaCompliant(call: PartnerCall, settings: Settings): boolean {
  const token = /^Bearer\s+(\S+)$/i.exec(call.header('authorization') ?? '')?.[1];
  const claims = token === undefined ? undefined : claimsOf(token);
  return isAppOnly(claims, settings) || hasMfa(claims, settings);
}

function isAppOnly(claims: Claims | undefined, { signIn }: Settings): boolean {
  if (signIn !== 'fromToken') return signIn === 'appOnly';
  return claims?.idtyp === 'app' || (claims?.scp === undefined && Array.isArray(claims?.roles));
}

/** A token that tells no authentication methods is taken for one with MFA. */
function hasMfa(claims: Claims | undefined, { mfa }: Settings): boolean {
  if (mfa === 'missing') return false;
  return !Array.isArray(claims?.amr) || claims.amr.includes('mfa');
}

function audienceOf(claims: Claims | undefined): string {
  return typeof claims?.aud === 'string' ? claims.aud.replace(/\/+$/, '').toLowerCase() : '';
}

function unauthorized(code: number, description: string): Answer {
  return partnerFailure(401, code, description, [], { 'www-authenticate': 'OAuth realm=urn:cpsvc:cpid:sample' });
}

function claimsOf(token: string): Claims | undefined {
  const [, payload, ...rest] = token.split('.');
  if (payload === undefined || rest.length !== 1) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return typeof claims === 'object' && claims !== null ? claims : undefined;
  } catch {
    return undefined;
  }
}
