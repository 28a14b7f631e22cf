import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, BrowserContext, FrameLocator, Locator, Page } from 'playwright-core';
import { type Editor, windowAddress } from './server.ts';

/** Where screenshots are kept: `artifacts/screenshots` of the project. */
const screenshotFolder = path.resolve(import.meta.dirname, '../../../artifacts/screenshots');

const waitLimit = 30_000;

/** Which row of a tree is meant, beside its label. */
export interface TreeItemQuery {
  /** Counts from 1. */
  readonly level?: number;
  /** Which of several rows on screen with that label and level, from the top; counts from 0. */
  readonly nth?: number;
}

/** The colour themes that every editor brings along, as the theme picker names them. */
export const themes = {
  dark: 'Dark Modern',
  light: 'Light Modern',
  highContrast: 'Dark High Contrast',
  highContrastLight: 'Light High Contrast',
} as const;

const themeClasses: Readonly<Record<keyof typeof themes, string>> = {
  dark: 'vs-dark',
  light: 'vs',
  highContrast: 'hc-black',
  highContrastLight: 'hc-light',
};

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** One window of the editor, spoken of the way a person at the screen would. Every method waits for what it needs. */
export class Workbench {
  readonly page: Page;
  readonly #context: BrowserContext;

  constructor(page: Page, context: BrowserContext) {
    this.page = page;
    this.#context = context;
    page.setDefaultTimeout(waitLimit);
  }

