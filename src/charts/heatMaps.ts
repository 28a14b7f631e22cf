import * as vscode from 'vscode';
import { type ChosenUtilization, type Commands, HEAT_MAP_PANEL, type ShownUtilization } from '../contributions.ts';
import { calledByPerson } from '../workbench/commands.ts';
import { describeForLog, explain, isCancellation } from '../workbench/failures.ts';
import { plainText } from '../workbench/text.ts';
import { HeatMapPanel, type PanelSurroundings } from './heatMapPanel.ts';
import { nameForLog } from './names.ts';

type Argument = Commands['azureBilling.showUtilization']['argument'];

/** Turns an argument into a checked window, asking where it has to; undefined when the user backs out. */
export type UtilizationOf = (argument: Argument) => Promise<ChosenUtilization | undefined>;

/** The open heat maps, one for a window. */
export class HeatMaps {
  readonly #utilizationOf: UtilizationOf;
  readonly #surroundings: PanelSurroundings;
  readonly #open = new Map<string, HeatMapPanel>();

  constructor(utilizationOf: UtilizationOf, surroundings: PanelSurroundings) {
    this.#utilizationOf = utilizationOf;
    this.#surroundings = surroundings;
  }

  /**
   * Shows the heat map that an argument means, in the panel that it has already or in a new one. Resolves when it is read to its end;
   * undefined when the user backs out, or reading failed for a person, who sees that in the panel.
   */
  async show(argument: Argument): Promise<ShownUtilization | undefined> {
    const chosen = await this.#utilizationOf(argument);
    if (chosen === undefined) {
      return undefined;
    }
    const known = this.#open.get(identity(chosen));
    known?.reveal();
    const panel =
      known ??
      this.#keep(
        vscode.window.createWebviewPanel(HEAT_MAP_PANEL, plainText(chosen.title), vscode.ViewColumn.Active),
        chosen,
      );
    return this.#load(panel, chosen, calledByPerson(argument));
  }

  /** Fills a panel that the editor brought back after a reload. Its state comes from the disk and may be anything. */
  async restore(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    try {
      const chosen = await this.#utilizationOf((state ?? {}) as Argument);
      if (chosen === undefined || this.#open.has(identity(chosen))) {
        panel.dispose();
        return;
      }
      // Not awaited: the editor shows the panel, and so how far it is, when this is done.
      this.#load(this.#keep(panel, chosen), chosen, true).catch(() => {});
    } catch (error) {
      panel.dispose();
      void vscode.window.showErrorMessage(plainText(`A heat map cannot be shown again: ${explain(error)}`));
    }
  }

  #keep(panel: vscode.WebviewPanel, chosen: ChosenUtilization): HeatMapPanel {
    const key = identity(chosen);
    const map = new HeatMapPanel(panel, chosen, this.#surroundings, () => this.#open.delete(key));
    this.#open.set(key, map);
    return map;
  }

  async #load(
    panel: HeatMapPanel,
    chosen: ChosenUtilization,
    byPerson: boolean,
  ): Promise<ShownUtilization | undefined> {
    try {
      return await panel.load();
    } catch (error) {
      if (!byPerson || isCancellation(error)) {
        throw error;
      }
      // The panel says what went wrong; a notification would say it twice.
      this.#surroundings.log.error(`${nameForLog(chosen)}: ${describeForLog(error)}`);
      return undefined;
    }
  }
}

/** Equal for windows that have the same map, whatever they are called. */
function identity({ argument }: ChosenUtilization): string {
  const { connection, customerId, subscriptionId, start, end, granularity, showDetails } = argument;
  return JSON.stringify([connection, customerId, subscriptionId, start, end, granularity, showDetails]).toLowerCase();
}
