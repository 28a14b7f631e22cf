import path from 'node:path';
import type { ExportResult, JobSnapshot, JobState } from '../jobs/jobTypes.ts';
import { byteText } from '../workbench/byteText.ts';

/** What the list of exports says of one, in plain text: names of files and scopes may hold anything. */
export interface JobTexts {
  /** Name of the file, shortened in the middle: how it stands is read behind it, in a narrow bar. */
  label: string;
  /** The whole name. */
  name: string;
  /** How it stands, in a few words. */
  description: string;
  /** Everything that is known, a line each. */
  tooltip: string;
}

/**
 * @param now milliseconds since 1970
 * @param locale BCP 47, for numbers; amounts of money keep the digits that the service sent
 */
export function jobTexts(job: JobSnapshot, now: number, locale: string): JobTexts {
  const name = path.basename(job.request.target.file);
  return {
    label: shortName(name),
    name,
    description: description(job, now, locale),
    tooltip: tooltipLines(job, now, locale).join('\n'),
  };
}

/** The one sentence at the end of an export, with how old its figures are where they were kept. */
export function savedText({ file, rows: count, asOf }: ExportResult, locale: string): string {
  const what = `${count.toLocaleString(locale)} ${count === 1 ? 'row' : 'rows'}`;
  return `Saved ${what} to ${path.basename(file)}${asOf === undefined ? '' : `, as of ${momentText(asOf, locale)}`}.`;
}

/** In the time zone of the person. */
function momentText(moment: string, locale: string): string {
  return new Date(moment).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
}

/** Characters. */
const LONGEST_LABEL = 26;
/** A day, with an ending. */
const LONGEST_TAIL = '2026-10-31.parquet'.length;

/** Names of exports differ at the end, by period and format. */
function shortName(name: string): string {
  const characters = [...name];
  const tail = Math.min([...(name.split(' ').at(-1) ?? '')].length, LONGEST_TAIL);
  return characters.length <= LONGEST_LABEL
    ? name
    : `${characters.slice(0, LONGEST_LABEL - tail - 1).join('')}…${characters.slice(-tail).join('')}`;
}

function description(job: JobSnapshot, now: number, locale: string): string {
  switch (job.state) {
    case 'planning':
      return waiting(job, now) ?? 'looking how much there is';
    case 'asking':
      return 'waiting for an answer';
    case 'running':
      return joined([
        progress(job),
        // A narrow bar cuts what comes late.
        waiting(job, now) ?? (job.secondsLeft === undefined ? undefined : `${duration(job.secondsLeft)} left`),
        job.elsewhere && 'in another window',
        ...amounts(job, locale),
        job.wait === undefined && job.bytesPerSecond > 0 && `${byteText(job.bytesPerSecond)}/s`,
      ]);
    case 'finishing':
      return joined(['finishing', ...amounts(job, locale)]);
    case 'paused':
      return joined(['paused', progress(job), ...amounts(job, locale)]);
    case 'interrupted':
      return joined(['interrupted', ...amounts(job, locale)]);
    case 'failed':
      return `failed: ${job.error?.message ?? 'nobody knows why'}`;
    case 'cancelled':
      return 'cancelled';
    case 'done':
      return joined(['done', rows(job.manifest?.rows ?? job.rows, locale), totals(job)]);
  }
}

const STATE_WORDS: Readonly<Record<JobState, string>> = {
  planning: 'Looking how much there is',
  asking: 'Waiting for an answer',
  running: 'Running',
  paused: 'Paused: Resume goes on where it stopped',
  finishing: 'Finishing: every row is there',
  done: 'Complete',
  failed: 'Failed: what was written is kept until you resume or cancel',
  cancelled: 'Cancelled',
  interrupted: 'Interrupted by the end of the editor: Resume goes on where it stopped',
};

