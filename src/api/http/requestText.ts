/** A call as somebody else could send it: no token, no ids of ours. */
export interface PlainRequest {
  method: string;
  /** Absolute address. */
  url: string;
  body?: unknown;
}

/**
 * A call as text to paste elsewhere. None of them contains a token: `az rest` and `Invoke-AzRestMethod` bring their own, the others name
 * a variable.
 */
export const REQUEST_TEXTS = {
  /** As in `.http` files. */
  rest: ({ method, url, body }: PlainRequest): string =>
    [
      `${method} ${url}`,
      'Authorization: Bearer {{token}}',
      ...(body === undefined ? [] : ['Content-Type: application/json', '', JSON.stringify(body, undefined, 2)]),
    ].join('\n'),

  /** Azure CLI, quoted for a POSIX shell. */
  azRest: ({ method, url, body }: PlainRequest): string =>
    [
      `az rest --method ${method.toLowerCase()} --url ${shellQuoted(url)}`,
      ...(body === undefined ? [] : [`--body ${shellQuoted(JSON.stringify(body))}`]),
    ].join(' '),

  /** Az PowerShell. */
  powerShell: ({ method, url, body }: PlainRequest): string =>
    [
      `Invoke-AzRestMethod -Method ${method} -Uri ${powerShellQuoted(url)}`,
      ...(body === undefined ? [] : [`-Payload ${powerShellQuoted(JSON.stringify(body))}`]),
    ].join(' '),

  /** curl, quoted for a POSIX shell; the token is in the variable TOKEN. */
  curl: ({ method, url, body }: PlainRequest): string =>
    [
      ...(method === 'GET' ? ['curl'] : [`curl --request ${method}`]),
      shellQuoted(url),
      '--header "Authorization: Bearer $TOKEN"',
      ...(body === undefined
        ? []
        : [`--header 'Content-Type: application/json'`, `--data-raw ${shellQuoted(JSON.stringify(body))}`]),
    ].join(' '),
} as const;

function shellQuoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** PowerShell takes typographic apostrophes for quotes too. */
function powerShellQuoted(text: string): string {
  return `'${text.replace(/['\u2018-\u201b]/g, '$&$&')}'`;
}
