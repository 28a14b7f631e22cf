import * as vscode from 'vscode';

/** A file system of single files that are only read. The editor brings tabs of a file system back after a reload. */
export abstract class ReadOnlyFileSystem implements vscode.FileSystemProvider {
  abstract readonly onDidChangeFile: vscode.Event<vscode.FileChangeEvent[]>;
  abstract stat(uri: vscode.Uri): vscode.FileStat | Promise<vscode.FileStat>;
  abstract readFile(uri: vscode.Uri): Promise<Uint8Array>;

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  watch(): vscode.Disposable {
    return new vscode.Disposable(() => {});
  }

  createDirectory(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): void {
    throw vscode.FileSystemError.NoPermissions(uri);
  }
}

const READ_ONLY = 'This is billing data as Azure sent it; it cannot be changed. Save a copy to edit it.';

export function registerReadOnly(scheme: string, fileSystem: ReadOnlyFileSystem): vscode.Disposable {
  return vscode.workspace.registerFileSystemProvider(scheme, fileSystem, {
    isCaseSensitive: true,
    isReadonly: new vscode.MarkdownString(READ_ONLY),
  });
}
