import type { Wait } from '../api/http/client.ts';

/**
 * Text from the service as one line of a label: control and bidirectional override characters could make a row look like another.
 * Empty text becomes the fallback, which is cleaned alike.
 */
export function displayText(text: string | null | undefined, fallback: string): string {
  return clean(text ?? '') || clean(fallback);
}

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/**
 * A right-to-left name for a row that goes on in another direction: marks on both sides keep the row left-to-right and the amount
 * behind the name out of it.
 */
export function rowLabel(text: string): string {
  return RIGHT_TO_LEFT.test(text) ? `\u200e${text}\u200e` : text;
}

const LONGEST_MESSAGE = 1000;

/**
 * Text for notifications, progress, quick picks and the status bar. The editor turns `[text](command:…)` in a notification into a
 * link that runs a command, and `$(name)` in the others into an icon: what the service sent must stay text.
 */
export function plainText(text: string): string {
  const safe = clean(text).replaceAll('](', '] (').replaceAll('$(', '$ (');
  return safe.length > LONGEST_MESSAGE ? `${safe.slice(0, LONGEST_MESSAGE - 1)}…` : safe;
}

function clean(text: string): string {
  return text.replace(/[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/gu, ' ').trim();
}

/** A wait in words. */
export function waitText({ milliseconds, reason }: Wait): string {
  const seconds = Math.ceil(milliseconds / 1000);
  switch (reason) {
    case 'limit':
      return `Waiting ${seconds} s for Azure's limit…`;
    case 'failure':
      return `Trying again in ${seconds} s…`;
    case 'operation':
      return `Not ready yet; looking again in ${seconds} s…`;
  }
}