  /** Resolves when the window is drawn and its status bar shows the connection to the server. */
  async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.activitybar').waitFor();
    await this.page.locator('.part.statusbar .statusbar-item[id="status.host"]').waitFor();
  }

  /** The open quick input: command palette, quick pick or input box. */
  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget:visible');
  }

  /**
   * Runs a command by its title in the command palette (`Category: Title`).
   * @throws Error when the palette knows no such command, also after extensions had time to register
   */
  async runCommand(title: string): Promise<void> {
    const entry = this.quickInput.getByRole('option', { name: new RegExp(`^${escaped(title)}(?:,|$)`) }).first();
    const deadline = Date.now() + waitLimit;
    // The palette lists what was registered when it was opened, so a command that comes later needs a new palette.
    while (true) {
      await this.page.keyboard.press('F1');
      // A wizard that ends just then, or a tab that comes to the front, closes the palette too: then it is opened again.
      const found = await this.quickInput
        .locator('input')
        .first()
        .fill(`>${title}`, { timeout: 3_000 })
        .then(() => entry.click({ timeout: 3_000 }))
        .then(
          () => true,
          () => false,
        );
      if (found) break;
      await this.page.keyboard.press('Escape');
      await this.quickInput.waitFor({ state: 'hidden' });
      if (Date.now() > deadline) throw new Error(`The command palette has no command "${title}".`);
    }
    // The command may open a quick input of its own in the same place.
    await entry.waitFor({ state: 'hidden' });
  }

  /** Chooses one entry of the open quick pick by its label, or by the beginning of it up to a comma, or an expression. */
  async quickPick(choice: string | RegExp): Promise<void> {
    const name = typeof choice === 'string' ? new RegExp(`^${escaped(choice)}(?:,|$)`) : choice;
    // Entries that are not among the first exist only once the list is narrowed down to them.
    if (typeof choice === 'string') await this.quickInput.locator('input').first().fill(choice);
    await this.quickInput.getByRole('option', { name }).first().click();
  }

  /** The labels in the open quick pick, as a screen reader is told them; only those scrolled into view. */
  async quickPickChoices(): Promise<string[]> {
    const options = this.quickInput.getByRole('option');
    const read = (): Promise<string[]> =>
      options.evaluateAll((elements) => elements.map((element) => element.getAttribute('aria-label') ?? ''));
    await options.first().waitFor();
    // The list draws its rows over several frames; it is complete when nothing was added for a while.
    let labels = await read();
    for (let same = 0; same < 3; same += 1) {
      await this.page.waitForTimeout(50);
      const next = await read();
      if (next.join('\n') !== labels.join('\n')) same = -1;
      labels = next;
    }
    return labels;
  }

  /** Types into the open input box and confirms it. */
  async inputBox(text: string): Promise<void> {
    await this.quickInput.locator('input').first().fill(text);
    await this.page.keyboard.press('Enter');
  }

  /**
   * Answers the simple file dialog of the editor: with what it proposes, unless a path is given. Resolves to the path when the dialog
   * is gone.
   */
  async answerFileDialog(file?: string): Promise<string> {
    const input = this.quickInput.locator('input').first();
    await input.waitFor();
    // The dialog shows the folder first.
    while (!/\.\w+$/.test(await input.inputValue())) await this.page.waitForTimeout(100);
    if (file !== undefined) await input.fill(file);
    const answer = await input.inputValue();
    // A dialog that is still looking at the folder takes no notice.
    do {
      await input.press('Enter');
      await this.page.waitForTimeout(500);
    } while ((await input.isVisible()) && (await input.inputValue()) === answer);
    return answer;
  }

  /** Shows a view container by the title of its icon in the activity bar; does nothing when it is shown already. */
  async openView(title: string): Promise<void> {
    const tab = this.page
      .locator('.part.activitybar')
      .getByRole('tab', { name: new RegExp(`^${escaped(title)}`) })
      .first();
    await tab.waitFor();
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
    await this.page.locator('.part.sidebar .composite.title').getByText(title).first().waitFor();
  }

  /**
   * A row of the tree in the side bar, by its visible label: the whole label, or what matches an expression.
   * Rows outside the visible part of a long tree do not exist on the page. (The accessible name is no help here: the
   * editor takes it from the tooltip where a row has one.)
   */
  treeItem(label: string | RegExp, query: TreeItemQuery = {}): Locator {
    const level = query.level === undefined ? '' : `[aria-level="${query.level}"]`;
    const hasText = typeof label === 'string' ? new RegExp(`^${escaped(label)}$`) : label;
    return this.page
      .locator(`.part.sidebar [role="treeitem"]${level}`)
      .filter({ has: this.page.locator('.monaco-icon-name-container', { hasText }) })
      .nth(query.nth ?? 0);
  }

  /** Turns the wheel over the tree in the side bar until a row is on screen. Downwards with a positive number of pixels a turn. */
  async scrollTo(row: Locator, pixels = 200): Promise<Locator> {
    const list = this.page.locator('.part.sidebar .monaco-list').first();
    const deadline = Date.now() + waitLimit;
    while (!(await row.isVisible())) {
      if (Date.now() > deadline) throw new Error('The row did not come on screen.');
      await list.hover();
      await this.page.mouse.wheel(0, pixels);
      await this.page.waitForTimeout(50);
    }
    return row;
  }

  /** The rows that are on screen, top to bottom: label, then description if there is one, with a space between. */
  async treeItems(): Promise<string[]> {
    const rows = this.page.locator('.part.sidebar [role="treeitem"]');
    await rows.first().waitFor();
    return rows.evaluateAll((elements) =>
      elements
        .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .map((element) =>
          ['.monaco-icon-name-container', '.label-description']
            .map((part) => element.querySelector(part)?.textContent ?? '')
            .filter((text) => text !== '')
            .join(' '),
        ),
    );
  }

  /**
   * Opens a row of the tree and resolves when its first child is on screen, scrolling for it when the row is the last one.
   * A row without children is therefore not for this method: it would wait in vain.
   */
  async expand(label: string | RegExp, query: TreeItemQuery = {}): Promise<Locator> {
    const row = this.treeItem(label, query);
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) !== 'true') await row.locator('.monaco-tl-twistie').click();
    const level = Number(await row.getAttribute('aria-level'));
    const index = Number(await row.getAttribute('data-index'));
    const child = this.page.locator(
      `.part.sidebar [role="treeitem"][aria-level="${level + 1}"][data-index="${index + 1}"]`,
    );
    const deadline = Date.now() + waitLimit;
    while (true) {
      const shown = await child.waitFor({ timeout: 1_000 }).then(
        () => true,
        () => false,
      );
      if (shown) return row;
      if (Date.now() > deadline) throw new Error(`The row ${String(label)} was opened, and no child of it came.`);
      await row.hover();
      await this.page.mouse.wheel(0, 44);
    }
  }

  /** Chooses an entry of a row's context menu; again, when the menu was opened before the entry was there: extensions come late. */
  async contextMenu(row: Locator, entry: string): Promise<void> {
    const item = this.page.getByRole('menuitem', { name: entry });
    for (let attempt = 1; ; attempt++) {
      await row.click({ button: 'right' });
      const isThere = await item.waitFor({ timeout: 3_000 }).then(
        () => true,
        () => false,
      );
      if (isThere || attempt === 8) break;
      await this.page.keyboard.press('Escape');
      await this.page.waitForTimeout(300);
    }
    await item.hover();
    // The editor takes a click right after the menu opened for the end of the one that opened it.
    await this.page.waitForTimeout(300);
    await item.click();
    await item.waitFor({ state: 'detached' });
  }

  /** Titles of the open tabs, left to right. */
  async tabs(): Promise<string[]> {
    return this.page.locator('.part.editor .tabs-container [role="tab"]').evaluateAll((elements) =>
      elements.map((element) =>
        // The editor draws the file extension apart from the name.
        ['.monaco-icon-name-container', '.monaco-icon-suffix-container']
          .map((part) => element.querySelector(part)?.textContent ?? '')
          .join(''),
      ),
    );
  }

  /** One tab by its whole title, or by an expression. */
  tab(title: string | RegExp): Locator {
    // The accessible name goes on with states after a comma, for example ", preview".
    const name = typeof title === 'string' ? new RegExp(`^${escaped(title)}(?:,|$)`) : title;
    return this.page.locator('.part.editor .tabs-container').getByRole('tab', { name }).first();
  }

  /** Brings a tab to the front. */
  async openTab(title: string | RegExp): Promise<void> {
    const tab = this.tab(title);
    await tab.click();
    await tab.and(this.page.locator('[aria-selected="true"]')).waitFor();
  }

  /** The lines of the active text editor that are on screen, top to bottom; waits until there is text. */
  async editorText(): Promise<string[]> {
    const lines = this.page.locator(
      '.part.editor .editor-group-container.active .monaco-editor .view-lines .view-line',
    );
    await lines.filter({ hasText: /\S/ }).first().waitFor();
    return lines.evaluateAll((elements) =>
      elements
        .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        // The editor draws spaces as no-break spaces.
        .map((element) => (element.textContent ?? '').replaceAll('\u00a0', ' ')),
    );
  }

  /** The document inside the active webview: two nested frames. */
  webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').last().frameLocator('#active-frame');
  }

  /**
   * Presses a button of a row and resolves when what it opens is there: the quick input, unless something else is named. When the
   * editor was just drawing that row anew it says so, and the button is pressed again, as a person would.
   */
  async pressInRow(row: Locator, name: string, opens: Locator = this.quickInput): Promise<void> {
    const lost = this.notification(/was just being drawn anew/);
    while (true) {
      await row.hover();
      await row.getByRole('button', { name }).click();
      await opens.or(lost).first().waitFor();
      if (!(await lost.isVisible())) return;
      await this.runCommand('Notifications: Clear All Notifications');
    }
  }

  /** The notification that shows this text, when it comes. */
  notification(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item').filter({ hasText: text }).first();
  }

  /** The texts of the notifications that are on screen now. */
  async notifications(): Promise<string[]> {
    const texts = await this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
    return texts.map((text) => text.trim());
  }

  /** Presses a button of a notification. */
  async answerNotification(text: string | RegExp, button: string): Promise<void> {
    await this.notification(text).getByRole('button', { name: button }).click();
  }

  /** A status bar entry, by the end of its id (`extension.item`) or by text that it shows. */
  statusBarItem(idOrText: string): Locator {
    const bar = this.page.locator('.part.statusbar');
    return bar
      .locator(`.statusbar-item[id$=${JSON.stringify(idOrText)}]`)
      .or(bar.locator('.statusbar-item').filter({ hasText: idOrText }))
      .first();
  }

  /** Changes the colour theme for good and resolves when the window wears it. */
  async setTheme(theme: keyof typeof themes): Promise<void> {
    await this.runCommand('Preferences: Color Theme');
    await this.quickPick(themes[theme]);
    await this.quickInput.waitFor({ state: 'hidden' });
    await this.page.locator(`.monaco-workbench.${themeClasses[theme]}`).waitFor();
  }

  /** Reloads the window by the editor's own command, which saves what it has to; open tabs and views come back by themselves. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load');
    await this.runCommand('Developer: Reload Window');
    await loaded;
    await this.ready();
  }

  /**
   * Saves what is on screen as `artifacts/screenshots/<name>.png` and returns the file.
   * @param state `settled` waits for the editor's progress bars to end, `busy` does not
   */
  async screenshot(name: string, state: 'settled' | 'busy' = 'settled'): Promise<string> {
    await mkdir(screenshotFolder, { recursive: true });
    const file = path.join(screenshotFolder, `${name}.png`);
    if (state === 'settled') {
      await this.page.locator('.monaco-progress-container.active').first().waitFor({ state: 'hidden' });
    }
    await this.page.locator('.part.statusbar').getByText('Activating Extensions').waitFor({ state: 'hidden' });
    await this.page.screenshot({ path: file, animations: 'disabled' });
    return file;
  }

  async close(): Promise<void> {
    windows.delete(this);
    await this.#context.close();
  }
}

