import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** A page of a panel: what the build calls its script and its style sheet, without their endings. */
export interface PageName {
  file: 'heatMap' | 'spend' | 'budgetTable' | 'usageTable' | 'sqlChart';
  title: string;
  /** How it writes numbers and days, such as `de`; left out: as the browser does. */
  locale?: string;
}

/** Where the build puts what runs in a page. */
function pageFolder(extension: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extension, 'dist', 'webview');
}

/** What a page may do: run our script, read our files. No commands by link, no forms. */
export function pageOptions(extension: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, enableForms: false, localResourceRoots: [pageFolder(extension)] };
}

/** An empty page. All that it shows comes by messages and is written as text. */
export function pageHtml(webview: vscode.Webview, extension: vscode.Uri, { file, title, locale }: PageName): string {
  const address = (ending: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(pageFolder(extension), `${file}.${ending}`)).toString();
  const main = locale !== undefined && /^[a-z\d-]+$/i.test(locale) ? `<main data-locale="${locale}">` : '<main>';
  const nonce = randomBytes(16).toString('base64');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}'">
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="${address('css')}">
<title>${title}</title>
</head>
<body>
${main}</main>
<script nonce="${nonce}" src="${address('js')}"></script>
</body>
</html>`;
}
