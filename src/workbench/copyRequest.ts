import type { PlainRequest } from '../api/http/requestText.ts';
import type { CopyRequestArgument } from '../contributions.ts';
import type { CommandRegistry } from './commands.ts';

/** The call behind something of a feature's own; undefined when the argument is not one of its own. */
export type RequestSource = (argument: CopyRequestArgument) => Promise<PlainRequest | undefined>;

/** Copies the call behind a row or a document as text, without the token. */
export function registerCopyRequest(sources: readonly RequestSource[], commands: CommandRegistry): void {
  commands.registerLazily(['azureBilling.copyRequest'], async () =>
    (await import('./copyRequestCommand.ts')).copyRequestCommands(sources),
  );
}