const windows = new Set<Workbench>();

/** Saves what every open window shows, for somebody who looks into a failed test, as `failed <title>.png`. */
export async function screenshotsOfFailure(title: string): Promise<void> {
  for (const [index, { page }] of [...windows].filter(({ page }) => !page.isClosed()).entries()) {
    const name = `failed ${title.replaceAll(/[^\w ]/g, '_')}${index === 0 ? '' : ` ${index + 1}`}.png`;
    // The window may be what failed: the test's own failure is what counts.
    await page.screenshot({ path: path.join(screenshotFolder, name) }).catch(() => undefined);
  }
}

/** How a window is opened. */
export interface OpenOptions {
  /** Absolute; the editor's workspace when left out. */
  readonly folder?: string;
  /** Pixels. */
  readonly viewport?: { readonly width: number; readonly height: number };
}

/**
 * Opens a window of the editor in a browser profile of its own, so that nothing is remembered from another test.
 * `reload` keeps the profile.
 */
export async function openWorkbench(browser: Browser, editor: Editor, options: OpenOptions = {}): Promise<Workbench> {
  const { folder = editor.workspace, viewport = { width: 1280, height: 800 } } = options;
  const context = await browser.newContext({ viewport });
  const workbench = new Workbench(await context.newPage(), context);
  windows.add(workbench);
  await workbench.page.goto(windowAddress(editor, folder));
  await workbench.ready();
  return workbench;
}
