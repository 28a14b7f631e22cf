import type { SendOptions } from '../api/http/client.ts';
import { waitText } from '../workbench/text.ts';
import type { TableProgress } from './tablePanel.ts';

export function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}

export function tellWait({ tell }: TableProgress): NonNullable<SendOptions['onWait']> {
  return (wait) => tell(waitText(wait));
}
