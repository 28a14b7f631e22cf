import assert from 'node:assert/strict';
import { violations } from '../support/browserPage.ts';
import { memoryRow } from '../support/memoryTable.ts';
import { type AnsweredPage, usageTablePages } from '../support/tablePage.ts';

describe('the page with a usage table', () => {
  const { answered, alone } = usageTablePages();

  const cellAt = ({ page }: AnsweredPage, row: number, column: number) =>
    page.locator(`[role="row"][aria-rowindex="${row + 2}"] [aria-colindex="${column + 1}"]`);
  const focused = ({ page }: AnsweredPage) =>
    page.evaluate<string>(`(() => {
      const at = document.activeElement;
      const row = at.closest('[role="row"]');
      return row === null ? at.className : row.ariaRowIndex + ' ' + at.ariaColIndex;
    })()`);
  const status = ({ page }: AnsweredPage) => page.locator('.selection').innerText();
  const count = ({ page }: AnsweredPage) => page.locator('.status .count').innerText();
  const press = async (shown: AnsweredPage, ...keys: string[]) => {
    for (const key of keys) {
      await shown.page.keyboard.press(key);
    }
    await shown.settled();
  };
  const column = async (shown: AnsweredPage, name: string, rows: number) => {
    const place = ['Date', 'Customer', 'Service', 'Resource', 'Quantity', 'Cost', 'Currency'].indexOf(name);
    return Promise.all(Array.from({ length: rows }, (_, row) => cellAt(shown, row, place).innerText()));
  };

  for (const theme of ['dark', 'light', 'highContrast', 'highContrastLight'] as const) {
    it(`shows rows in the theme ${theme}, and axe finds nothing wrong`, async () => {
      const shown = await answered({ rows: 5_000_000 }, { theme, width: 1100 });
      await cellAt(shown, 2, 1).click();
      await shown.page.keyboard.down('Shift');
      await cellAt(shown, 6, 5).click();
      await shown.page.keyboard.up('Shift');
      await shown.settled();
      assert.deepEqual(await violations(shown), []);
      await shown.screenshot(`usage-table-${theme}`);
    });
  }

  it('fits into a panel of 300 pixels', async () => {
    const narrow = await answered({ rows: 5_000_000 }, { width: 300 });
    assert.deepEqual(await violations(narrow), []);
    const width = await narrow.page.evaluate('document.documentElement.scrollWidth');
    assert.ok(Number(width) <= 300, `${width}`);
    await narrow.screenshot('usage-table-narrow');
  });

  it('writes texts as text, and tells nothing from a text of no characters', async () => {
    const shown = await answered({ rows: 100 });
    assert.equal(await shown.page.locator('.body b').count(), 0);
    assert.equal(await cellAt(shown, 3, 1).innerText(), 'Cinder & Sons <b>Ltd</b>');
    assert.equal(await cellAt(shown, 5, 1).getAttribute('aria-label'), 'empty text');
    assert.equal(await cellAt(shown, 6, 1).getAttribute('aria-label'), 'empty');
    await cellAt(shown, 7, 5).click();
    // What is cut in its cell can be read to its last digit.
    assert.equal(await status(shown), 'Cost: 123456789012345678.12345678901234567891');
  });

  it('reaches any of 5,000,000 rows, draws what is in sight alone, and never shows a row that is not drawn', async () => {
    const shown = await answered({ rows: 5_000_000 });
    const { page } = shown;
    assert.equal(await count(shown), '5,000,000 rows');
    assert.equal(await page.getByRole('grid').getAttribute('aria-rowcount'), '5000001');
    await page.getByRole('grid').focus();
    await press(shown, 'Control+End');
    assert.equal(await focused(shown), '5000001 10');
    assert.equal(await cellAt(shown, 4_999_999, 8).innerText(), '4999999');
    await shown.screenshot('usage-table-end');
    // A turn of the wheel moves some rows, although a pixel of the bar stands for many.
    const first = () => page.locator('.body [role="row"]').first().getAttribute('aria-rowindex').then(Number);
    const before = await first();
    await page.mouse.move(400, 400);
    await page.mouse.wheel(0, -220);
    await shown.settled();
    assert.equal(before - (await first()), 10);
    for (const part of [0.1, 0.5, 0.77, 0.3, 0]) {
      await page.evaluate(
        `(() => { const g = document.querySelector('.grid'); g.scrollTop = g.scrollHeight * ${part}; })()`,
      );
      await shown.settled();
      const rows = page.locator('.body [role="row"]');
      assert.ok((await rows.count()) < 60);
      const row = Number(await rows.nth(5).getAttribute('aria-rowindex')) - 2;
      assert.ok(Math.abs(row / 5_000_000 - part) < 0.01, `${row} at ${part}`);
      assert.equal(await cellAt(shown, row, 8).innerText(), String(row));
    }
    // The rows fill the window from the header to its end.
    const gaps = await page.evaluate<number>(`(() => {
      const grid = document.querySelector('.grid').getBoundingClientRect();
      const rows = [...document.querySelectorAll('.body [role="row"]')].map((row) => row.getBoundingClientRect());
      return Math.max(rows[0].top - grid.top - 24, grid.bottom - rows.at(-1).bottom);
    })()`);
    assert.ok(gaps <= 1, `${gaps}`);
  });

  it('keeps the focus while its row goes out of sight and comes back', async () => {
    const shown = await answered({ rows: 100_000 });
    await cellAt(shown, 3, 2).click();
    assert.equal(await focused(shown), '5 3');
    await shown.page.mouse.wheel(0, 30_000);
    await shown.settled();
    assert.equal(await focused(shown), 'grid');
    await shown.page.mouse.wheel(0, -30_000);
    await shown.settled();
    assert.equal(await focused(shown), '5 3');
    await shown.page.mouse.wheel(0, 30_000);
    await shown.settled();
    await press(shown, 'ArrowDown');
    assert.equal(await focused(shown), '6 3');
  });

  it('is used by the keyboard alone: moves, selections, order, widths, places of columns', async () => {
    const shown = await answered({ rows: 2_000 });
    await cellAt(shown, 0, 0).focus();
    await press(shown, 'ArrowDown', 'ArrowRight', 'End');
    assert.equal(await focused(shown), '3 10');
    await press(shown, 'Home', 'PageDown');
    const [page = 0] = (await focused(shown)).split(' ').map(Number);
    assert.ok(page > 30, `${page}`);
    await press(shown, 'PageUp', 'Control+Home');
    assert.equal(await focused(shown), '2 1');
    await press(shown, 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowDown');
    assert.equal(await status(shown), '4 cells in 2 rows · Quantity: 1.5; Cost: 1.5 EUR (2 values)');
    await press(shown, 'Control+a');
    assert.match(await status(shown), /^20,000 cells in 2,000 rows · .*Cost: .* EUR · .* USD · .* JPY/);
    await press(shown, 'Escape', 'Control+Home', 'ArrowUp', 'ArrowRight', 'ArrowRight');
    assert.equal(await focused(shown), '1 3');
    await press(shown, 'Enter');
    assert.deepEqual((await column(shown, 'Service', 2)).slice(0, 2), ['=SUM(A1:A9)', '=SUM(A1:A9)']);
    assert.equal(await focused(shown), '1 3');
    await press(shown, 'Enter');
    assert.equal(await cellAt(shown, 0, 2).innerText(), 'Virtual Machines');
    await press(shown, 'ArrowRight', 'ArrowRight', 'ArrowRight', 'Shift+Enter');
    const head = shown.page.getByRole('columnheader');
    assert.equal(await head.nth(2).getAttribute('aria-sort'), 'descending');
    assert.equal(await head.nth(5).getAttribute('aria-sort'), 'ascending');
    assert.equal(await cellAt(shown, 0, 5).innerText(), '0.25');
    const width = async () => (await head.nth(5).boundingBox())?.width ?? 0;
    const before = await width();
    await press(shown, 'Shift+ArrowRight', 'Shift+ArrowRight');
    assert.equal((await width()) - before, 32);
    await press(shown, 'Alt+Shift+ArrowLeft');
    assert.equal(
      await head
        .nth(4)
        .innerText()
        .then((text) => text.split('\n')[0]),
      'Cost',
    );
    assert.equal(await focused(shown), '1 5');
    await shown.screenshot('usage-table-keyboard');
    assert.deepEqual(await violations(shown), []);
  });

  it('adds up a rectangle of the mouse, per currency', async () => {
    const shown = await answered({ rows: 500 });
    const from = await cellAt(shown, 1, 5).boundingBox();
    const to = await cellAt(shown, 4, 6).boundingBox();
    assert.ok(from && to);
    await shown.page.mouse.move(from.x + 5, from.y + 5);
    await shown.page.mouse.down();
    await shown.page.mouse.move(to.x + 5, to.y + 5, { steps: 4 });
    await shown.page.mouse.up();
    await shown.settled();
    assert.equal(await status(shown), '8 cells in 4 rows · Cost: 4.5 EUR · 2.25 USD · 4.25 JPY (2 values)');
    assert.equal(await shown.page.locator('[aria-selected="true"]').count(), 8);
  });

  it('sorts by a press of the mouse, by more keys with Shift, and goes back to the order of the file', async () => {
    const shown = await answered({ rows: 300 });
    const head = shown.page.getByRole('columnheader');
    await head.nth(6).click({ position: { x: 20, y: 8 } });
    await shown.settled();
    assert.deepEqual(await column(shown, 'Currency', 2), ['EUR', 'EUR']);
    await head.nth(5).click({ modifiers: ['Shift'], position: { x: 60, y: 8 } });
    await head.nth(5).click({ modifiers: ['Shift'], position: { x: 60, y: 8 } });
    await shown.settled();
    assert.deepEqual(await column(shown, 'Cost', 1), ['98.25']);
    await head.nth(6).click({ position: { x: 20, y: 8 } });
    await head.nth(6).click({ position: { x: 20, y: 8 } });
    await shown.settled();
    assert.equal(await head.nth(6).getAttribute('aria-sort'), 'none');
    assert.equal(await cellAt(shown, 0, 8).innerText(), '0');
    assert.equal(await count(shown), '300 rows');
  });

  it('filters by values with their counts, by text and by ends, and takes filters away again', async () => {
    const shown = await answered({ rows: 700 });
    const { page } = shown;
    await page.getByRole('button', { name: 'Filter Customer' }).click();
    await shown.settled();
    const dialog = page.getByRole('dialog', { name: 'Filter' });
    assert.match(await dialog.locator('.values').innerText(), /\(empty\)\s*100/);
    assert.deepEqual(await violations(shown), []);
    await shown.screenshot('usage-table-filter');
    await dialog.getByLabel('Alder Mill').check();
    await dialog.getByLabel('(empty text)').check();
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await shown.settled();
    assert.equal(await count(shown), '200 rows');
    assert.deepEqual(await column(shown, 'Customer', 3), ['Alder Mill', '""', 'Alder Mill']);
    // By the keyboard: a second column.
    await cellAt(shown, 0, 2).focus();
    await press(shown, 'Alt+ArrowDown');
    await dialog.getByLabel('Rows where it').selectOption('contains');
    await dialog.getByLabel('Text').last().fill('sql');
    await press(shown, 'Enter');
    assert.equal(await dialog.count(), 0);
    assert.equal(await focused(shown), '2 3');
    assert.deepEqual(await column(shown, 'Service', 2), ['Azure SQL Database', 'Azure SQL Database']);
    assert.equal(await page.locator('.chip').count(), 2);
    await shown.screenshot('usage-table-filtered');
    await page.getByRole('button', { name: 'Filter…' }).click();
    await dialog.getByLabel('Column').selectOption('Date');
    await dialog.getByLabel('Rows where it').selectOption('between');
    await dialog.getByRole('button', { name: 'Apply' }).click();
    assert.match(await dialog.innerText(), /Write where it begins, where it ends, or both\./);
    await dialog.getByLabel('From').last().fill('2027-01-01');
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await shown.settled();
    assert.match(await page.locator('.notices').innerText(), /No row passes the filters\./);
    assert.deepEqual(await violations(shown), []);
    await shown.screenshot('usage-table-no-rows');
    await page.locator('.notices').getByRole('button', { name: 'Clear Filters' }).click();
    await shown.settled();
    assert.equal(await count(shown), '700 rows');
    assert.equal(await page.locator('.notice').count(), 0);
    assert.equal(await page.locator('.chip').count(), 0);
  });

  it('groups with sums per currency, opens a group, and comes back', async () => {
    const shown = await answered({ rows: 310 });
    const { page } = shown;
    await page.getByRole('button', { name: 'Group…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Group' });
    await dialog.getByRole('button', { name: 'Apply' }).click();
    assert.match(await dialog.innerText(), /Choose at least one column\./);
    await dialog.getByLabel('Group by').selectOption('Date by day');
    await dialog.getByLabel('then by').first().selectOption('Service');
    assert.equal(await dialog.getByRole('checkbox', { name: 'Cost' }).isChecked(), true);
    assert.deepEqual(await violations(shown), []);
    await shown.screenshot('usage-table-group-dialog');
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await shown.settled();
    assert.equal(await count(shown), '155 groups');
    assert.match(await status(shown), /^Together · Cost: .* EUR · .* USD · .* JPY$/);
    const [day, service, rows] = await Promise.all([0, 1, 2].map((place) => cellAt(shown, 0, place).innerText()));
    assert.match(await cellAt(shown, 0, 3).innerText(), /^[\d,.]+ (EUR|USD|JPY)( · |$)/);
    await shown.screenshot('usage-table-groups');
    await cellAt(shown, 0, 0).focus();
    await press(shown, 'Enter');
    assert.equal(await count(shown), `${rows} rows`);
    assert.deepEqual(await column(shown, 'Date', 1), [day]);
    assert.deepEqual(await column(shown, 'Service', 1), [service]);
    assert.equal(await page.locator('.chip').count(), 2);
    await shown.screenshot('usage-table-group-opened');
    await page.getByRole('button', { name: '← Groups' }).click();
    await shown.settled();
    assert.equal(await count(shown), '155 groups');
    await press(shown, 'Control+c');
    assert.match(shown.copied.at(-1) ?? '', /^Date by day\tService\tRows\tCost \((EUR|USD|JPY)\)\r\n2026-10-/);
    await page.getByRole('button', { name: 'Remove groups' }).click();
    await shown.settled();
    assert.equal(await count(shown), '310 rows');
  });

  it('finds a text, the next and the one before, and goes on at the other end', async () => {
    const shown = await answered({ rows: 500 });
    const { page } = shown;
    await cellAt(shown, 0, 0).focus();
    await press(shown, 'Control+f');
    await page.getByLabel('Find in the table').fill('vm-49');
    const result = page.locator('.result');
    await press(shown, 'Enter');
    assert.equal(await result.innerText(), 'Row 50, Resource');
    await press(shown, 'Enter');
    assert.equal(await result.innerText(), 'Row 491, Resource');
    await press(shown, 'Shift+Enter');
    assert.equal(await result.innerText(), 'Row 50, Resource');
    await press(shown, 'Shift+Enter');
    assert.equal(await result.innerText(), 'Row 500, Resource (from the end again)');
    await press(shown, 'Enter');
    assert.equal(await result.innerText(), 'Row 50, Resource (from the beginning again)');
    assert.deepEqual(await violations(shown), []);
    await shown.screenshot('usage-table-find');
    await page.getByLabel('Find in the table').fill('nowhere at all');
    await press(shown, 'Enter');
    assert.equal(await result.innerText(), 'Not found.');
    await press(shown, 'Escape');
    assert.equal(await focused(shown), '51 4');
  });

  it('chooses columns: hidden, moved, as wide as wanted', async () => {
    const shown = await answered({ rows: 50 });
    const { page } = shown;
    await page.getByRole('button', { name: 'Columns…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Columns' });
    await dialog.getByRole('checkbox', { name: 'Customer' }).uncheck();
    await dialog.getByRole('button', { name: 'Move Cost up' }).click();
    await shown.page.keyboard.press('Enter');
    await dialog.getByLabel('Width of Cost in pixels').fill('320');
    assert.deepEqual(await violations(shown), []);
    await shown.screenshot('usage-table-columns');
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await shown.settled();
    const heads = await page.getByRole('columnheader').locator('bdi').allInnerTexts();
    assert.deepEqual(heads.slice(0, 5), ['Date', 'Service', 'Cost', 'Resource', 'Quantity']);
    assert.equal((await page.getByRole('columnheader').nth(2).boundingBox())?.width, 320);
    assert.equal(await cellAt(shown, 1, 2).innerText(), '1.25');
    const [edge] = await page.locator('.edge').all();
    const box = await edge?.boundingBox();
    assert.ok(box);
    await page.mouse.move(box.x + 3, box.y + 5);
    await page.mouse.down();
    await page.mouse.move(box.x + 53, box.y + 5, { steps: 3 });
    await page.mouse.up();
    await shown.settled();
    assert.equal((await page.getByRole('columnheader').first().boundingBox())?.width, 160);
    // A drag of the edge is no press of the header.
    assert.equal(await page.getByRole('columnheader').first().getAttribute('aria-sort'), 'none');
  });

  it('copies with headers, asks above 100,000 cells, and exports what is shown', async () => {
    const shown = await answered({ rows: 20_000 });
    const { page } = shown;
    await cellAt(shown, 4, 2).click();
    await press(shown, 'Shift+ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowRight', 'Control+c');
    const [, , , resource, quantity, cost] = memoryRow(4);
    assert.deepEqual(shown.copied, [
      `Service\tResource\tQuantity\tCost\r\n'=SUM(A1:A9)\t${resource}\t${quantity}\t${cost}\r\n`,
    ]);
    assert.equal(await status(shown), 'Copied 4 cells with headers.');
    await press(shown, 'Control+a', 'Control+c');
    assert.deepEqual(shown.asked, ['Copy 200,000 cells to the clipboard?']);
    assert.equal(shown.copied.length, 1);
    await page.getByRole('button', { name: 'Export Parquet…' }).click();
    await shown.settled();
    assert.equal(await status(shown), 'Exported 20,000 rows to out.csv.');
    const asked = (await shown.heard()).flatMap((said) => (said.type === 'ask' ? [said.question] : []));
    assert.equal(asked.find(({ about }) => about === 'export')?.about, 'export');
  });

  it('shows what takes long, stops it, and asks again', async () => {
    let slow = false;
    const gate = Promise.withResolvers<void>();
    const shown = await answered({
      rows: 1_000,
      before: async (_about, signal) => {
        if (slow) {
          await Promise.race([gate.promise, new Promise((_, stop) => signal?.addEventListener('abort', stop))]);
        }
      },
    });
    const { page } = shown;
    slow = true;
    await page
      .getByRole('columnheader')
      .nth(2)
      .click({ position: { x: 20, y: 8 } });
    const work = page.locator('.work');
    await work.waitFor({ state: 'visible' });
    assert.match(await work.innerText(), /Sorting…/);
    await shown.screenshot('usage-table-working');
    await work.getByRole('button', { name: 'Cancel' }).click();
    assert.match(await page.locator('.notices').innerText(), /Cancelled: what is not there was not read\./);
    await work.waitFor({ state: 'hidden' });
    slow = false;
    await page.getByRole('button', { name: 'Try Again' }).click();
    await shown.settled();
    assert.deepEqual(await column(shown, 'Service', 1), ['=SUM(A1:A9)']);
    assert.equal(await page.locator('.notice').count(), 0);
    gate.resolve();
  });

  it('does not hear answers to what nobody asks any more', async () => {
    const shown = await answered({ rows: 1_000 });
    const asked = (await shown.heard()).flatMap((said) => (said.type === 'ask' ? [said.request] : []));
    const stale = Math.min(...asked);
    await shown.tell({ type: 'answer', request: stale, answer: { about: 'rows', rows: [['stale']] } });
    await shown.tell({ type: 'answer', request: stale + 1, answer: { about: 'count', rows: 3 } });
    assert.equal(await count(shown), '1,000 rows');
    assert.equal(await cellAt(shown, 0, 0).innerText(), '2026-10-01');
  });

  it('says what failed, with a way to try again and to the log', async () => {
    let failing = true;
    const shown = await answered({
      rows: 1_000,
      before: (about) => {
        if (failing && about === 'rows') {
          throw new Error(
            'Row 17 of usage.csv has 3 cells and its header 10; correct the row, or open the file as text.',
          );
        }
      },
    });
    const { page } = shown;
    assert.match(await page.getByRole('alert').innerText(), /^Row 17 of usage\.csv has 3 cells/);
    assert.deepEqual(await violations(shown), []);
    await shown.screenshot('usage-table-failed');
    await page.getByRole('button', { name: 'Show Log' }).click();
    assert.deepEqual(await shown.last('act'), { type: 'act', action: 'showLog' });
    failing = false;
    await page.getByRole('button', { name: 'Try Again' }).click();
    await shown.settled();
    assert.equal(await cellAt(shown, 0, 0).innerText(), '2026-10-01');
  });

  it('shows files without rows', async () => {
    const shown = await answered({ rows: 0 });
    assert.match(await shown.page.locator('.notices').innerText(), /The file has columns and no rows\./);
    assert.equal(await count(shown), '0 rows');
    assert.deepEqual(await violations(shown), []);
    await shown.screenshot('usage-table-empty');
  });

  it('tells of a file that changed and of an engine that ended', async () => {
    const shown = await answered({ rows: 100 });
    const { page } = shown;
    await shown.tell({ type: 'note', about: 'file', message: 'The file changed on disk.', actions: ['reload'] });
    await shown.tell({ type: 'note', about: 'engine', message: 'The engine is being started again.', actions: [] });
    await shown.screenshot('usage-table-changed');
    await shown.tell({ type: 'note', about: 'engine', message: '', actions: [] });
    assert.equal(await page.locator('.notice').count(), 1);
    await page.getByRole('button', { name: 'Reload' }).click();
    assert.deepEqual(await shown.last('act'), { type: 'act', action: 'reload' });
  });

  it('is as it was after a reload of the window', async () => {
    const before = await answered({ rows: 5_000 });
    await before.page
      .getByRole('columnheader')
      .nth(5)
      .click({ position: { x: 60, y: 8 } });
    await before.settled();
    await cellAt(before, 10, 5).click();
    await press(before, 'PageDown', 'PageDown', 'PageDown');
    const place = await focused(before);
    const kept = await before.page.evaluate<unknown>('kept.at(-1)');
    const after = await answered({ rows: 5_000 }, { kept });
    assert.equal(await after.page.getByRole('columnheader').nth(5).getAttribute('aria-sort'), 'ascending');
    assert.equal(await focused(after), place);
    // What was kept by another version is no reason not to open.
    const odd = await answered({ rows: 10 }, { kept: { keep: 1, choice: { columns: 'all' } } });
    assert.equal(await count(odd), '10 rows');
  });

  it('says how far opening is, and why there is no table', async () => {
    const shown = await alone();
    const title = 'usage.csv';
    await shown.tell({ type: 'opening', title, message: 'Opening…' });
    await shown.page.getByRole('button', { name: 'Cancel' }).click();
    assert.deepEqual(await shown.last('act'), { type: 'act', action: 'cancel' });
    await shown.tell({
      type: 'stopped',
      title,
      why: 'noEngine',
      message:
        'This package of the extension has no engine for win32-arm64; install the package that is made for it to use tables and SQL.',
      actions: ['openAsText', 'showLog'],
    });
    assert.deepEqual(await violations(shown), []);
    await shown.screenshot('usage-table-no-engine');
    await shown.page.getByRole('button', { name: 'Open as Text' }).click();
    assert.deepEqual(await shown.last('act'), { type: 'act', action: 'openAsText' });
    await shown.tell({ type: 'stopped', title, why: 'failed', message: 'It is no Parquet file.', actions: ['reload'] });
    assert.equal(await shown.page.getByRole('alert').innerText(), 'It is no Parquet file.');
  });
});
