import { BillingError } from '../api/http/errors.ts';
import { withoutSecrets } from './mask.ts';
import type { Refusal } from './refusal.ts';
import { appOf, signInAgain, tenantOf, type WayOfSignIn } from './wayOfSignIn.ts';

interface Text {
  /** What is wrong, to be followed by the code. */
  said: (way: WayOfSignIn) => string;
  advice: (way: WayOfSignIn) => string;
  retryable?: true;
}

const again = signInAgain;

const MFA: Text = {
  said: ({ tenant }) =>
    `${tenant === undefined ? 'The tenant' : `The tenant ${tenant}`} asks for multifactor authentication`,
  advice: again,
};

const CONDITIONAL_ACCESS: Text = {
  said: (way) => `A Conditional Access policy of ${tenantOf(way)} does not allow this sign-in`,
  advice: () =>
    "Sign in from a device and a place that the policy allows, or ask the tenant's administrator; the sign-in log there names the policy.",
};

const ENDED: Text = {
  said: () => 'The sign-in has ended, because it is too old, the password was changed or it was revoked',
  advice: again,
};

const UNKNOWN_TENANT: Text = {
  said: (way) => `There is no such tenant: ${way.tenant ?? 'none is named'} (tenantId)`,
  advice: () => 'Correct tenantId of the connection, and check that its cloud is the one of the tenant.',
};

const BAD_SECRET: Text = {
  said: (way) => `The client secret is not one of ${appOf(way)}`,
  advice: () =>
    'Edit the connection and enter the value of the secret, not its id; the app registration lists it under Certificates & secrets.',
};

const BAD_CERTIFICATE: Text = {
  said: (way) => `The certificate is not one of ${appOf(way)}, or it has expired`,
  advice: () =>
    'Add the certificate to the app registration under Certificates & secrets, or edit the connection and give the one that is there.',
};

const PASSWORD: Text = {
  said: () => 'The account or its password is not accepted',
  advice: again,
};

const NO_CONSENT: Text = {
  said: (way) => `In ${tenantOf(way)} nobody has consented that ${appOf(way)} may use this service`,
  advice: () =>
    'Ask an administrator of the tenant to grant consent to the API permissions of the app (Enterprise applications, Permissions).',
};

const NOT_IN_TENANT: Text = {
  said: (way) => `${capital(appOf(way))} is unknown in ${tenantOf(way)}`,
  advice: () =>
    'Check clientId and tenantId of the connection; an app of another tenant has to be consented to in this one first.',
};

const NOT_A_USER: Text = {
  said: (way) => `The account is not a user of ${tenantOf(way)}`,
  advice: (way) => `Have the account invited there as a guest, or use one of that tenant. ${again(way)}`,
};

const NO_SERVICE: Text = {
  said: (way) => `In ${tenantOf(way)} the service that the token is for is unknown`,
  advice: ({ credential }) =>
    credential === 'azureCli'
      ? 'Check that the cloud of the connection is the one that "az cloud show" names.'
      : 'Check cloud and endpoints of the connection, and that the tenant uses the service.',
};

const BUSY: Text = {
  said: () => 'The sign-in service is busy',
  advice: () => 'Try again in some minutes.',
  retryable: true,
};

