import assert from 'node:assert/strict';
import { standsOn, violations } from '../support/browserPage.ts';
import { CHOICES, type SpendPage, spendPages, VALUES } from '../support/spendPage.ts';
import { QUESTION, samplePicture } from '../support/spendPictures.ts';

const VIEWS = ['columns', 'cumulative', 'breakdown', 'comparison', 'table'] as const;

/** Names as nobody should have them: markup, a formula, a link that runs a command, text that turns around, far too much of it. */
const HOSTILE = [
  '<img src=x onerror=alert(1)><h1>Huge</h1>',
  '=HYPERLINK("https://example.com","free")',
  '[run](command:workbench.action.closeWindow)',
  'מדד גאות ושפל',
  '💸💸 | pipes, "quotes"\nand lines',
  'x'.repeat(4000),
];

describe('the page of the spend panel', () => {
  const { open, show } = spendPages();

  const text = ({ page }: SpendPage, selector: string) => page.locator(selector).innerText();
  const detail = (shown: SpendPage) => text(shown, '.detail');

  for (const theme of ['light', 'dark', 'highContrast', 'highContrastLight'] as const) {
    for (const width of [300, 1400]) {
      it(`can be read in the theme ${theme}, ${width} pixels wide, in each of its views`, async () => {
        const shown = await show(samplePicture({ compareWith: 'previous' }, { open: 5 }), { theme, width });
        for (const view of VIEWS) {
          await shown.tell({ ...CHOICES, question: { ...QUESTION, view, compareWith: 'previous' } });
          const picture = samplePicture({ view, compareWith: 'previous' }, { open: 5 });
          await shown.tell({ type: 'picture', answers: 0, picture });
          await shown.screenshot(`spend-${view}-${theme}-${width}`);
          assert.deepEqual(await violations(shown), [], view);
          const beyond = await shown.page.evaluate<number>(
            'document.documentElement.scrollWidth - document.documentElement.clientWidth',
          );
          assert.ok(beyond <= 0, `${view} keeps to its window`);
        }
      });
    }
  }

  it('changes what is asked by keyboard, and keeps the focus where it was', async () => {
    const shown = await show(samplePicture());
    await shown.page.locator('#groupBy').focus();
    for (const key of ['Enter', 'ArrowDown', 'Enter']) {
      await shown.page.keyboard.press(key);
    }
    const asked = await shown.last('ask');
    assert.equal(asked?.question.groupBy, 'ResourceLocation');
    assert.equal(await shown.page.evaluate('document.activeElement.id'), 'groupBy');
    await shown.screenshot('spend-asked');
  });

  it('is pointed at and clicked: a part of a column, a column, an area of the breakdown', async () => {
    const shown = await show(samplePicture());
    const box = (await shown.page.locator('.canvas').boundingBox()) ?? assert.fail('no canvas');
    await shown.page.mouse.move(box.x + 58, box.y + box.height - 60);
    assert.match(await detail(shown), /^Thu, 1 Oct 2026 \(UTC\), Virtual Machines: 140\.00 EUR/);
    await shown.page.mouse.click(box.x + 58, box.y + 40);
    assert.deepEqual((await shown.last('drill'))?.period, { from: '2026-10-01', to: '2026-10-01' });
    await shown.page.locator('#view-breakdown').click();
    await shown.page.mouse.click(box.x + 100, box.y + 100);
    assert.deepEqual(await shown.last('drill'), {
      type: 'drill',
      period: { from: '2026-10-01', to: '2026-10-31' },
      key: 'Virtual Machines',
    });
  });

  it('leads from the cells of the table to their rows, by keyboard', async () => {
    const shown = await show(samplePicture({ view: 'table' }));
    await shown.page.locator('td[tabindex="0"]').focus();
    await shown.page.keyboard.press('ArrowDown');
    await shown.page.keyboard.press('Enter');
    assert.deepEqual(await shown.last('drill'), {
      type: 'drill',
      period: { from: '2026-10-02', to: '2026-10-02' },
      key: 'Virtual Machines',
    });
  });

  for (const [locale, currency, decimals, digits, expected] of [
    ['en-US', 'EUR', 2, 12, '140.000000000000'],
    ['de-DE', 'JPY', 0, 0, '140'],
    ['fr-FR', 'KWD', 3, 3, '140,000'],
    ['de-DE', 'KWD', 3, 18, '140,000000000000000000'],
  ] as const) {
    it(`shows every digit of ${currency} with ${digits} of them behind the point as ${locale} writes them`, async () => {
      const picture = samplePicture({ view: 'table' }, { currency, decimals, digits });
      const shown = await show(picture, { locale });
      const cells = await shown.page.locator('tbody').first().locator('tr').first().locator('td').allInnerTexts();
      // Grouping marks and the decimal mark are the locale's; digits are the service's.
      const plain = cells.slice(0, picture.series.length).map((cell) => cell.replaceAll(/[^\d]/g, ''));
      assert.deepEqual(
        plain,
        picture.series.map(({ values }) => (values[0] ?? '').replaceAll('.', '')),
      );
      assert.ok(cells.includes(expected), cells.join(' '));
      assert.ok((await shown.page.locator('caption').first().innerText()).includes(currency));
    });
  }

  it('never mixes currencies: a switch chooses which is shown', async () => {
    const shown = await show({ ...samplePicture(), currencies: ['EUR', 'JPY'] });
    const box = shown.page.locator('#code');
    await box.focus();
    for (const key of ['Enter', 'ArrowDown', 'Enter']) {
      await shown.page.keyboard.press(key);
    }
    assert.equal((await shown.last('ask'))?.question.code, 'JPY');
  });

  it('ignores answers to a question that was changed since', async () => {
    const shown = await show(samplePicture());
    await shown.page.locator('#view-cumulative').click();
    await shown.page.locator('#view-breakdown').click();
    const asked = await shown.last('ask');
    assert.equal(asked?.request, 2);
    await shown.tell({
      type: 'picture',
      answers: 1,
      picture: { ...samplePicture({ view: 'cumulative' }), summary: 'Old.' },
    });
    assert.notEqual(await text(shown, '.summary'), 'Old.');
    await shown.tell({
      type: 'picture',
      answers: 2,
      picture: { ...samplePicture({ view: 'breakdown' }), summary: 'New.' },
    });
    assert.equal(await text(shown, '.summary'), 'New.');
  });

  it('tells what it is waiting for, counts down and can be cancelled', async () => {
    const shown = await open();
    await shown.tell(CHOICES);
    await shown.tell({ type: 'working', message: 'Reading October 2026…' });
    assert.deepEqual(await violations(shown), []);
    const until = new Date(Date.now() + 38_000).toISOString();
    await shown.tell({ type: 'working', message: 'Waiting for the limit of Cost Management.', until });
    assert.match(await text(shown, '.left'), /^3\d s left$/);
    await shown.screenshot('spend-waiting');
    await shown.page.getByRole('button', { name: 'Cancel' }).click();
    assert.deepEqual(await shown.last('cancel'), { type: 'cancel' });
  });

  for (const [why, button, told] of [
    ['failed', 'Try Again', 'retry'],
    ['failed', 'Show Log', 'showLog'],
    ['permission', 'Try Again', 'retry'],
    ['cancelled', 'Read Again', 'retry'],
    ['empty', 'Refresh', 'refresh'],
    ['confirm', 'Read All Days', 'ask'],
  ] as const) {
    it(`says why there is no picture (${why}) and what to do: ${button}`, async () => {
      const shown = await open();
      await shown.tell(CHOICES);
      await shown.tell({ type: 'stopped', answers: 0, why, message: 'Why it is so.', advice: 'What to do.' });
      const role = why === 'failed' || why === 'permission' ? 'alert' : 'status';
      await shown.page.getByRole(role).filter({ hasText: 'Why it is so.' }).waitFor();
      assert.equal(await text(shown, '.advice'), 'What to do.');
      assert.deepEqual(await violations(shown), []);
      await shown.screenshot(`spend-stopped-${why}`);
      await shown.page.getByRole('button', { name: button, exact: true }).first().click();
      const last = (await shown.heard()).at(-1);
      assert.equal(last?.type, told);
      assert.ok(last?.type !== 'ask' || last.confirmed === true);
    });
  }

  it('takes away a picture when there is none for the new question', async () => {
    const shown = await show(samplePicture());
    await shown.page.locator('#view-cumulative').click();
    await shown.tell({ type: 'stopped', answers: 1, why: 'failed', message: 'The service failed.' });
    assert.equal(await shown.page.locator('.summary').isVisible(), false);
  });

  it('says what is missing of a part and what is not the newest', async () => {
    const shown = await show({ ...samplePicture(), partial: 'Two months are missing.', stale: 'Read yesterday.' });
    assert.deepEqual(await shown.page.locator('.incomplete').allInnerTexts(), [
      'Two months are missing.',
      'Read yesterday.',
    ]);
  });

  it('filters by values that the extension knows, with all but these, and takes a filter away', async () => {
    const shown = await show(samplePicture());
    await shown.page.locator('#filterBy').focus();
    for (const key of ['Enter', 'ArrowDown', 'Enter']) {
      await shown.page.keyboard.press(key);
    }
    await shown.page.locator('.filters .form').waitFor();
    assert.deepEqual(await shown.last('values'), { type: 'values', request: 1, by: 'ServiceName' });
    await shown.tell(VALUES);
    await shown.page.keyboard.type('stor');
    await shown.page.getByRole('checkbox', { name: 'Storage' }).press('Space');
    assert.deepEqual(await violations(shown), []);
    await shown.screenshot('spend-filter');
    await shown.page.getByRole('button', { name: 'Apply' }).click();
    const filters = (await shown.last('ask'))?.question.filters;
    assert.deepEqual(filters, [{ by: 'ServiceName', values: ['Storage'] }]);
    await shown.screenshot('spend-filtered');
    await shown.page.getByRole('button', { name: 'Remove the filter: Service is Storage' }).click();
    assert.deepEqual((await shown.last('ask'))?.question.filters, []);
  });

  it('asks for days that are typed, and for the key of a tag', async () => {
    const shown = await show(samplePicture({ period: { from: '2026-10-01', to: '2026-10-31' } }));
    await shown.page.locator('#from input').fill('2026-10-05');
    await shown.page.locator('#from input').blur();
    assert.deepEqual((await shown.last('ask'))?.question.period, { from: '2026-10-05', to: '2026-10-31' });
    await shown.page.locator('#groupBy').focus();
    for (const key of ['Enter', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter']) {
      await shown.page.keyboard.press(key);
    }
    await standsOn(shown, 'tag');
    await shown.page.keyboard.type('cost center');
    await shown.page.keyboard.press('Enter');
    assert.equal((await shown.last('ask'))?.question.groupBy, 'tag:cost center');
  });

  it('gives its picture and its data to a file', async () => {
    const picture = samplePicture();
    const shown = await show(picture);
    const save = async (name: string) => {
      await shown.page.getByRole('button', { name }).click();
      return (await shown.last('save')) ?? assert.fail('nothing was saved');
    };
    const png = Buffer.from((await save('Save as PNG…')).data ?? '', 'base64');
    assert.deepEqual([...png.subarray(0, 8)], [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
    const svg = (await save('Save as SVG…')).data ?? '';
    assert.match(svg, /^<svg /);
    assert.ok(svg.includes('Virtual Machines: 10,136.00 EUR'), 'the file has its legend');
    assert.ok(svg.includes('Spend of Contoso'), 'the file has its title');
    const csv = (await save('Save as CSV…')).data ?? '';
    assert.match(csv, /^Period \(UTC\),Virtual Machines,Storage,.*,Total,Cumulative/);
    assert.match(csv, /\r\n2026-10-01,140\.00,238\.00,/);
    assert.match((await save('Copy as Markdown')).data ?? '', /\| 2026-10-01 \| 140\.00 \| 238\.00 \|/);
    assert.deepEqual(await save('Save View As…'), { type: 'save', as: 'view' });
    await shown.tell({ type: 'save', as: 'csv' });
    assert.equal((await shown.last('save'))?.data, csv);
  });

  it('wears a new theme at once', async () => {
    const shown = await show(samplePicture());
    const bars = () => shown.page.locator('.canvas svg').innerHTML();
    assert.ok((await bars()).includes('#3794ff'));
    await shown.setTheme('highContrast');
    await shown.page.waitForFunction("document.querySelector('.canvas svg').innerHTML.includes('#59a4f9')");
    assert.ok((await bars()).includes('<pattern'), 'patterns tell the groups');
  });

  it('shows hostile names as text, on the page and in every file', async () => {
    const picture = samplePicture({ compareWith: 'previous' }, { groups: HOSTILE });
    for (const width of [1400, 300]) {
      const shown = await show(picture, { width });
      for (const view of VIEWS) {
        await shown.page.locator(`#view-${view}`).click();
        assert.equal(await shown.page.locator('img, a, script[src*="x"], h1 h1').count(), 0);
        await shown.screenshot(`spend-hostile-${view}-${width}`);
        await shown.page.getByRole('button', { name: 'Save as SVG…' }).click();
        const svg = (await shown.last('save'))?.data ?? '';
        assert.ok(!/<(img|h1|a|script)\b/.test(svg), view);
      }
      await shown.page.locator('#view-columns').click();
      assert.equal(await shown.page.locator('.legend bdi').first().innerText(), HOSTILE[0]);
      await shown.page.getByRole('button', { name: 'Save as CSV…' }).click();
      const csv = (await shown.last('save'))?.data ?? '';
      assert.ok(csv.includes(`"'=HYPERLINK(""https://example.com"",""free"")"`), csv.slice(0, 200));
      await shown.page.getByRole('button', { name: 'Copy as Markdown' }).click();
      const markdown = (await shown.last('save'))?.data ?? '';
      assert.ok(markdown.includes('\\<img src=x'), markdown.slice(0, 200));
      assert.ok(markdown.includes('\\[run\\]\\(command:'), 'links are text');
      assert.equal(markdown.split('\n').length, picture.steps.length + 5, 'lines of a name are no rows');
    }
  });
});
