import * as vscode from 'vscode';
import type { PlainRequest } from '../api/http/requestText.ts';
import { showFailure } from '../workbench/commands.ts';
import type { RequestSource } from '../workbench/copyRequest.ts';
import { describeForLog, explain, isCancellation } from '../workbench/failures.ts';
import { ReadOnlyFileSystem, registerReadOnly } from './readOnlyFileSystem.ts';
import { tabUris } from './tabUris.ts';

/** Where the texts of a scheme come from. */
export interface TextSource {
  /** Fetches the text of an address. */
  fetch(uri: vscode.Uri): Promise<string>;
  /** The call behind an address. Nothing is sent. */
  requestOf(uri: vscode.Uri): Promise<PlainRequest>;
}

/**
 * Read-only texts of one scheme in tabs. An address holds all that is needed to fetch its text, so that a tab restored after a
 * reload is fetched anew. The source is loaded when the first text is wanted.
 */
export class TextDocuments extends ReadOnlyFileSystem implements vscode.Disposable {
  readonly #scheme: string;
  readonly #load: () => Promise<TextSource>;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  readonly #subscription: vscode.Disposable;
  /** Texts of open tabs, and of those on their way into one: fetched before the tab opens, so that a failure opens none. */
  readonly #texts = new Map<string, { bytes: Uint8Array; fetchedAt: number }>();

  constructor(scheme: string, load: () => Promise<TextSource>, log: vscode.LogOutputChannel) {
    super();
    this.#scheme = scheme;
    this.#load = load;
    this.#log = log;
    this.#subscription = vscode.Disposable.from(
      this.#changed,
      registerReadOnly(scheme, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())),
    );
  }

  /** The call behind the document with the given address, or the one in front. */
  readonly requestOf: RequestSource = async ({ id, document }) => {
    const uri =
      document === undefined
        ? tabUris(vscode.window.tabGroups.activeTabGroup.activeTab)[0]
        : vscode.Uri.parse(String(document));
    return id === undefined && uri?.scheme === this.#scheme ? (await this.#load()).requestOf(uri) : undefined;
  };

  /** Fetches a text and shows it in a tab; one that is open already shows the new text. */
  async open(uri: vscode.Uri): Promise<vscode.Uri> {
    const again = this.#texts.has(uri.toString());
    await this.#fetch(uri);
    if (again) {
      this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    }
    await vscode.commands.executeCommand('vscode.open', uri, { preview: false });
    return uri;
  }

  async #fetch(uri: vscode.Uri): Promise<Uint8Array> {
    const bytes = Buffer.from(await (await this.#load()).fetch(uri));
    this.#texts.set(uri.toString(), { bytes, fetchedAt: Date.now() });
    return bytes;
  }

  /** Size and time are 0 as long as a text is not there: they are not worth a request. */
  stat(uri: vscode.Uri): vscode.FileStat {
    const text = this.#texts.get(uri.toString());
    return {
      type: vscode.FileType.File,
      ctime: 0,
      mtime: text?.fetchedAt ?? 0,
      size: text?.bytes.length ?? 0,
      permissions: vscode.FilePermission.Readonly,
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    try {
      return this.#texts.get(uri.toString())?.bytes ?? (await this.#fetch(uri));
    } catch (error) {
      if (isCancellation(error)) {
        throw vscode.FileSystemError.Unavailable('Fetching was cancelled.');
      }
      this.#log.error(`[${uri.authority}] ${this.#scheme}: ${describeForLog(error)}`);
      // The editor's own placeholder offers to try again but keeps the reason to itself.
      void showFailure(explain(error), this.#log, { error, connection: uri.authority });
      throw vscode.FileSystemError.Unavailable(explain(error));
    }
  }

  dispose(): void {
    this.#subscription.dispose();
  }
}
