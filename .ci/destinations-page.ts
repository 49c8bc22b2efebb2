// docs/destinations.md, made of the profiles: which past each destination takes, and where that was read.

import { lengthText } from '../lib/exporters/age/plan-text.ts';
import type { DestinationProfile, Window } from '../lib/exporters/destinations/contract.ts';
import { DESTINATIONS } from '../lib/exporters/destinations/index.ts';

/** The whole page; ends in a line feed. */
export function destinationsPage(): string {
  const profiles = Object.values(DESTINATIONS);
  const parts = [INTRODUCTION, table(profiles), POLICIES, ...profiles.map(section)];
  return `${parts.join('\n\n')}\n`;
}

const INTRODUCTION = `# Destinations: which past they take

Made by \`npm run docs\` from \`lib/exporters/destinations\`: do not edit.

coldtrace tells of the past, and most back-ends refuse the past, many of them with status 200. \`--destination\` names what stands behind the endpoint; what
it would not take is then not sent silently. Ages are measured from the moment of sending. Of a trace the attempt decides, whole: its oldest span must be within the limit. Of points each
decides by its own time, which is the end of its startup. "no limit known" means that none was found written down, not that there is none.`;

const POLICIES = `## What becomes of what is too old

| \`--too-old\` | traces | points | exit code |
|---|---|---|---|
| \`refuse\` (default) | not sent | not sent | 2 when anything was refused |
| \`skip\` | not sent | not sent | as otherwise |
| \`send\` | sent, and told: they may be dropped there without a word | the same | as otherwise |
| \`gauge\` | as \`skip\` | histograms as last-value gauges named \`<name>.last\` (of several values in one startup the longest), counters as they are, where the destination has a historical intake for these kinds; otherwise as \`skip\` | as otherwise |

What lies too far in the future is treated alike, but never as a gauge. \`--dry-run\` prints the whole plan as a table, with the exit code that the sending would have;
a delivery ends with a line for each kind that did not go as it was.`;

const HEAD = [
  'destination',
  'spans',
  'histograms',
  'counters',
  'historical',
  'points are kept',
  'a span sent again',
];

function table(profiles: readonly DestinationProfile[]): string {
  const rows = [HEAD, HEAD.map(() => '---'), ...profiles.map(cellsOf)];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function cellsOf({ name, spans, points, resentSpan }: DestinationProfile): readonly string[] {
  return [
    `[\`${name}\`](#${name})`,
    spans === undefined
      ? 'none taken'
      : `${windowText(spans)}${spans.past === undefined ? '' : `, by the ${spans.of} of a span`}`,
    ...pointCells(points),
    resentSpan === 'unknown' ? 'not known' : resentSpan,
  ];
}

function pointCells(points: DestinationProfile['points']): readonly string[] {
  if (points === undefined) return ['none taken', 'none taken', '', ''];
  const { keeps, windows, historical } = points;
  const ofKind = (window: Window) =>
    keeps === 'raw' ? windowText(window) : 'any age: told at the time of the run';
  const past =
    historical === undefined ? '' : `${lengthText(historical.past)}: ${historical.kinds.join(', ')}`;
  return [ofKind(windows.histogram), ofKind(windows.counter), past, keeps];
}

function windowText({ past, future }: Window): string {
  if (past === undefined && future === undefined) return 'no limit known';
  const parts = [
    ...(past === undefined ? [] : [`${lengthText(past)} past`]),
    ...(future === undefined ? [] : [`${lengthText(future)} future`]),
  ];
  return parts.join(', ');
}

function section({ name, title, points, caveats, sources }: DestinationProfile): string {
  const needs =
    points?.historical === undefined ? [] : [`- the historical intake needs ${points.historical.needs}`];
  return [
    `## ${name}`,
    `${title}.`,
    [
      ...caveats.map(
        ({ after, says }) => `- ${after === undefined ? '' : `older than ${lengthText(after)}: `}${says}`,
      ),
      ...needs,
    ].join('\n'),
    ['Sources:', '', ...sources.map(({ fact, page, read }) => `- ${fact}: ${page} (${read})`)].join('\n'),
  ].join('\n\n');
}
