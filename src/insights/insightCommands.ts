import type { CommandHandlers } from '../workbench/commands.ts';
import { compareCosts } from './compareCosts.ts';
import type { InsightParts } from './insightParts.ts';
import { showForecast } from './showForecast.ts';
import { showUnusualCosts } from './showUnusualCosts.ts';

export function insightCommands(
  parts: InsightParts,
): Pick<CommandHandlers, 'azureBilling.compareCosts' | 'azureBilling.showUnusualCosts' | 'azureBilling.showForecast'> {
  return {
    'azureBilling.compareCosts': (argument, selection) => compareCosts(parts, argument, selection),
    'azureBilling.showUnusualCosts': (argument) => showUnusualCosts(parts, argument),
    'azureBilling.showForecast': (argument) => showForecast(parts, argument),
  };
}
