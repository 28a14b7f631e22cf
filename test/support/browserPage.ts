import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from './editor/browser.ts';
import { projectFolder } from './project.ts';

/** Where the page is served from; nothing of it leaves the browser. */
const ADDRESS = 'https://page.example/';

/** The editor's own colours, as far as a page uses them. */
export const THEMES = {
  light: {
    class: 'vscode-light',
    foreground: '#3b3b3b',
    descriptionForeground: '#616161',
    'editor-background': '#ffffff',
    'font-family': 'sans-serif',
    'font-size': '13px',
    focusBorder: '#005fb8',
    errorForeground: '#c72e0f',
    'charts-blue': '#1a85ff',
    'charts-orange': '#d18616',
    'charts-green': '#388a34',
    'charts-purple': '#652d90',
    'charts-yellow': '#bf8803',
    'charts-red': '#e51400',
    'button-background': '#005fb8',
    'button-foreground': '#ffffff',
    'button-hoverBackground': '#0258a8',
    'button-secondaryBackground': '#e5e5e5',
    'button-secondaryForeground': '#3b3b3b',
    'button-secondaryHoverBackground': '#cccccc',
    'settings-dropdownBackground': '#ffffff',
    'settings-dropdownForeground': '#3b3b3b',
    'settings-dropdownBorder': '#cecece',
    'settings-dropdownListBorder': '#cecece',
    'settings-textInputBackground': '#ffffff',
    'settings-textInputForeground': '#3b3b3b',
    'settings-textInputBorder': '#cecece',
    'settings-checkboxBackground': '#f8f8f8',
    'settings-checkboxForeground': '#3b3b3b',
    'settings-checkboxBorder': '#cecece',
    'input-placeholderForeground': '#767676',
    'list-activeSelectionBackground': '#e8e8e8',
    'list-activeSelectionForeground': '#000000',
    'list-hoverBackground': '#f2f2f2',
    'progressBar-background': '#005fb8',
    'widget-border': '#e5e5e5',
    'icon-foreground': '#3b3b3b',
  },
  dark: {
    class: 'vscode-dark',
    foreground: '#cccccc',
    descriptionForeground: '#9d9d9d',
    'editor-background': '#1f1f1f',
    'font-family': 'sans-serif',
    'font-size': '13px',
    focusBorder: '#0078d4',
    errorForeground: '#f85149',
    'charts-blue': '#3794ff',
    'charts-orange': '#d18616',
    'charts-green': '#89d185',
    'charts-purple': '#b180d7',
    'charts-yellow': '#cca700',
    'charts-red': '#f14c4c',
    'button-background': '#0078d4',
    'button-foreground': '#ffffff',
    'button-hoverBackground': '#026ec1',
    'button-secondaryBackground': '#313131',
    'button-secondaryForeground': '#cccccc',
    'button-secondaryHoverBackground': '#3c3c3c',
    'settings-dropdownBackground': '#313131',
    'settings-dropdownForeground': '#cccccc',
    'settings-dropdownBorder': '#3c3c3c',
    'settings-dropdownListBorder': '#454545',
    'settings-textInputBackground': '#313131',
    'settings-textInputForeground': '#cccccc',
    'settings-textInputBorder': '#3c3c3c',
    'settings-checkboxBackground': '#313131',
    'settings-checkboxForeground': '#cccccc',
    'settings-checkboxBorder': '#3c3c3c',
    'input-placeholderForeground': '#989898',
    'list-activeSelectionBackground': '#04395e',
    'list-activeSelectionForeground': '#ffffff',
    'list-hoverBackground': '#2a2d2e',
    'progressBar-background': '#0078d4',
    'widget-border': '#313131',
    'icon-foreground': '#cccccc',
  },
  highContrast: {
    class: 'vscode-high-contrast',
    foreground: '#ffffff',
    descriptionForeground: '#ffffff',
    'editor-background': '#000000',
    'font-family': 'sans-serif',
    'font-size': '13px',
    focusBorder: '#f38518',
    contrastBorder: '#6fc3df',
    errorForeground: '#f48771',
    'charts-blue': '#59a4f9',
    'charts-orange': '#ab5a00',
    'charts-green': '#89d185',
    'charts-purple': '#b180d7',
    'charts-yellow': '#ffd370',
    'charts-red': '#f48771',
    'button-background': '#000000',
    'button-foreground': '#ffffff',
    'button-border': '#6fc3df',
    'button-secondaryBackground': '#000000',
    'button-secondaryForeground': '#ffffff',
    'settings-dropdownBackground': '#000000',
    'settings-dropdownForeground': '#ffffff',
    'settings-dropdownBorder': '#6fc3df',
    'settings-dropdownListBorder': '#6fc3df',
    'settings-textInputBackground': '#000000',
    'settings-textInputForeground': '#ffffff',
    'settings-textInputBorder': '#6fc3df',
    'settings-checkboxBackground': '#000000',
    'settings-checkboxForeground': '#ffffff',
    'settings-checkboxBorder': '#6fc3df',
    'input-placeholderForeground': '#ffffff',
    'list-activeSelectionBackground': '#000000',
    'list-activeSelectionForeground': '#ffffff',
    'list-focusOutline': '#f38518',
    'progressBar-background': '#6fc3df',
    'widget-border': '#6fc3df',
    'icon-foreground': '#ffffff',
  },
  highContrastLight: {
    class: 'vscode-high-contrast-light vscode-high-contrast',
    foreground: '#292929',
    descriptionForeground: '#292929',
    'editor-background': '#ffffff',
    'font-family': 'sans-serif',
    'font-size': '13px',
    focusBorder: '#006bbd',
    contrastBorder: '#0f4a85',
    errorForeground: '#b5200d',
    'charts-blue': '#1a85ff',
    'charts-orange': '#0f4a85',
    'charts-green': '#374e06',
    'charts-purple': '#652d90',
    'charts-yellow': '#895503',
    'charts-red': '#b5200d',
    'button-background': '#0f4a85',
    'button-foreground': '#ffffff',
    'button-border': '#0f4a85',
    'button-hoverBackground': '#0f4a85',
    'button-secondaryBackground': '#ffffff',
    'button-secondaryForeground': '#292929',
    'button-secondaryHoverBackground': '#ffffff',
    'settings-dropdownBackground': '#ffffff',
    'settings-dropdownForeground': '#292929',
    'settings-dropdownBorder': '#0f4a85',
    'settings-dropdownListBorder': '#0f4a85',
    'settings-textInputBackground': '#ffffff',
    'settings-textInputForeground': '#292929',
    'settings-textInputBorder': '#0f4a85',
    'settings-checkboxBackground': '#ffffff',
    'settings-checkboxForeground': '#292929',
    'settings-checkboxBorder': '#0f4a85',
    'input-placeholderForeground': '#292929',
    'list-activeSelectionBackground': '#ffffff',
    'list-activeSelectionForeground': '#292929',
    'list-focusOutline': '#006bbd',
    'list-hoverBackground': '#ffffff',
    'progressBar-background': '#0f4a85',
    'widget-border': '#0f4a85',
    'icon-foreground': '#292929',
  },
} as const;

