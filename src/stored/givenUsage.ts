import { requireArgument } from '../choices/commandInput.ts';
import { type PickedScope, pickScope, type ScopeSource } from '../choices/pickScope.ts';
import { type EngineParts, requireEngine } from '../workbench/sharedEngine.ts';

/**
 * What a command was given; of one that was called from the palette, what the person chooses. Undefined when they back out.
 *
 * @throws EngineMissing, so that nobody is asked for what cannot be done; BillingError of kind `argument`
 */
export async function givenUsage<Given extends object>(
  parts: EngineParts & { connections: ScopeSource },
  argument: Given | undefined,
  title: string,
): Promise<Given | PickedScope | undefined> {
  if (argument !== undefined) {
    return requireArgument(argument);
  }
  await requireEngine(parts);
  return pickScope(parts.connections, title);
}
