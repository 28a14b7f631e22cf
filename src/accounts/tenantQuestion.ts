import { type AzureTenant, listTenants } from '../api/arm/tenants.ts';
import { displayText } from '../workbench/text.ts';
import type { Clients } from './clients.ts';
import { askTenant, type Draft } from './fieldQuestions.ts';
import { BACK, type Choice, choose, type QuestionPlace } from './questions.ts';
import { servicesOf } from './services.ts';

type TenantChoice = { tenant: string | undefined } | 'signIn' | 'type';

/** Tenants that are listed; who has more types the one they mean. */
const MOST_TENANTS = 500;

const HOME: Choice<TenantChoice> = {
  label: 'Home tenant of the account',
  description: 'whatever the sign-in brings',
  value: { tenant: undefined },
};
const SIGN_IN: Choice<TenantChoice> = {
  label: 'Sign in to list the tenants…',
  description: 'asks for the account',
  value: 'signIn',
};
const TYPE: Choice<TenantChoice> = { label: 'Enter an id or domain…', value: 'type' };

/**
 * The tenant of the editor's account: one of those that the account sees, or one that is typed in. The list comes without a
 * question when the account is known to the editor already; else the person may sign in for it.
 *
 * @param clients those of the connection as it is so far
 * @returns '' for the home tenant
 */
export async function askEditorTenant(
  place: QuestionPlace,
  draft: Draft,
  clients: Clients,
  signal: AbortSignal,
): Promise<string | typeof BACK | undefined> {
  let seen = tenantChoices(clients, signal).catch(() => undefined);
  for (;;) {
    const listed = seen.then((choices) => (choices === undefined ? [SIGN_IN] : choices));
    const chosen = await choose<TenantChoice>(place, 'Which tenant are the billing accounts in?', [HOME, TYPE], {
      more: listed,
    });
    if (chosen === undefined || chosen === BACK) {
      return chosen;
    }
    if (chosen === 'signIn') {
      await clients.signIn?.signIn(
        [servicesOf({ name: '', credential: 'editor', cloud: 'public', ...draft }).resourceManager],
        signal,
      );
      seen = tenantChoices(clients, signal);
      await seen;
      continue;
    }
    if (chosen === 'type') {
      const typed = await askTenant({ ...place, step: place.step + 1 }, draft);
      if (typed !== BACK) {
        return typed;
      }
      continue;
    }
    return chosen.tenant ?? '';
  }
}

async function tenantChoices({ arm }: Clients, signal: AbortSignal): Promise<Choice<TenantChoice>[]> {
  const tenants: AzureTenant[] = [];
  for await (const { value } of listTenants(arm).rest({ signal })) {
    tenants.push(...value);
    if (tenants.length >= MOST_TENANTS) {
      break;
    }
  }
  return tenants.map(({ tenantId, displayName, defaultDomain }) => ({
    label: displayText(displayName, defaultDomain ?? tenantId),
    description: displayName ? [defaultDomain, tenantId].filter(Boolean).join(' · ') : 'not visited yet',
    value: { tenant: tenantId },
  }));
}