export type ThemeName = keyof typeof THEMES;

/** A page of a panel in a plain browser: the test speaks for the extension. */
export interface BrowserPage<ToPage, ToHost extends { type: string }> {
  readonly page: Page;
  /** What the browser complained about: errors, and what the page's policy blocked. */
  readonly complaints: string[];
  /** Says something to the page, as the extension does. */
  tell(message: ToPage): Promise<void>;
  /** What the page said, checked as the extension does. */
  heard(): Promise<ToHost[]>;
  /** The last that it said of a type. */
  last<Type extends ToHost['type']>(type: Type): Promise<Extract<ToHost, { type: Type }> | undefined>;
  setTheme(theme: ThemeName): Promise<void>;
  /** Saves the whole page as `artifacts/screenshots/<name>.png`. */
  screenshot(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface OpenPage {
  width?: number;
  theme?: ThemeName;
  /** BCP 47: that of the editor. */
  locale?: string;
  /** What the editor kept of the page before. */
  kept?: unknown;
  /** Whether the test turns the clock of the page. */
  clock?: true;
}

/** What the build made, read once. */
const built = new Map<string, Promise<{ script: string; styles: string }>>();

async function readBuilt(name: string): Promise<{ script: string; styles: string }> {
  const read = (file: string) => readFile(path.join(projectFolder, 'dist/webview', file), 'utf8');
  return { script: await read(`${name}.js`), styles: await read(`${name}.css`) };
}

/**
 * Opens a page as `npm run build` made it, under the policy that the extension gives it.
 *
 * @param name what the build calls its files
 * @param readToHost checks what the page says
 */
async function openBrowserPage<ToPage, ToHost extends { type: string }>(
  browser: Browser,
  name: string,
  readToHost: (message: unknown) => ToHost | undefined,
  options: OpenPage = {},
): Promise<BrowserPage<ToPage, ToHost>> {
  const files = built.get(name) ?? readBuilt(name);
  built.set(name, files);
  const { script, styles } = await files;
  const { width = 1400, theme = 'dark', locale = 'en-GB' } = options;
  const page = await browser.newPage({ viewport: { width, height: 1000 }, locale });
  const complaints: string[] = [];
  page.on('console', (line) => {
    if (line.type() === 'error' || line.type() === 'warning') {
      complaints.push(line.text());
    }
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  // The editor puts its interface into the page before the page's own script.
  const stub = `window.told = []; window.kept = ${JSON.stringify(options.kept === undefined ? [] : [options.kept])};
    window.acquireVsCodeApi = () => ({ postMessage: (m) => told.push(m), setState: (s) => kept.push(s), getState: () => kept.at(-1) });
    document.addEventListener('securitypolicyviolation', (e) => console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI));`;
  const served: Record<string, [type: string, body: string]> = {
    '': ['text/html', html(name, stub)],
    [`${name}.js`]: ['text/javascript', script],
    [`${name}.css`]: ['text/css', styles],
  };
  await page.route('**/*', async (route) => {
    const file = served[route.request().url().slice(ADDRESS.length)];
    if (file === undefined) {
      await route.abort();
    } else {
      await route.fulfill({ contentType: `${file[0]}; charset=utf-8`, body: file[1] });
    }
  });
  if (options.clock === true) {
    await page.clock.install();
  }
  await page.goto(ADDRESS);
  const heard = async (): Promise<ToHost[]> => {
    const told = await page.evaluate<unknown[]>('told');
    return told.map((message) => readToHost(message) ?? refuse(message));
  };
  const made: BrowserPage<ToPage, ToHost> = {
    page,
    complaints,
    tell: async (message) => {
      await page.evaluate(`window.postMessage(${JSON.stringify(message)}, '*')`);
      await page.evaluate('new Promise((done) => setTimeout(() => requestAnimationFrame(() => done()), 0))');
    },
    heard,
    last: async (type) => {
      const said = (await heard()).filter((message) => message.type === type);
      return said.at(-1) as Extract<ToHost, { type: typeof type }> | undefined;
    },
    setTheme: async (chosen) => {
      const { class: className, ...colours } = THEMES[chosen];
      await page.evaluate(`document.body.className = '${className}'`);
      for (const [variable, colour] of Object.entries(colours)) {
        await page.evaluate(`document.documentElement.style.setProperty('--vscode-${variable}', '${colour}')`);
      }
    },
    screenshot: async (file) => {
      const folder = path.join(projectFolder, 'artifacts/screenshots');
      await mkdir(folder, { recursive: true });
      await page.screenshot({ path: path.join(folder, `${file}.png`), fullPage: true, animations: 'disabled' });
    },
    close: () => page.close(),
  };
  await made.setTheme(theme);
  return made;
}

/**
 * Sets a suite up to open a page in a browser; each takes the place of the one before. A test fails as well for what its pages complained
 * of, what their policy blocked included.
 */
export function browserPages<ToPage, ToHost extends { type: string }>(
  name: string,
  readToHost: (message: unknown) => ToHost | undefined,
): (options?: OpenPage) => Promise<BrowserPage<ToPage, ToHost>> {
  let browser: Browser;
  let shown: BrowserPage<ToPage, ToHost> | undefined;
  let complaints: string[] = [];
  const close = async () => {
    complaints.push(...(shown?.complaints ?? []));
    await shown?.close();
    shown = undefined;
  };
  before(async () => {
    browser = await launchBrowser();
  });
  after(async () => {
    await browser?.close();
  });
  afterEach(async () => {
    await close();
    const heard = complaints;
    complaints = [];
    assert.deepEqual(heard, []);
  });
  return async (options) => {
    await close();
    shown = await openBrowserPage(browser, name, readToHost, options);
    return shown;
  };
}

/** Resolves when the focus is on the element with this id; some of it moves after the event that moves it. */
export async function standsOn({ page }: { page: Page }, id: string): Promise<void> {
  await page.locator(`#${id}:focus`).waitFor({ timeout: 5_000 });
}

/** What axe finds wrong with a page, one line for each element. */
export async function violations({ page }: { page: Page }): Promise<string[]> {
  // The other mode opens a page of its own, which the browser of the tests has no need of.
  const result = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return result.violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 200)}`));
}

function refuse(message: unknown): never {
  throw new Error(`The page said what is not of its contract: ${JSON.stringify(message).slice(0, 500)}`);
}

/** As the extension writes it, with the editor's own styles of a page. */
function html(name: string, stub: string): string {
  const policy = `default-src 'none'; style-src ${ADDRESS}; script-src 'nonce-page'`;
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<script>${stub}</script>
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width"><link rel="stylesheet" href="${name}.css"><title>${name}</title></head>
<body><main></main><script nonce="page" src="${name}.js"></script></body></html>`;
}
