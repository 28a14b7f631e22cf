const GUID = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/gi;

/**
 * The tenant that a message about a token of the wrong one asks for. Such a message names the token's own tenant first and the right
 * one behind "must match"; a message of other words is read only when it names no more than two.
 */
export function rightTenant(message: string): string | undefined {
  const [, behind] = /must match(.*)$/is.exec(message) ?? [];
  const [named] = behind?.match(GUID) ?? [];
  if (named !== undefined) {
    return named.toLowerCase();
  }
  const all = [...new Set((message.match(GUID) ?? []).map((guid) => guid.toLowerCase()))];
  return all.length <= 2 ? all.at(-1) : undefined;
}