/** By number: the public article "Microsoft Entra authentication and authorization error codes". */
const BY_CODE = new Map<string, Text>([
  ['AADSTS50076', MFA],
  ['AADSTS50079', MFA],
  ['AADSTS50072', MFA],
  ['AADSTS50074', MFA],
  ['AADSTS50158', MFA],
  ['AADSTS53000', CONDITIONAL_ACCESS],
  ['AADSTS53001', CONDITIONAL_ACCESS],
  ['AADSTS53003', CONDITIONAL_ACCESS],
  ['AADSTS50097', CONDITIONAL_ACCESS],
  ['AADSTS530003', CONDITIONAL_ACCESS],
  ['AADSTS50173', ENDED],
  ['AADSTS50132', ENDED],
  ['AADSTS50133', ENDED],
  ['AADSTS70008', ENDED],
  ['AADSTS70043', ENDED],
  ['AADSTS700082', ENDED],
  ['AADSTS700084', ENDED],
  ['AADSTS90002', UNKNOWN_TENANT],
  ['AADSTS900023', UNKNOWN_TENANT],
  ['AADSTS50059', UNKNOWN_TENANT],
  ['AADSTS7000215', BAD_SECRET],
  [
    'AADSTS7000222',
    {
      said: (way) => `The client secret of ${appOf(way)} has expired`,
      advice: () =>
        'Make a new one in the app registration under Certificates & secrets, then edit the connection and enter it.',
    },
  ],
  ['AADSTS700027', BAD_CERTIFICATE],
  ['AADSTS7000214', BAD_CERTIFICATE],
  [
    'AADSTS700024',
    {
      said: () => "The app's signature is outside its time",
      advice: () => 'Set the clock of this machine right.',
    },
  ],
  [
    'AADSTS7000218',
    {
      said: (way) => `${capital(appOf(way))} may not sign in users without a secret`,
      advice: () =>
        'Turn on "Allow public client flows" in the app registration under Authentication, or leave clientId out.',
    },
  ],
  [
    'AADSTS7000112',
    {
      said: (way) => `${capital(appOf(way))} is disabled in ${tenantOf(way)}`,
      advice: () => 'Ask an administrator of the tenant to enable it (Enterprise applications, Properties).',
    },
  ],
  ['AADSTS700016', NOT_IN_TENANT],
  ['AADSTS7000229', NOT_IN_TENANT],
  ['AADSTS65001', NO_CONSENT],
  ['AADSTS65004', NO_CONSENT],
  ['AADSTS650057', NO_CONSENT],
  ['AADSTS90094', NO_CONSENT],
  [
    'AADSTS50105',
    {
      said: (way) => `The account is not assigned to ${appOf(way)}`,
      advice: () => 'Ask an administrator of the tenant to assign it (Enterprise applications, Users and groups).',
    },
  ],
  ['AADSTS50020', NOT_A_USER],
  ['AADSTS50034', NOT_A_USER],
  ['AADSTS51004', NOT_A_USER],
  ['AADSTS50055', PASSWORD],
  ['AADSTS50056', PASSWORD],
  ['AADSTS50057', PASSWORD],
  ['AADSTS50126', PASSWORD],
  ['AADSTS50053', PASSWORD],
  ['AADSTS500011', NO_SERVICE],
  ['AADSTS500014', NO_SERVICE],
  ['AADSTS650052', NO_SERVICE],
  ['AADSTS90033', BUSY],
  ['AADSTS90012', BUSY],
  ['AADSTS90055', BUSY],
]);

const CODE_RAN_OUT: Text = {
  said: () => 'The code was not entered in time',
  advice: () => 'Run "Azure Billing: Sign In…" again; a code is good for about 15 minutes.',
};

/** By the protocol's own words, where there is no number, or none that is known (RFC 6749, 5.2; RFC 8628, 3.5). */
const BY_ERROR = new Map<string, Text>([
  ['authorization_declined', { said: () => 'The sign-in was declined in the browser', advice: again }],
  ['access_denied', { said: () => 'The sign-in was declined in the browser', advice: again }],
  ['expired_token', CODE_RAN_OUT],
  ['code_expired', CODE_RAN_OUT],
  ['temporarily_unavailable', BUSY],
  ['server_error', BUSY],
  ['interaction_required', { said: () => 'The sign-in needs a person', advice: again }],
  ['consent_required', NO_CONSENT],
]);

/** What the service says about a code that is not in the table is kept to this many characters. */
const LONGEST_QUOTE = 200;

/** A refusal of the sign-in service as one sentence and what to do. Code, correlation and trace id are kept for the tenant's log. */
export function refusalError(refusal: Refusal, way: WayOfSignIn): BillingError {
  const { code, error } = refusal;
  const text = (code === undefined ? undefined : BY_CODE.get(code)) ?? BY_ERROR.get(error);
  const name = code ?? error;
  return new BillingError(
    'signIn',
    text === undefined ? `The sign-in service refused with ${name}${quote(refusal)}` : `${text.said(way)} (${name}).`,
    {
      code: name,
      correlationId: refusal.correlationId,
      requestId: refusal.traceId,
      advice: text?.advice(way) ?? again(way),
      retryable: text?.retryable === true,
    },
  );
}

/** The first sentence of the service's own words, without what names people or is secret. */
function quote({ description }: Refusal): string {
  const [sentence = ''] = description
    .replace(/^AADSTS\d+:\s*/, '')
    .split(/(?<=[.!?])\s|\s*(?:Trace ID|Correlation ID|Timestamp):|[\r\n]/);
  const said = withoutSecrets(sentence.trim()).slice(0, LONGEST_QUOTE);
  return said === '' ? '.' : `: ${said.replace(/\.?$/, '.')}`;
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
