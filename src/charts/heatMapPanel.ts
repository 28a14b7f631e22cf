import * as vscode from 'vscode';
import type { PartnerCenterClient } from '../api/partnerCenter/partnerCenterClient.ts';
import type { ChosenUtilization, CommandId, OpenUtilizationArgument, ShownUtilization } from '../contributions.ts';
import { describeForLog, explain, isCancellation } from '../workbench/failures.ts';
import { plainText, waitText } from '../workbench/text.ts';
import { pageHtml, pageOptions } from '../workbench/webviewPage.ts';
import { readToHost, type ToHost, type ToPage } from './contract.ts';
import { type MapChoice, mapChoices } from './heatMapChoices.ts';
import { emptyCause, mapFacts } from './heatMapTexts.ts';
import { heatMapView } from './heatMapView.ts';
import { nameForLog } from './names.ts';
import { readUtilization, type UtilizationOverview } from './readUtilization.ts';

/** What a panel needs of the rest of the extension. */
export interface PanelSurroundings {
  partnerCenter(connection: string): Promise<PartnerCenterClient>;
  extension: vscode.Uri;
  log: vscode.LogOutputChannel;
}

/** A panel with the heat map of one window. It reads the window when it is told to, and shows how far that is. */
export class HeatMapPanel {
  readonly #panel: vscode.WebviewPanel;
  readonly #chosen: ChosenUtilization;
  readonly #surroundings: PanelSurroundings;
  /** What the page shows; told again whenever the page is made anew. */
  #state: ToPage;
  #loading: { abort: AbortController; result: Promise<ShownUtilization> } | undefined;
  #loaded: { overview: UtilizationOverview; choices: MapChoice[] } | undefined;
  #closed = false;

  /** @param closed called when the user closed the panel */
  constructor(
    panel: vscode.WebviewPanel,
    chosen: ChosenUtilization,
    surroundings: PanelSurroundings,
    closed: () => void,
  ) {
    this.#panel = panel;
    this.#chosen = chosen;
    this.#surroundings = surroundings;
    this.#state = this.#working('Reading the first page…');
    panel.title = plainText(chosen.title);
    panel.webview.options = pageOptions(surroundings.extension);
    panel.webview.onDidReceiveMessage((message: unknown) => this.#receive(readToHost(message)));
    panel.onDidDispose(() => {
      this.#closed = true;
      this.#loading?.abort.abort();
      closed();
    });
    panel.webview.html = pageHtml(panel.webview, surroundings.extension, { file: 'heatMap', title: 'Utilization' });
  }

  reveal(): void {
    this.#panel.reveal();
  }

  /**
   * Reads the window, unless that is done or under way: what was reported in the past does not change. The page shows a failure too.
   *
   * @throws what reading throws; an AbortError when the user cancels or closes the panel
   */
  async load(): Promise<ShownUtilization> {
    if (this.#loaded !== undefined) {
      return shown(this.#loaded.overview);
    }
    if (this.#loading === undefined) {
      const abort = new AbortController();
      const loading = { abort, result: this.#read(abort.signal) };
      this.#loading = loading;
      const done = () => {
        if (this.#loading === loading) {
          this.#loading = undefined;
        }
      };
      loading.result.then(done, done);
    }
    return this.#loading.result;
  }

  async #read(signal: AbortSignal): Promise<ShownUtilization> {
    this.#show(this.#working('Reading the first page…'));
    try {
      const { connection, customerId, subscriptionId, ...window } = this.#chosen.argument;
      const client = await this.#surroundings.partnerCenter(connection);
      const request = { ...window, customer: customerId, subscription: subscriptionId };
      const overview = await readUtilization(client, request, {
        signal,
        onProgress: ({ rows, pages }) => this.#show(this.#working(`${rows} records, page ${pages}…`)),
        onWait: (wait) => this.#show(this.#working(waitText(wait))),
      });
      signal.throwIfAborted();
      this.#loaded = { overview, choices: mapChoices(overview.cells) };
      this.#show(this.#map(0, undefined));
      return shown(overview);
    } catch (error) {
      const cancelled = isCancellation(error);
      this.#show({
        type: 'stopped',
        title: this.#title,
        why: cancelled ? 'cancelled' : 'failed',
        message: cancelled
          ? 'Reading was cancelled; nothing is shown of a part of a window.'
          : plainText(explain(error)),
      });
      throw error;
    }
  }

  get #title(): string {
    return plainText(this.#chosen.title);
  }

  #working(message: string): ToPage {
    return { type: 'working', title: this.#title, message };
  }

  /** The map of a choice, or of the first where there is no such; what there is to say when there is nothing to draw. */
  #map(answers: number, id: string | undefined): ToPage {
    const { overview, choices } = this.#loaded ?? {};
    const choice = choices?.find((known) => known.id === id) ?? choices?.[0];
    if (overview === undefined || choices === undefined) {
      return this.#state;
    }
    if (choice === undefined) {
      const message = emptyCause(overview, this.#chosen.argument);
      return { type: 'stopped', title: this.#title, why: 'empty', message };
    }
    return {
      type: 'map',
      title: this.#title,
      answers,
      facts: mapFacts(overview, this.#chosen.argument),
      choices: choices.map(({ id: each, label, group }) => ({ id: each, label, group })),
      map: heatMapView(overview.cells, choice),
    };
  }

  #show(state: ToPage): void {
    this.#state = state;
    if (!this.#closed) {
      void this.#panel.webview.postMessage(state);
    }
  }

  #receive(message: ToHost | undefined): void {
    switch (message?.type) {
      case 'ready':
        void this.#panel.webview.postMessage({ type: 'keep', state: this.#chosen.argument } satisfies ToPage);
        // A new page has asked for nothing yet.
        this.#show(this.#state.type === 'map' ? { ...this.#state, answers: 0 } : this.#state);
        break;
      case 'choose':
        this.#show(this.#map(message.request, message.choice));
        break;
      case 'cancel':
        this.#loading?.abort.abort();
        break;
      case 'retry':
        this.load().catch((error: unknown) => this.#note(error));
        break;
      case 'openRecords':
        void this.#openRecords();
        break;
      case 'showLog':
        this.#surroundings.log.show();
        break;
    }
  }

  /** The page shows what went wrong with the map; the log has the ids too. */
  #note(error: unknown): void {
    if (!isCancellation(error)) {
      this.#surroundings.log.error(`${nameForLog(this.#chosen)}: ${describeForLog(error)}`);
    }
  }

  async #openRecords(): Promise<void> {
    const argument: OpenUtilizationArgument = this.#chosen.argument;
    try {
      await vscode.commands.executeCommand('azureBilling.openUtilization' satisfies CommandId, argument);
    } catch (error) {
      void vscode.window.showErrorMessage(plainText(explain(error)));
    }
  }
}

function shown({ rows, pages, totals, requestIds, fetchedAt }: UtilizationOverview): ShownUtilization {
  return { rows, pages, totals, requestIds, fetchedAt: fetchedAt.toISOString() };
}
