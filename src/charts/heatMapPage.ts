import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** Where the build puts what runs in the page. */
function pageFolder(extension: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extension, 'dist', 'webview');
}

/** What the page may do: run our script, read our files. No commands by link, no forms. */
export function pageOptions(extension: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, enableForms: false, localResourceRoots: [pageFolder(extension)] };
}

/** The empty page. All that it shows comes by messages and is written as text. */
export function pageHtml(webview: vscode.Webview, extension: vscode.Uri): string {
  const address = (file: string) => webview.asWebviewUri(vscode.Uri.joinPath(pageFolder(extension), file)).toString();
  const nonce = randomBytes(16).toString('base64');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'">
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="${address('heatMap.css')}">
<title>Utilization</title>
</head>
<body>
<main></main>
<script nonce="${nonce}" src="${address('heatMap.js')}"></script>
</body>
</html>`;
}
