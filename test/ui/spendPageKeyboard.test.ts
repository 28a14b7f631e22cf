import assert from 'node:assert/strict';
import type { SpendQuestion } from '../../src/spend/spendShapes.ts';
import { standsOn, violations } from '../support/browserPage.ts';
import { CHOICES, type SpendPage, spendPages, VALUES } from '../support/spendPage.ts';
import { QUESTION, SERVICES, samplePicture } from '../support/spendPictures.ts';

const VIEWS = ['columns', 'cumulative', 'breakdown', 'comparison', 'table'] as const;

describe('the page of the spend panel by keyboard and by ear', () => {
  const { show } = spendPages();

  const detail = ({ page }: SpendPage) => page.locator('.detail').innerText();

  const focused = ({ page }: SpendPage) =>
    page.evaluate<string>(
      '((focused) => focused.id || focused.className || focused.ariaLabel || focused.textContent)(document.activeElement)',
    );

  /** Whether somebody sees where the focus is: an outline or a border in the colour that the theme has for it. */
  const focusIsSeen = ({ page }: SpendPage) =>
    page.evaluate<boolean>(`(() => {
      let at = document.activeElement;
      if (at === null || at === document.body) return false;
      const wanted = getComputedStyle(document.documentElement).getPropertyValue('--vscode-focusBorder').trim();
      const probe = document.createElement('i');
      probe.style.color = wanted;
      document.body.append(probe);
      const colour = getComputedStyle(probe).color;
      probe.remove();
      const inside = (node) => [node, ...node.querySelectorAll('*')].flatMap((each) => [each, ...(each.shadowRoot ? inside(each.shadowRoot) : [])]);
      return inside(at).filter((each) => each instanceof Element).some((each) => {
        const style = getComputedStyle(each);
        return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 && style.outlineColor === colour) ||
          (parseFloat(style.borderTopWidth) > 0 && style.borderTopColor === colour);
      });
    })()`);

  /** Answers the last question as the extension does. */
  async function answer(shown: SpendPage): Promise<SpendQuestion> {
    const asked = (await shown.last('ask')) ?? assert.fail('nothing was asked');
    const picture = samplePicture({ ...asked.question }, { open: 5 });
    await shown.tell({ type: 'picture', answers: asked.request, picture });
    return asked.question;
  }

  it('is walked from the first control to each view, its marks, the table, the filters and the files', async () => {
    const filters = [
      { by: 'ResourceLocation', values: ['westeurope'] },
      { by: 'tag:owner', values: ['ops'], not: true as const },
    ];
    const shown = await show(samplePicture({ filters, compareWith: 'previous' }, { open: 5 }));
    const press = (key: string) => shown.page.keyboard.press(key);
    const walked: string[] = [];
    for (let tab = 0; tab < 30 && walked.at(-1) !== 'Save View As…'; tab++) {
      await press('Tab');
      walked.push(await focused(shown));
      assert.ok(await focusIsSeen(shown), `the focus on ${walked.at(-1)} is seen`);
    }
    assert.deepEqual(walked, [
      'view-columns',
      'period',
      'granularity',
      'groupBy',
      'top',
      'metric',
      'currency',
      'compareWith',
      'filterBy',
      'Remove the filter: Location is westeurope',
      'Remove the filter: Tag owner is not ops',
      'chart',
      'Refresh',
      'Save as PNG…',
      'Save as SVG…',
      'Save as CSV…',
      'Copy as Markdown',
      'Save View As…',
    ]);

    // Columns: steps, their groups, and the rows behind them.
    await shown.page.locator('.chart').focus();
    assert.match(await detail(shown), /^Sat, 31 Oct 2026 \(UTC\): 1,122\.55 EUR in total\. Still open: it can grow\.$/);
    await press('Home');
    assert.match(await detail(shown), /^Thu, 1 Oct 2026 \(UTC\): 799\.70 EUR in total\.$/);
    await press('ArrowRight');
    await press('ArrowDown');
    await press('ArrowDown');
    assert.match(await detail(shown), /^Fri, 2 Oct 2026 \(UTC\), Storage: 182\.01 EUR, [\d.]+% of the total\.$/);
    await press('Enter');
    const day = { from: '2026-10-02', to: '2026-10-02' };
    assert.deepEqual(await shown.last('drill'), { type: 'drill', period: day, key: 'Storage' });
    await press('Control+End');
    await press('Enter');
    assert.deepEqual((await shown.last('drill'))?.but, SERVICES);
    await shown.screenshot('spend-keyboard');

    // Each view is one arrow further, and each has all of its marks.
    const said: Record<string, string[]> = {};
    for (const view of VIEWS.slice(1)) {
      await shown.page.locator(`#view-${(await answerView(shown)) ?? 'columns'}`).focus();
      await press('ArrowRight');
      assert.equal((await answer(shown)).view, view);
      assert.equal(await focused(shown), `view-${view}`);
      assert.ok(await focusIsSeen(shown), `the focus on the view ${view} is seen`);
      await (view === 'table' ? shown.page.locator('td[tabindex="0"]') : shown.page.locator('.chart')).focus();
      await press('Control+Home');
      const marks = [await detail(shown)];
      for (let mark = 0; mark < 40; mark++) {
        await press(view === 'table' ? 'ArrowRight' : 'ArrowDown');
        assert.ok(await focusIsSeen(shown), `the focus in the view ${view} is seen`);
        const text = await detail(shown);
        if (text === marks.at(-1)) {
          break;
        }
        marks.push(text);
      }
      said[view] = marks.map((mark) => mark.replace(/[:,].*/s, ''));
      await press('Control+Home');
      await press('Enter');
      assert.ok((await shown.last('drill'))?.period !== undefined, view);
    }
    const groups = [...SERVICES, 'Others'];
    assert.equal(said.cumulative?.length, 4, 'spent, forecast, budget, the period before');
    assert.deepEqual(said.breakdown, groups);
    assert.deepEqual(said.comparison, groups);
    assert.equal(said.table?.length, groups.length + 1, 'each group and the total');

    // A chip that is gone leaves the focus to the next one, and the last one to what adds a filter.
    const remove = shown.page.locator('.chip vscode-button');
    await remove.first().focus();
    await press('Enter');
    assert.deepEqual((await answer(shown)).filters, filters.slice(1));
    assert.match(await focused(shown), /^Remove the filter: Tag owner/);
    await press('Enter');
    assert.deepEqual((await answer(shown)).filters, []);
    await standsOn(shown, 'filterBy');

    // The files.
    for (const [name, as] of [
      ['Save as CSV…', 'csv'],
      ['Copy as Markdown', 'markdown'],
      ['Save View As…', 'view'],
    ] as const) {
      await shown.page.getByRole('button', { name }).focus();
      await press('Enter');
      assert.equal((await shown.last('save'))?.as, as);
    }
  });

  const answerView = async (shown: SpendPage) => (await shown.last('ask'))?.question.view;

  it('folds its controls in a narrow panel: a line says how they stand and opens them', async () => {
    const picture = samplePicture({ granularity: 'daily', compareWith: 'previous' }, { open: 5 });
    const shown = await show(picture, { width: 300 });
    const press = (key: string) => shown.page.keyboard.press(key);
    const chart = (await shown.page.locator('.chart').boundingBox()) ?? assert.fail('no chart');
    assert.ok(chart.y < 330, `the picture begins at ${chart.y} pixels`);
    const line = shown.page.getByRole('button', { name: 'This month · daily · by Service · billing currency' });
    assert.equal(await line.getAttribute('aria-expanded'), 'false');
    await press('Tab');
    await press('Tab');
    await standsOn(shown, 'fold');
    assert.ok(await focusIsSeen(shown));
    await press('Tab');
    assert.equal(await focused(shown), 'chart', 'what is folded away is not walked through');
    await line.focus();
    await press('Enter');
    assert.equal(await line.getAttribute('aria-expanded'), 'true');
    assert.deepEqual(await violations(shown), []);
    await shown.screenshot('spend-unfolded-300');
    await press('Tab');
    await standsOn(shown, 'period');
    await shown.page.locator('#groupBy').focus();
    for (const key of ['Enter', 'ArrowDown', 'Enter']) {
      await press(key);
    }
    assert.equal((await answer(shown)).groupBy, 'ResourceLocation');
    await standsOn(shown, 'groupBy');
    assert.match(await shown.page.locator('#fold').innerText(), /by Location/);
    await shown.page.locator('#fold').press('Space');
    assert.equal(await shown.page.locator('#groupBy').isVisible(), false);
    await shown.page.setViewportSize({ width: 1000, height: 800 });
    assert.equal(await shown.page.locator('#groupBy').isVisible(), true, 'a wide panel has room for all');
    assert.equal(await shown.page.locator('#fold').isVisible(), false);
  });

  it('tells a screen reader title, period, total, peak and trend in each view, and what the view alone shows', async () => {
    const picture = samplePicture({ compareWith: 'previous' });
    const shown = await show(picture);
    const own = {
      columns: /$/,
      cumulative:
        /Spent until Sat, 31 Oct 2026: 26,313\.02 EUR\. Forecast until .* EUR\. Budget monthly-cap until .* EUR\./,
      breakdown: /Virtual Machines is the largest: 10,136\.00 EUR, 38\.5%\.$/,
      comparison:
        /October 2026 against September 2026: \+5,262\.61 EUR \(\+25\.0%\)\. The largest difference is Virtual Machines: \+10,136\.00 EUR\.$/,
      table: /$/,
    };
    for (const view of VIEWS) {
      await shown.tell({ ...CHOICES, question: { ...QUESTION, view, compareWith: 'previous' } });
      await shown.tell({
        type: 'picture',
        answers: 0,
        picture: { ...picture, question: { ...picture.question, view } },
      });
      const words = await shown.page.evaluate<string>(
        `document.querySelector('.body [aria-describedby]').getAttribute('aria-describedby').split(' ')
          .map((id) => document.getElementById(id).textContent).join(' ')`,
      );
      assert.ok(words.startsWith(`Spend of Contoso ${picture.summary}`), words);
      assert.match(words, own[view]);
    }
    assert.equal(await shown.page.locator('.detail').getAttribute('aria-live'), 'polite');
  });

  it('stays on the mark that somebody stands on when a part arrives, the panel is resized or another view is chosen', async () => {
    const part = { ...samplePicture({}, { unread: 20 }), partial: 'One month of two read so far.' };
    const shown = await show(part);
    const press = (key: string) => shown.page.keyboard.press(key);
    await shown.page.locator('.chart').focus();
    await press('Home');
    await press('ArrowDown');
    await press('ArrowDown');
    assert.equal(await detail(shown), 'Thu, 1 Oct 2026 (UTC), Storage: not read yet.');
    const whole = samplePicture();
    // The order of groups is that of their amounts: a part may change it.
    const [first, second, ...rest] = whole.series;
    assert.ok(first !== undefined && second !== undefined);
    await shown.tell({ type: 'picture', answers: 0, picture: { ...whole, series: [second, first, ...rest] } });
    assert.match(await detail(shown), /^Thu, 1 Oct 2026 \(UTC\), Storage: 238\.00 EUR/);
    assert.equal(await focused(shown), 'chart');
    await shown.page.setViewportSize({ width: 500, height: 800 });
    assert.match(await detail(shown), /Storage: 238\.00 EUR/);
    await press('ArrowRight');
    assert.match(await detail(shown), /^Fri, 2 Oct 2026 \(UTC\), Storage/);
    await shown.tell({ type: 'picture', answers: 0, picture: { ...whole, question: { ...QUESTION, view: 'table' } } });
    const cell = shown.page.locator('tbody tr').nth(1).locator('td').nth(1);
    await cell.focus();
    assert.match(await detail(shown), /^Fri, 2 Oct 2026 \(UTC\), Storage/);
    const later = { ...whole, question: { ...QUESTION, view: 'table' as const }, summary: 'Newer.' };
    await shown.tell({ type: 'picture', answers: 0, picture: later });
    assert.equal(await shown.page.locator('td:focus').innerText(), '182.01', 'the cell has the focus again');
    assert.match(await detail(shown), /^Fri, 2 Oct 2026 \(UTC\), Storage/);
  });

  it('adds a filter by a value that Azure does not list, and says what is missing where nothing is ticked', async () => {
    const shown = await show(samplePicture());
    await shown.page.locator('#filterBy').focus();
    for (const key of ['Enter', 'ArrowDown', 'Enter']) {
      await shown.page.keyboard.press(key);
    }
    await shown.page.locator('.filters .form').waitFor();
    await shown.tell({ ...VALUES, values: [], message: 'Azure lists no values here: type one.' });
    const apply = shown.page.getByRole('button', { name: 'Apply' });
    await apply.press('Enter');
    const problem = shown.page.getByRole('alert');
    assert.equal(await problem.innerText(), 'Tick at least one value of Service to filter by, or cancel.');
    await standsOn(shown, 'filterText');
    assert.deepEqual(await violations(shown), []);
    await shown.screenshot('spend-filter-nothing');
    await shown.page.keyboard.type('Cosmos DB');
    await shown.page.getByRole('checkbox', { name: '“Cosmos DB”, as typed' }).press('Space');
    assert.equal(await problem.innerText(), '');
    await apply.press('Enter');
    assert.deepEqual((await shown.last('ask'))?.question.filters, [{ by: 'ServiceName', values: ['Cosmos DB'] }]);
  });

  it('groups by a tag: its key is chosen among those that Azure lists, or typed', async () => {
    const shown = await show(samplePicture());
    const press = (key: string) => shown.page.keyboard.press(key);
    const choose = async (down: number) => {
      await shown.page.locator('#groupBy').focus();
      for (const key of ['Enter', ...Array<string>(down).fill('ArrowDown'), 'Enter']) {
        await press(key);
      }
    };
    await choose(3);
    await standsOn(shown, 'tag');
    assert.deepEqual(await shown.last('values'), { type: 'values', request: 1, by: 'tag:' });
    assert.equal(await shown.page.getByRole('status').innerText(), 'Reading the keys of tags…');
    const values = ['cost center', 'costing', 'owner'].map((key) => ({ id: key, label: key }));
    await shown.tell({ type: 'values', answers: 1, by: 'tag:', values });
    const options = shown.page.getByRole('listbox', { name: 'Keys of tags' }).getByRole('option');
    const field = shown.page.getByRole('combobox', { name: 'Key of the tag' });
    assert.equal(await field.getAttribute('aria-expanded'), 'true');
    await shown.page.keyboard.type('COST');
    assert.deepEqual(await options.allInnerTexts(), ['cost center', 'costing']);
    await press('ArrowDown');
    await press('ArrowDown');
    assert.equal(await shown.page.locator('#tagKeys [aria-selected="true"]').innerText(), 'costing');
    assert.equal(await field.getAttribute('aria-activedescendant'), await options.nth(1).getAttribute('id'));
    assert.deepEqual(await violations(shown), []);
    await shown.screenshot('spend-tag-keys');
    // What comes meanwhile takes nothing of it away.
    await shown.tell({ ...CHOICES, title: 'Spend of Contoso Ltd' });
    await standsOn(shown, 'tag');
    assert.equal(await field.inputValue(), 'COST');
    await press('ArrowDown');
    await press('Enter');
    assert.equal((await answer(shown)).groupBy, 'tag:cost center');
    await standsOn(shown, 'groupBy');
    assert.equal(await field.isVisible(), false);
    await choose(1);
    assert.equal((await shown.last('values'))?.request, 1, 'what is known is not asked for again');
    await shown.page.keyboard.type('stage');
    assert.equal(await shown.page.getByRole('status').innerText(), 'Azure lists no such key; Enter takes it as typed.');
    await press('Enter');
    assert.equal((await answer(shown)).groupBy, 'tag:stage');
  });

  it('filters by a tag: first its key, then its values, which stay ticked when other choices arrive', async () => {
    const shown = await show(samplePicture());
    const press = (key: string) => shown.page.keyboard.press(key);
    await shown.page.locator('#filterBy').focus();
    for (const key of ['Enter', ...Array<string>(4).fill('ArrowDown'), 'Enter']) {
      await press(key);
    }
    await standsOn(shown, 'filterTag');
    const message = 'Azure lists no tags here: type one.';
    await shown.tell({ type: 'values', answers: 1, by: 'tag:', values: [], message });
    assert.equal(await shown.page.getByRole('status').innerText(), message);
    assert.deepEqual(await violations(shown), []);
    await shown.screenshot('spend-filter-tag-key');
    await shown.page.keyboard.type('stage');
    await press('Enter');
    assert.deepEqual(await shown.last('values'), { type: 'values', request: 2, by: 'tag:stage' });
    const values = ['', 'prod', 'test'].map((value) => ({ id: value, label: value === '' ? '(none)' : value }));
    await shown.tell({ type: 'values', answers: 2, by: 'tag:stage', values });
    await standsOn(shown, 'filterText');
    await shown.page.getByRole('checkbox', { name: 'prod' }).press('Space');
    await shown.page.getByRole('checkbox', { name: 'All but these' }).press('Space');
    await shown.page.locator('#filterText').focus();
    await shown.page.keyboard.type('o');
    await shown.tell({ ...CHOICES, groupBys: [...CHOICES.groupBys, { id: 'Meter', label: 'Meter' }] });
    await standsOn(shown, 'filterText');
    assert.equal(await shown.page.getByRole('checkbox', { name: 'prod' }).isChecked(), true);
    assert.ok((await shown.page.locator('.form').innerText()).includes('1 ticked.'));
    await shown.page.getByRole('button', { name: 'Apply' }).press('Enter');
    const filters = [{ by: 'tag:stage', values: ['prod'], not: true as const }];
    assert.deepEqual((await answer(shown)).filters, filters);
    assert.equal(await shown.page.locator('.chip bdi').innerText(), 'Tag stage is not prod');
    await standsOn(shown, 'filterBy');
  });

  it('leads to any cell of a long table, and has all of its amounts a moment later', async () => {
    const picture = samplePicture({ view: 'table' }, { steps: 120 });
    const shown = await show(picture);
    const rows = shown.page.locator('tbody').first().locator('tr');
    assert.equal(await rows.count(), 120);
    const widths = () =>
      shown.page.evaluate<number[]>("[...document.querySelectorAll('thead th')].map((cell) => cell.offsetWidth)");
    const before = await widths();
    await shown.page.locator('td[tabindex="0"]').focus();
    await shown.page.keyboard.press('Control+End');
    assert.match(await rows.nth(119).locator('td').first().innerText(), /^[\d,]+\.\d\d$/);
    await shown.page.evaluate(`new Promise((done) => {
      const look = () => [...document.querySelector('tbody').rows].every((row) => row.cells.length > 8) ? done() : setTimeout(look, 20);
      look();
    })`);
    assert.deepEqual(await widths(), before, 'columns do not move');
    assert.deepEqual(await violations(shown), []);
    const later = { ...picture, summary: 'Newer.' };
    await shown.tell({ type: 'picture', answers: 0, picture: later });
    assert.equal(await shown.page.locator('td:focus').count(), 1);
    await shown.screenshot('spend-table-long');
  });
});
