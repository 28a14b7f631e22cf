import * as vscode from 'vscode';
import { DOCUMENT_SCHEME } from '../contributions.ts';
import { showFailure } from '../workbench/commands.ts';
import { describeForLog, explain, isCancellation } from '../workbench/failures.ts';
import { ReadOnlyFileSystem, registerReadOnly } from './readOnlyFileSystem.ts';
import type { UsageDocument, UsageDocuments } from './usageDocuments.ts';

/**
 * The `azure-billing:` file system: read-only, one file per usage document. Reading an address that is not built yet (a tab
 * restored after a reload) builds it.
 */
class BillingFileSystem extends ReadOnlyFileSystem implements vscode.Disposable {
  readonly #documents: UsageDocuments;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.#changed.event;
  readonly #subscription: vscode.Disposable;

  constructor(documents: UsageDocuments, log: vscode.LogOutputChannel) {
    super();
    this.#documents = documents;
    this.#log = log;
    // A document that is built while the editor reads it is no change of the file.
    this.#subscription = documents.onDidBuild(({ uri, again }) => {
      if (again) {
        this.#changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
      }
    });
  }

  /** Size and time are 0 as long as the document is not built: they are not worth a request. */
  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const { parseDocumentUri } = await import('./documentSpec.ts');
    if (parseDocumentUri(uri) === undefined) {
      throw vscode.FileSystemError.FileNotFound(uri);
    }
    const report = this.#documents.get(uri)?.report;
    return {
      type: vscode.FileType.File,
      ctime: 0,
      mtime: report?.fetchedAt.getTime() ?? 0,
      size: report?.bytes ?? 0,
      permissions: vscode.FilePermission.Readonly,
    };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const document = this.#documents.get(uri) ?? (await this.#rebuild(uri));
    if (document.content instanceof vscode.Uri) {
      throw vscode.FileSystemError.Unavailable(
        'This usage has grown beyond what an editor tab holds. Open it again from the tree.',
      );
    }
    return document.content;
  }

  async #rebuild(uri: vscode.Uri): Promise<UsageDocument> {
    const slash = uri.path.lastIndexOf('/');
    const name = uri.path.slice(slash + 1);
    try {
      const { fetchDocument } = await import('./fetchDocument.ts');
      return await fetchDocument(this.#documents, uri, `Fetching ${name}`);
    } catch (error) {
      if (error instanceof vscode.FileSystemError) {
        throw error;
      }
      if (isCancellation(error)) {
        throw vscode.FileSystemError.Unavailable('Fetching was cancelled.');
      }
      // Without the name: it has the customer's in it.
      this.#log.error(`[${uri.authority}] ${uri.path.slice(0, slash)}: ${describeForLog(error)}`);
      // The editor's own placeholder offers to try again but keeps the reason to itself.
      void showFailure(explain(error), this.#log, { error, connection: uri.authority });
      throw vscode.FileSystemError.Unavailable(explain(error));
    }
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}

export function registerFileSystem(documents: UsageDocuments, log: vscode.LogOutputChannel): vscode.Disposable {
  const fileSystem = new BillingFileSystem(documents, log);
  return vscode.Disposable.from(fileSystem, registerReadOnly(DOCUMENT_SCHEME, fileSystem));
}