function tooltipLines(job: JobSnapshot, now: number, locale: string): string[] {
  const { request, manifest, error } = job;
  const { target } = request;
  const wait = waiting(job, now);
  return [
    request.title,
    `${STATE_WORDS[job.state]}${job.elsewhere ? ', in another window' : ''}`,
    error && [error.message, error.advice].filter(Boolean).join(' '),
    wait && `${wait.charAt(0).toUpperCase()}${wait.slice(1)}`,
    `File: ${target.file}`,
    `Format: ${[target.format, target.columns === 'focus' && 'FOCUS columns', target.shareSafe && 'share-safe'].filter(Boolean).join(', ')}`,
    `Connection: ${request.connection}`,
    ...(manifest?.scopes ?? []).slice(0, LISTED).map(({ scope, label }) => `Scope: ${label ?? scope}`),
    (manifest?.scopes?.length ?? 0) > LISTED && `and ${(manifest?.scopes?.length ?? 0) - LISTED} more scopes`,
    manifest?.period && `Period: ${manifest.period.from} to ${manifest.period.to} (UTC, inclusive)`,
    manifest?.periodState === 'open' && 'Open: the period goes on and the figures will change.',
    manifest?.periodState === 'settling' && 'Settling: late usage may arrive until the 5th.',
    `Rows: ${(manifest?.rows ?? job.rows).toLocaleString(locale)}`,
    `Size: ${byteText(manifest?.bytes ?? job.bytes)}`,
    job.pieces > 1 && job.state !== 'done' && `Pieces: ${job.piecesDone} of ${job.pieces}`,
    job.callsPlanned !== undefined && job.state !== 'done' && `Calls: ${job.calls} of about ${job.callsPlanned}`,
    ...Object.entries(manifest?.totals ?? {}).map(([unit, amount]) => `Total: ${amountOf(unit, amount)}`),
    manifest &&
      manifest.rowsWithoutCost > 0 &&
      `Rows without a cost: ${manifest.rowsWithoutCost.toLocaleString(locale)}`,
    manifest && `Source: ${manifest.source}${manifest.why === undefined ? '' : `, because ${manifest.why}`}`,
    manifest?.asOf && `Read from stored data, as of ${momentText(manifest.asOf, locale)}`,
    manifest?.requestIds && `Request ids: ${manifest.requestIds.length.toLocaleString(locale)}, in the manifest`,
    manifest && `SHA-256: ${manifest.sha256}`,
  ].filter((line): line is string => typeof line === 'string' && line !== '');
}

/** More lines than these nobody reads in a tooltip. */
const LISTED = 10;

function amounts(job: JobSnapshot, locale: string): string[] {
  return [rows(job.rows, locale), byteText(job.bytes)];
}

/** `1.2M rows`; exact below ten thousand. */
function rows(count: number, locale: string): string {
  const compact = { notation: 'compact', maximumFractionDigits: 1 } as const;
  const text = count < 10_000 ? count.toLocaleString(locale) : new Intl.NumberFormat(locale, compact).format(count);
  return `${text} ${count === 1 ? 'row' : 'rows'}`;
}

/** Never 100 % before the file is whole. */
function progress({ calls, callsPlanned, pieces, piecesDone }: JobSnapshot): string | undefined {
  const share = callsPlanned !== undefined && callsPlanned > 0 ? calls / callsPlanned : piecesDone / pieces;
  return Number.isFinite(share) ? `${Math.min(99, Math.floor(share * 100))} %` : undefined;
}

function waiting({ wait }: JobSnapshot, now: number): string | undefined {
  return wait && `waiting ${Math.max(1, Math.ceil((wait.until - now) / 1000))} s for Azure's limit`;
}

/** The currencies of a finished export; the first two where there are many. */
function totals({ manifest }: JobSnapshot): string | undefined {
  const all = Object.entries(manifest?.totals ?? {});
  const shown = all.slice(0, 2).map(([unit, amount]) => amountOf(unit, shortAmount(amount)));
  const soFar = manifest?.periodState === undefined || manifest.periodState === 'closed' ? '' : ' so far';
  return all.length === 0
    ? undefined
    : `${[...shown, ...(all.length > 2 ? [`${all.length - 2} more`] : [])].join(', ')}${soFar}`;
}

/** Units of meters are `1`, `1 GB` or `10,000s`: behind a sign, so that they are not read as a part of the amount. */
function amountOf(unit: string, amount: string): string {
  return /^[A-Z]{3}$/.test(unit) ? `${unit} ${amount}` : `${amount} × ${unit}`;
}

/** To two decimals, cut and marked where there are more: the tooltip has all of them. */
function shortAmount(amount: string): string {
  const [whole = '', decimals = ''] = amount.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return decimals === '' ? grouped : `${grouped}.${decimals.slice(0, 2)}${decimals.length > 2 ? '…' : ''}`;
}

function duration(seconds: number): string {
  if (seconds < 90) {
    return `${Math.max(1, Math.round(seconds))} s`;
  }
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}

function joined(parts: readonly (string | false | undefined)[]): string {
  return parts.filter(Boolean).join(' · ');
}
