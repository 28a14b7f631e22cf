import { button, element, nameElement } from '../../workbench/webview/elements.ts';
import { listenToHost, postToHost } from '../../workbench/webview/host.ts';
import { type Choice, type HeatMap, readToPage, type ToHost, type ToPage } from '../contract.ts';
import { heatMapGrid } from './grid.ts';
import { STEPS } from './steps.ts';

type Message = Exclude<ToPage, { type: 'keep' }>;

const SUMMARY = 'summary';

const tellHost: (message: ToHost) => void = postToHost;

const main = document.querySelector('main') ?? document.body;
let request = 0;
/** What says how far reading is. */
let progress: HTMLElement | undefined;

listenToHost(readToPage, (message) => {
  // An answer to a choice that was changed since is out of date.
  if (message.type === 'map' && message.answers !== 0 && message.answers !== request) {
    return;
  }
  // Progress comes many times a second: a button that is made anew each time could not be pressed.
  if (message.type === 'working' && progress?.isConnected === true) {
    progress.replaceChildren(message.message);
    return;
  }
  const focused = document.activeElement?.id;
  main.replaceChildren(heading(message.title), ...content(message));
  main.setAttribute('aria-busy', String(message.type === 'working'));
  // What had the focus was made anew: somebody who walks through the choices stays there.
  if (focused !== undefined && focused !== '') {
    document.getElementById(focused)?.focus();
  }
});
tellHost({ type: 'ready' });

function heading(title: string): HTMLElement {
  return element('h1', '', nameElement(title));
}

function content(message: Message): HTMLElement[] {
  switch (message.type) {
    case 'working':
      progress = status(message.message);
      return [
        progress,
        actions(
          named(
            'cancel',
            button('Cancel', () => tellHost({ type: 'cancel' })),
          ),
        ),
      ];
    case 'stopped':
      return stopped(message);
    case 'map':
      return mapContent(message);
  }
}

function stopped({ why, message }: Extract<Message, { type: 'stopped' }>): HTMLElement[] {
  const again = named(
    'retry',
    button('Read Again', () => tellHost({ type: 'retry' })),
  );
  switch (why) {
    case 'failed':
      return [
        alert(message),
        actions(
          again,
          button('Show Log', () => tellHost({ type: 'showLog' })),
        ),
      ];
    case 'cancelled':
      return [status(message), actions(again)];
    case 'empty':
      return [status(message), actions(openRecords())];
  }
}

function mapContent({ facts, choices, map }: Extract<Message, { type: 'map' }>): HTMLElement[] {
  const summary = element('p', 'summary', map.summary);
  summary.id = SUMMARY;
  const detail = element('p', 'detail', 'Point at a cell, or move to it with Tab and the arrow keys.');
  const grid = heatMapGrid(map, SUMMARY, (text) => detail.replaceChildren(text));
  return [
    summary,
    actions(choiceBox(choices, map.choice), openRecords()),
    legend(map),
    detail,
    element('div', 'scroller', grid),
    element('ul', 'facts', ...facts.map((fact) => element('li', '', fact))),
  ];
}

function choiceBox(choices: readonly Choice[], chosen: string): HTMLElement {
  const box = element('select', '');
  box.id = 'choice';
  for (const group of new Set(choices.map((choice) => choice.group))) {
    const made = element('optgroup', '');
    made.label = group;
    for (const { id, label } of choices.filter((choice) => choice.group === group)) {
      const option = element('option', '', label);
      option.value = id;
      made.append(option);
    }
    box.append(made);
  }
  box.value = chosen;
  box.addEventListener('change', () => {
    request++;
    tellHost({ type: 'choose', request, choice: box.value });
  });
  return element('label', 'choice', element('span', '', 'Show'), box);
}

function legend({ unit, lines }: HeatMap): HTMLElement {
  const entry = (text: string, ...looks: string[]) => {
    const strip = element('span', 'strip', ...looks.map((look) => element('span', `sample ${look}`)));
    strip.setAttribute('aria-hidden', 'true');
    return element('li', '', strip, text);
  };
  const steps = Array.from({ length: STEPS }, (_, step) => `step${step + 1}`);
  const corrected = lines.some(({ cells }) => cells.some((cell) => cell?.startsWith('-')));
  const made = element(
    'ul',
    'legend',
    entry('no record', 'gap'),
    ...(corrected ? [entry('below 0', 'negative')] : []),
    entry(`0 ${unit}`, 'zero'),
    entry('up to the peak, in tenths of it', ...steps),
  );
  made.setAttribute('aria-label', 'Colours');
  return made;
}

function openRecords(): HTMLElement {
  return named(
    'openRecords',
    button('Open Records', () => tellHost({ type: 'openRecords' })),
  );
}

function named(id: string, made: HTMLElement): HTMLElement {
  made.id = id;
  return made;
}

function actions(...children: HTMLElement[]): HTMLElement {
  return element('div', 'actions', ...children);
}

function status(text: string): HTMLElement {
  const made = element('p', 'status', text);
  made.setAttribute('role', 'status');
  return made;
}

function alert(text: string): HTMLElement {
  const made = element('p', 'status failed', text);
  made.setAttribute('role', 'alert');
  return made;
}
