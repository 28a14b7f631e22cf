import { readColours, watchTheme } from '../../workbench/webview/colours.ts';
import { button, element, nameElement } from '../../workbench/webview/elements.ts';
import { listenToHost, postToHost } from '../../workbench/webview/host.ts';
import { csvOf } from '../../workbench/webview/sheet.ts';
import { readSqlChartToPage, type SqlChartToHost, type SqlChartToPage } from '../chartContract.ts';
import { answerTable } from './answerTable.ts';
import { pngOf } from './pictureFile.ts';
import { SqlPicture } from './sqlPicture.ts';

type Message = Exclude<SqlChartToPage, { type: 'keep' }>;
type Chart = Extract<Message, { type: 'chart' }>;

const tellHost: (message: SqlChartToHost) => void = postToHost;

const main = document.querySelector('main') ?? document.body;
/** The editor's, which is not changed while a page lives. */
const locale = main.dataset.locale ?? navigator.language;
let pictures: SqlPicture[] = [];

listenToHost(readSqlChartToPage, (message) => {
  const focused = document.activeElement?.id ?? '';
  for (const picture of pictures) {
    picture.dispose();
  }
  pictures = [];
  main.replaceChildren(element('h1', '', nameElement(message.title)), ...content(message));
  main.setAttribute('aria-busy', String(message.type === 'working'));
  // What had the focus was made anew: who pressed a button goes on where its place is taken.
  const next = { again: 'cancel', cancel: 'again' }[focused] ?? focused;
  const target = document.getElementById(focused) ?? document.getElementById(next);
  if (focused !== '') {
    target?.focus();
  }
});
watchTheme(() => {
  const colours = readColours();
  for (const picture of pictures) {
    picture.recolour(colours);
  }
});
tellHost({ type: 'ready' });

function content(message: Message): HTMLElement[] {
  switch (message.type) {
    case 'working':
      return [line('status', message.message), actions(act('cancel', 'Cancel', { type: 'cancel' }))];
    case 'stopped':
      return stopped(message);
    case 'chart':
      return chartContent(message);
  }
}

function stopped({ why, message, facts }: Extract<Message, { type: 'stopped' }>): HTMLElement[] {
  const more = {
    failed: [act('showLog', 'Show Log', { type: 'showLog' })],
    cancelled: [],
    empty: [],
    table: [openTable()],
  }[why];
  return [line(why === 'failed' ? 'alert' : 'status', message), actions(...more, again()), factList(facts)];
}

function chartContent(chart: Chart): HTMLElement[] {
  const colours = readColours();
  const problem = line('alert', '');
  problem.id = 'saveProblem';
  problem.hidden = true;
  pictures = chart.pictures.map((picture, at) => new SqlPicture(picture, `picture-${at}`, colours, locale));
  return [
    line('status', chart.summary),
    actions(
      again(),
      openTable(),
      named(
        'savePng',
        button('Save as PNG…', () => {
          const data = pngOf(chart, chart.pictures, readColours(), locale);
          problem.hidden = data !== undefined;
          problem.textContent =
            data === undefined ? 'The picture is too tall for a PNG: save as CSV or limit the statement.' : '';
          if (data !== undefined) {
            tellHost({ type: 'save', as: 'png', data });
          }
        }),
      ),
      named(
        'saveCsv',
        button('Save as CSV…', () => tellHost({ type: 'save', as: 'csv', data: csvText(chart) })),
      ),
    ),
    problem,
    ...pictures.map((picture) => picture.element),
    answerTable(chart.table),
    factList(chart.facts),
  ];
}

function csvText({ title, table }: Chart): string {
  const rows = table.rows.map((cells) => cells.map((cell) => cell ?? ''));
  return csvOf({ title, head: table.columns.map(({ name }) => name), rows });
}

function again(): HTMLElement {
  return act('again', 'Run Again', { type: 'again' });
}

function openTable(): HTMLElement {
  return act('openTable', 'Open as Table', { type: 'openTable' });
}

function act(id: string, label: string, message: SqlChartToHost): HTMLElement {
  return named(
    id,
    button(label, () => tellHost(message)),
  );
}

function named(id: string, made: HTMLElement): HTMLElement {
  made.id = id;
  return made;
}

function actions(...children: HTMLElement[]): HTMLElement {
  return element('div', 'actions', ...children);
}

function line(role: 'status' | 'alert', text: string): HTMLElement {
  const made = element('p', role === 'alert' ? 'status failed' : 'status', text);
  made.setAttribute('role', role);
  return made;
}

function factList(facts: readonly string[]): HTMLElement {
  return element('ul', 'facts', ...facts.map((fact) => element('li', '', fact)));
}
