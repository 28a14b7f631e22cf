import type { CommandRegistry } from '../workbench/commands.ts';
import type { InsightParts } from './insightParts.ts';

/** Comparisons, unusual costs and forecasts. All of it is loaded when the first is wanted. */
export function registerInsights(parts: InsightParts, commands: CommandRegistry): void {
  commands.registerLazily(
    ['azureBilling.compareCosts', 'azureBilling.showUnusualCosts', 'azureBilling.showForecast'],
    async () => (await import('./insightCommands.ts')).insightCommands(parts),
  );
}
