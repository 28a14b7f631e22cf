import type { ArmClient } from '../../api/arm/armClient.ts';
import { type CostDetailsBlob, type CostDetailsReport, resumeCostDetails } from '../../api/arm/costDetails.ts';
import type { SendOptions } from '../../api/http/client.ts';
import type { OperationLinks } from '../../api/http/longRunning.ts';
import { generateReport } from '../generateReport.ts';
import type { ReportRequest } from '../replacement.ts';
import { markRefused, refusedMark } from './marks.ts';

/** A Cost Details report and the links to its files, which carry signatures that run out. */
export class CostReport {
  /** Where it is asked about: no secret. Undefined before it was asked for, and when the service gave it at once. */
  address: string | undefined;
  readonly #arm: ArmClient;
  readonly #request: ReportRequest;
  readonly #options: SendOptions;
  #report: CostDetailsReport | undefined;

  /** @param address of a report that was asked for before */
  constructor(arm: ArmClient, request: ReportRequest, address: string | undefined, options: SendOptions) {
    this.#arm = arm;
    this.#request = request;
    this.#options = options;
    this.address = address;
  }

  /** The name by which support finds it. */
  get id(): string | undefined {
    const { answer } = this.#report ?? {};
    return answer?.name ?? answer?.id?.split('/').at(-1);
  }

  /**
   * Its files, none when there is no data. Waits for them the first time.
   *
   * @throws BillingError; with the code `resumeRefused` when a report that was asked for before is gone
   */
  async files(): Promise<readonly CostDetailsBlob[]> {
    this.#report ??= await this.#ask();
    return this.#report.blobs;
  }

  /** Asks for new links to the same files. */
  async renew(): Promise<void> {
    const before = sizesOf(await this.files());
    this.#report = await this.#ask();
    requireSame(before, sizesOf(this.#report.blobs));
  }

  async #ask(): Promise<CostDetailsReport> {
    const onLink = ({ status, result }: OperationLinks) => {
      this.address = result ?? status;
    };
    const options = { ...this.#options, onLink };
    if (this.address === undefined) {
      const today = new Date(this.#arm.http.clock.now()).toISOString().slice(0, 10);
      return generateReport(this.#arm, this.#request, today, options);
    }
    try {
      return await resumeCostDetails(this.#arm, this.address, options);
    } catch (error) {
      throw refusedMark(error);
    }
  }
}

/** Bytes of each file as the manifest counts them. */
export function sizesOf(files: readonly CostDetailsBlob[]): (number | null)[] {
  return files.map(({ byteCount }) => {
    const size = Number(byteCount ?? Number.NaN);
    return Number.isSafeInteger(size) ? size : null;
  });
}

/** @throws BillingError with the code `resumeRefused` when the report was written anew meanwhile */
export function requireSame(before: readonly (number | null)[], now: readonly (number | null)[]): void {
  if (JSON.stringify(before) !== JSON.stringify(now)) {
    throw markRefused('the report was written anew');
  }
}
