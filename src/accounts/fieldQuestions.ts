import { CLOUDS } from '../api/clouds.ts';
import type { Connection } from '../contributions.ts';
import { parseClient, parseName, parseTenant } from './connection.ts';
import { ConnectionError } from './connectionError.ts';
import { parseEndpoints } from './endpoints.ts';
import { askText, type BACK, type Choice, choose, type QuestionPlace } from './questions.ts';

/** A connection that is being put together. */
export type Draft = Partial<Connection>;

type Given<T> = Promise<T | typeof BACK | undefined>;

/** The cloud. */
export function askCloud(place: QuestionPlace, { cloud: given }: Draft): Given<Connection['cloud']> {
  const known = (['public', 'usGovernment', 'china'] as const).map((cloud) => ({
    label: CLOUDS[cloud].label,
    description: new URL(CLOUDS[cloud].resourceManager).hostname,
    value: cloud,
  }));
  const custom = {
    label: 'Another address',
    description: 'a gateway of your own, or a service on this machine',
    value: 'custom',
  } as const;
  const question = 'Which cloud are the billing accounts in?';
  return choose<Connection['cloud']>(place, question, [...known, custom], { given });
}

const WAYS: readonly Choice<Connection['credential']>[] = [
  {
    label: "The editor's Microsoft account",
    detail: 'For Partner Center, an app registration of your own as well.',
    value: 'editor',
  },
  { label: 'Azure CLI', detail: 'Uses the account that "az login" signed in.', value: 'azureCli' },
  {
    label: 'Service principal',
    detail: 'Secret or certificate of an app; Partner Center shows it no rated usage.',
    value: 'servicePrincipal',
  },
  { label: 'Device code', detail: 'Enter a code on a page, on this device or another.', value: 'deviceCode' },
  {
    label: 'Default chain',
    detail: 'Environment, managed identity, developer tools: the first that works.',
    value: 'default',
  },
];

const NO_TOKEN: Choice<Connection['credential']> = {
  label: 'No sign-in',
  detail: 'Sends no token; for services on this machine only.',
  value: 'none',
};

/** A way to sign in, as people choose it. */
export function credentialLabel(credential: Connection['credential']): string {
  return [NO_TOKEN, ...WAYS].find(({ value }) => value === credential)?.label ?? credential;
}

/** How to sign in. */
export function askCredential(
  place: QuestionPlace,
  { cloud, credential: given }: Draft,
): Given<Connection['credential']> {
  return choose(place, 'How do you sign in?', cloud === 'custom' ? [NO_TOKEN, ...WAYS] : WAYS, { given });
}

/** One address of a custom cloud; an empty one stands for none. */
export async function askEndpoint(
  place: QuestionPlace,
  field: 'resourceManager' | 'partnerCenter' | 'graph' | 'authority',
  draft: Draft,
): Given<string> {
  const { credential = 'none', endpoints } = draft;
  const optional = field === 'partnerCenter' || field === 'graph';
  const others = endpoints ?? { resourceManager: 'http://127.0.0.1', authority: 'https://127.0.0.1' };
  const given = await askText(place, {
    prompt: `${ENDPOINTS[field]}${optional ? '; leave it empty if there is none' : ''}`,
    value: endpoints?.[field],
    placeholder: credential === 'none' ? 'http://127.0.0.1:8080' : 'https://billing.example.com',
    check: (text) =>
      optional && text.trim() === ''
        ? undefined
        : problemOf(() =>
            parseEndpoints({ authority: 'https://127.0.0.1', ...others, [field]: text.trim() }, 'custom', credential),
          ),
  });
  return typeof given === 'string' ? given.trim() : given;
}

const ENDPOINTS = {
  resourceManager: 'Address of Azure Resource Manager, for example what "npm run sample" prints',
  partnerCenter: 'Address of Partner Center',
  graph: 'Address of Microsoft Graph',
  authority: 'Address of the service that gives the tokens, without a tenant',
} as const;

/** The tenant by its id or domain; empty stands for the sign-in's home tenant, where there is one. */
export async function askTenant(place: QuestionPlace, { credential = 'editor', tenantId }: Draft): Given<string> {
  const required = credential === 'servicePrincipal';
  const given = await askText(place, {
    prompt: `Id or domain of the tenant${required ? '' : '; leave it empty for the home tenant of the sign-in'}`,
    value: tenantId,
    placeholder: 'contoso.onmicrosoft.com',
    check: (text) => (!required && text.trim() === '' ? undefined : problemOf(() => parseTenant(text, credential))),
  });
  return typeof given === 'string' ? given.trim() : given;
}

/** The app registration; empty stands for none, where it may be left out. */
export async function askClient(place: QuestionPlace, { credential = 'editor', clientId }: Draft): Given<string> {
  const required = credential === 'servicePrincipal';
  const given = await askText(place, {
    prompt: required
      ? 'Id of the app registration (client id)'
      : 'Id of your own app registration, which Partner Center asks for; leave it empty if you do not use Partner Center',
    value: clientId,
    placeholder: '00000000-0000-0000-0000-000000000000',
    check: (text) => (!required && text.trim() === '' ? undefined : problemOf(() => parseClient(text, credential))),
  });
  return typeof given === 'string' ? given.trim() : given;
}

/** The name in the tree. */
export async function askName(place: QuestionPlace, value: string, isTaken: (name: string) => boolean): Given<string> {
  const given = await askText(place, {
    prompt: 'Name in the tree',
    value,
    check: (text) =>
      problemOf(() => {
        const name = parseName(text);
        if (isTaken(name)) {
          throw new ConnectionError(`name: '${name}' is taken already.`);
        }
      }),
  });
  return typeof given === 'string' ? given.trim() : given;
}

function problemOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return error instanceof ConnectionError ? error.message : String(error);
  }
}
