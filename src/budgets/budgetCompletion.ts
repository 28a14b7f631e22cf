import { findNodeAtLocation, getLocation, parseTree } from 'jsonc-parser';
import * as vscode from 'vscode';
import type { ArmClient } from '../api/arm/armClient.ts';
import { discoverDimensions } from '../api/arm/dimensions.ts';
import type { CostScope } from '../api/arm/scope.ts';
import { listTags } from '../api/arm/tags.ts';
import { BUDGET_SCHEME } from '../contributions.ts';
import { describeForLog } from '../workbench/failures.ts';
import { displayText } from '../workbench/text.ts';
import type { BudgetDesk } from './budgetDesk.ts';
import { type OpenPlace, placeOfUri } from './budgetPlace.ts';

/** Values that are offered of a dimension. */
const MOST_VALUES = 100;

/** A word to complete and what it means. */
interface Word {
  text: string;
  meaning?: string | undefined;
}

/**
 * Completes what the schema cannot know: dimensions and their values, tags and theirs, and the mail addresses of the budget's other
 * notifications. What the service says is asked for once a session.
 */
export class BudgetCompletion implements vscode.CompletionItemProvider {
  readonly #desk: BudgetDesk;
  readonly #log: vscode.LogOutputChannel;
  readonly #known = new Map<string, Promise<Word[]>>();

  constructor(desk: BudgetDesk, log: vscode.LogOutputChannel) {
    this.#desk = desk;
    this.#log = log;
  }

  register(): vscode.Disposable {
    return vscode.languages.registerCompletionItemProvider({ scheme: BUDGET_SCHEME }, this, '"');
  }

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.CompletionItem[] | undefined> {
    const place = placeOfUri(document.uri);
    const text = document.getText();
    const { path, previousNode, isAtPropertyKey } = getLocation(text, document.offsetAt(position));
    if (place === undefined || isAtPropertyKey) {
      return undefined;
    }
    const words = await this.#wordsAt(place, text, path);
    if (words === undefined) {
      return undefined;
    }
    const inText = previousNode?.type === 'string';
    const range = inText
      ? new vscode.Range(
          document.positionAt(previousNode.offset),
          document.positionAt(previousNode.offset + previousNode.length),
        )
      : new vscode.Range(position, position);
    return words.map(({ text: word, meaning }, index) => {
      const item = new vscode.CompletionItem(
        { label: displayText(word, ''), ...(meaning === undefined ? {} : { description: displayText(meaning, '') }) },
        vscode.CompletionItemKind.Value,
      );
      item.insertText = JSON.stringify(word);
      item.filterText = JSON.stringify(word);
      item.range = range;
      item.sortText = String(index).padStart(4, '0');
      return item;
    });
  }

  async #wordsAt(place: OpenPlace, text: string, path: readonly (string | number)[]): Promise<Word[] | undefined> {
    const [first, second, third] = path;
    if (first === 'notifications' && second !== undefined && third === 'contactEmails') {
      return mailsIn(text);
    }
    if (first !== 'filter') {
      return undefined;
    }
    const at = path.findIndex((step) => step === 'dimensions' || step === 'tags');
    const member = at < 0 ? undefined : path[at + 1];
    const isTag = path[at] === 'tags';
    if (member === 'name') {
      return isTag ? this.#tagNames(place) : this.#dimensionNames(place);
    }
    if (member !== 'values') {
      return undefined;
    }
    const tree = parseTree(text);
    const name: unknown = tree && findNodeAtLocation(tree, [...path.slice(0, at + 1), 'name'])?.value;
    if (typeof name !== 'string' || name === '') {
      return undefined;
    }
    return isTag ? this.#tagValues(place, name) : this.#dimensionValues(place, name);
  }

  #dimensionNames(place: OpenPlace): Promise<Word[]> {
    return this.#once(place, 'dimensions', async (arm) => {
      const dimensions = await discoverDimensions(arm, place.scope);
      return dimensions
        .filter(({ canFilter }) => canFilter)
        .map(({ category, description }) => ({ text: category, meaning: description }));
    });
  }

  #dimensionValues(place: OpenPlace, name: string): Promise<Word[]> {
    return this.#once(place, `dimension ${name}`, async (arm) => {
      const [dimension] = await discoverDimensions(arm, place.scope, {
        category: name,
        values: true,
        top: MOST_VALUES,
      });
      return (dimension?.values ?? []).slice(0, MOST_VALUES).map((text) => ({ text }));
    });
  }

  #tagNames(place: OpenPlace): Promise<Word[]> {
    return this.#once(place, 'tags', async (arm) => (await tagsOf(arm, place.scope)).map(([text]) => ({ text })));
  }

  #tagValues(place: OpenPlace, name: string): Promise<Word[]> {
    return this.#once(place, `tag ${name}`, async (arm) => {
      const found = (await tagsOf(arm, place.scope)).find(([key]) => key.toLowerCase() === name.toLowerCase());
      return (found?.[1] ?? []).slice(0, MOST_VALUES).map((text) => ({ text }));
    });
  }

  /** A failure offers nothing, and is asked again the next time. */
  #once({ connection, scope }: OpenPlace, what: string, ask: (arm: ArmClient) => Promise<Word[]>): Promise<Word[]> {
    const key = JSON.stringify([connection, scope, what]);
    const known = this.#known.get(key);
    if (known !== undefined) {
      return known;
    }
    const asked = this.#desk
      .arm(connection)
      .then(ask)
      .catch((error: unknown) => {
        this.#known.delete(key);
        this.#log.warn(`[${connection}] completion: ${describeForLog(error)}`);
        return [];
      });
    this.#known.set(key, asked);
    return asked;
  }
}

/** Tags with their values; none where the service lists no tags. */
async function tagsOf(arm: ArmClient, scope: CostScope): Promise<[string, string[]][]> {
  if (scope.kind === 'customer' || scope.kind === 'billingProfile') {
    return [];
  }
  const tags: [string, string[]][] = [];
  for await (const { value } of listTags(arm, scope).rest()) {
    for (const { key, value: values } of value) {
      if (typeof key === 'string' && key !== '') {
        tags.push([key, (values ?? []).filter((text) => text !== null)]);
      }
    }
  }
  return tags;
}

/** Mail addresses that are anywhere in the text. */
function mailsIn(text: string): Word[] {
  const mails = text.match(/(?<=")[^"\s@]+@[^"\s@]+(?=")/g) ?? [];
  return [...new Set(mails)].map((mail) => ({ text: mail }));
}
