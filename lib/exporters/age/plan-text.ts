// A plan as lines for people: what goes, what stays behind, by which limit, and by how much.

import type { Duration } from '../../base/instant.ts';
import type { TooOldPolicy } from '../../model/destination.ts';
import type { DestinationProfile } from '../destinations/contract.ts';
import type { Misfit, Plan, PlanRow } from './plan.ts';

export interface PlanWords {
  readonly profile: DestinationProfile;
  readonly policy: TooOldPolicy;
}

/** A table with its head, every row told: for a dry run. */
export function planTable({ rows }: Plan, words: PlanWords): readonly string[] {
  if (rows.length === 0) return [];
  const cells = rows.map((row) => [
    `${row.what}s`,
    String(row.sent + row.sentAnyway),
    String(row.historical),
    String(row.kept),
    noteOf(row, words),
  ]);
  const head = [words.profile.name, 'to send', 'historical', 'not sent', ''];
  const widths = head.map((title, column) =>
    Math.max(title.length, ...cells.map((row) => (row[column] ?? '').length)),
  );
  return [head, ...cells].map((row) => `  ${line(row, widths)}`.trimEnd());
}

/** Names to the left, numbers to the right, the note as long as it is. */
const line = (row: readonly string[], widths: readonly number[]): string =>
  row
    .map((cell, column) => {
      const width = widths[column] ?? 0;
      return column === 0 ? cell.padEnd(width) : column < row.length - 1 ? cell.padStart(width) : cell;
    })
    .join('  ');

/** Only what did not go as it was: after a delivery. */
export const planNotes = ({ rows }: Plan, words: PlanWords): readonly string[] =>
  rows.flatMap((row) => [
    ...(row.kept > 0 ? [`${count(row.kept, row.what)} not sent: ${noteOf(row, words)}`] : []),
    ...(row.historical > 0
      ? [
          `${count(row.historical, row.what)} sent ${row.what === 'histogram' ? 'as gauges' : 'as they are'}: ${noteOf(row, words)}`,
        ]
      : []),
    ...(row.sentAnyway > 0 ? [`${count(row.sentAnyway, row.what)} sent, but ${noteOf(row, words)}`] : []),
  ]);

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

function noteOf(
  { misfit, historical, sentAnyway, kept, what }: PlanRow,
  { profile, policy }: PlanWords,
): string {
  if (misfit === undefined)
    return kept > 0 ? `${profile.title} takes no ${what === 'span' ? 'spans' : 'points'}` : '';
  const needs = historical > 0 ? `; needs ${profile.points?.historical?.needs ?? ''}` : '';
  const risk = sentAnyway > 0 ? '; they may be dropped there without a word' : '';
  return `${limitText(misfit, profile)} (--too-old ${policy})${needs}${risk}`;
}

/** `older than the 18 h that Datadog takes, by up to 1 d 3 h`. */
function limitText({ side, limit, by }: Misfit, { title }: DestinationProfile): string {
  const than = side === 'past' ? 'older than' : 'farther in the future than';
  return `${than} the ${lengthText(limit)} that ${title} takes, by up to ${lengthText(by)}`;
}

const UNITS = [
  ['d', 86_400n],
  ['h', 3600n],
  ['min', 60n],
  ['s', 1n],
] as const;

/** The two largest units that there are, rounded up to the second: `1 d 3 h`, `18 h`, `2 min 5 s`. */
export function lengthText(length: Duration): string {
  let left = (length + 999_999_999n) / 1_000_000_000n;
  const parts: string[] = [];
  for (const [unit, seconds] of UNITS) {
    if (left >= seconds) parts.push(`${left / seconds} ${unit}`);
    left %= seconds;
  }
  return parts.slice(0, 2).join(' ') || '0 s';
}
