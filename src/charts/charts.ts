import type * as vscode from 'vscode';
import { HEAT_MAP_PANEL } from '../contributions.ts';
import type { CommandRegistry } from '../workbench/commands.ts';
import { restoreLazily } from '../workbench/lazyPanels.ts';
import type { PanelSurroundings } from './heatMapPanel.ts';
import type { HeatMaps, UtilizationOf } from './heatMaps.ts';

/** The command that shows a heat map, and what brings its panels back after a reload. Both are loaded when the first is wanted. */
export function registerCharts(
  utilizationOf: UtilizationOf,
  surroundings: PanelSurroundings,
  commands: CommandRegistry,
): vscode.Disposable {
  let maps: Promise<HeatMaps> | undefined;
  const load = () => {
    maps ??= import('./heatMaps.ts').then(({ HeatMaps }) => new HeatMaps(utilizationOf, surroundings));
    return maps;
  };
  commands.registerLazily(['azureBilling.showUtilization'], async () => {
    const loaded = await load();
    return { 'azureBilling.showUtilization': (argument) => loaded.show(argument) };
  });
  return restoreLazily(HEAT_MAP_PANEL, load);
}
