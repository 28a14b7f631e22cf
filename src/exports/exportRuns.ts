import type { ArmClient } from '../api/arm/armClient.ts';
import { type ExportRun, exportRunState, getExport, listExportRuns } from '../api/arm/exports.ts';
import { refused } from '../api/arm/input.ts';
import type { CostScope } from '../api/arm/scope.ts';
import type { SendOptions } from '../api/http/client.ts';
import { asRecord, BillingError } from '../api/http/errors.ts';
import type { Destination } from './containerAccess.ts';

/** Opens the messages of everything that brings files of a run. */
export const DOWNLOAD_RUN = 'Download the files of the run';

/** The name of a run, a GUID; older answers have it in the id only. */
export function runName({ name, id }: ExportRun): string {
  return name || id?.split('/').at(-1) || '';
}

/** The runs of an export, the newest first. */
export async function newestRuns(
  arm: ArmClient,
  scope: CostScope,
  name: string,
  options: SendOptions,
): Promise<ExportRun[]> {
  const runs: ExportRun[] = [];
  for await (const page of listExportRuns(arm, scope, name).rest(options)) {
    runs.push(...page.value);
  }
  const time = ({ properties }: ExportRun) => properties.submittedTime ?? '';
  return runs.sort((one, other) => (time(one) < time(other) ? 1 : time(one) > time(other) ? -1 : 0));
}

/**
 * The run that is wanted, or the newest one with files.
 *
 * @param wanted its name; compared without case
 * @throws BillingError that says why there are no files to download
 */
export function chooseRun(runs: readonly ExportRun[], wanted: string | undefined): ExportRun {
  if (wanted === undefined) {
    const newest = runs.find((run) => exportRunState(run) === 'completed');
    if (newest === undefined) {
      throw refused('run', runs.length === 0 ? 'the export has not run yet.' : 'no run of the export has files yet.');
    }
    return newest;
  }
  const run = runs.find((one) => runName(one).toLowerCase() === wanted.toLowerCase());
  if (run === undefined) {
    throw refused('run', `the export has no run '${wanted.slice(0, 60)}'.`);
  }
  const reason = noFiles(run);
  if (reason !== undefined) {
    throw new BillingError('argument', `run: ${reason}`, { advice: 'Choose another run, or run the export again.' });
  }
  return run;
}

function noFiles(run: ExportRun): string | undefined {
  switch (exportRunState(run)) {
    case 'running':
      return 'it is not finished yet.';
    case 'noData':
      return 'it found no data and wrote no files.';
    case 'failed': {
      const said = run.properties.error?.message ?? run.properties.error?.code;
      return said ? `it failed: ${said.replace(/\.?$/, '.')}` : 'it failed.';
    }
    default:
      return undefined;
  }
}

/**
 * Where a run was delivered to: an export may write elsewhere since.
 *
 * @returns the destination, and the folder in the container under which the export writes
 */
export async function destinationOf(
  arm: ArmClient,
  scope: CostScope,
  name: string,
  run: ExportRun,
  options: SendOptions,
): Promise<Destination & { folder: string }> {
  const then = asRecord(asRecord(asRecord(run.properties.runSettings).deliveryInfo).destination);
  const now = async () => (await getExport(arm, scope, name, {}, options)).properties.deliveryInfo?.destination ?? {};
  const { resourceId, container, rootFolderPath } =
    textOf(then.resourceId) && textOf(then.container) ? then : await now();
  const account = textOf(resourceId);
  const box = textOf(container);
  if (account === undefined || box === undefined) {
    throw new BillingError('malformed', `${DOWNLOAD_RUN} failed: the export names no storage account.`, {
      advice: 'An export with a signature in place of a storage account can be downloaded from the portal only.',
    });
  }
  const root = textOf(rootFolderPath)?.replace(/^\/+|\/+$/g, '');
  return { resourceId: account, container: box, folder: `${root === undefined ? '' : `${root}/`}${name}/` };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
