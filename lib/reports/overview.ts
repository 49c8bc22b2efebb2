// Many startups at a glance: one line each, before the waterfalls.

import { type Duration, duration } from '../base/instant.ts';
import { ROOT } from '../model/phase.ts';
import type { Outcome, Startup } from '../model/startup.ts';
import { clip, clipStart, columnsOf, padEnd, padStart } from './columns.ts';
import type { Telling } from './contract.ts';
import { groupName } from './group-text.ts';
import { type Paint, painter, type Style } from './look.ts';
import { isPhaseRow, type PhaseRow, type Row, rowsOf } from './tree.ts';
import {
  attemptsByPod,
  fullNameOf,
  isClockless,
  isContradicted,
  isLengthKnown,
  lengthText,
  nameOf,
  percentText,
  plural,
  spanText,
} from './words.ts';

const STYLES: Readonly<Record<Outcome, Style>> = { ready: 'green', failed: 'red', incomplete: 'yellow' };
const OUTCOMES: readonly Outcome[] = ['ready', 'failed', 'incomplete'];
const TRY = 5;
/** Blanks between the columns. */
const SPACES = 7;
const OUTCOME = 10;
const TOTAL = 9;
const TOLD = 5;

/** `3 startups of 2 pods: 2 ready, 1 failed`, a blank line, the table. */
export function overview(startups: readonly Startup[], { width, color }: Telling): readonly string[] {
  const paint = painter(color);
  const attempts = attemptsByPod(startups);
  const name = namer(startups);
  const longest = new Map(startups.map((startup) => [startup, longestText(startup)]));
  const last = Math.max(7, ...[...longest.values()].map(columnsOf));
  const room = Math.max(12, width - TRY - OUTCOME - TOTAL - TOLD - SPACES - last);
  const column = Math.min(room, Math.max(3, ...startups.map((startup) => columnsOf(name(startup)))));
  const row = (startup: Startup): string =>
    cells(startup, {
      name: name(startup),
      column,
      of: attempts.get(startup.pod.uid) ?? 1,
      longest: clip(longest.get(startup) ?? '', width - TRY - OUTCOME - TOTAL - TOLD - SPACES - column),
      paint,
    });
  return [
    paint(
      'bold',
      `${plural(startups.length, 'startup')} of ${plural(attempts.size, 'pod')}: ${outcomesText(startups)}`,
    ),
    '',
    paint('dim', titles(column)),
    ...blocksOf(startups).flatMap(({ title, rows }) => [
      ...(title === undefined ? [] : [paint('cyan', clip(title, width))]),
      ...rows.map(row),
    ]),
  ];
}

interface Block {
  readonly title: string | undefined;
  readonly rows: readonly Startup[];
}

/** Pods of one group stand together, its leader first, where the first of them stands; everyone else as given. */
function blocksOf(startups: readonly Startup[]): readonly Block[] {
  const groups = Map.groupBy(startups, groupKey);
  return [...groups.values()].map((rows) => {
    const group = rows[0]?.group;
    if (group === undefined) return { title: undefined, rows };
    return { title: groupName(group), rows: rows.toSorted((a, b) => rankOf(a) - rankOf(b)) };
  });
}

/** The pod that leads; a worker without a known leader stands with its like. */
function groupKey({ group, pod }: Startup): string {
  if (group === undefined) return `pod ${pod.uid}`;
  const leader = group.role === 'leader' ? pod.uid : group.leader?.uid;
  return `group ${leader ?? [pod.namespace, group.kind, group.name, group.index].join('/')}`;
}

const rankOf = ({ group }: Startup): number => (group?.role === 'leader' ? -1 : (group?.rank ?? 0));

/** `2 ready, 1 failed`. */
export function outcomesText(startups: readonly Startup[]): string {
  const counted = OUTCOMES.map(
    (outcome) => [startups.filter((startup) => startup.outcome === outcome).length, outcome] as const,
  );
  return counted
    .filter(([count]) => count > 0)
    .map(([count, outcome]) => `${count} ${outcome}`)
    .join(', ');
}

/** With the namespace only when there are several. */
function namer(startups: readonly Startup[]): (startup: Startup) => string {
  const several = new Set(startups.map(({ pod }) => pod.namespace)).size > 1;
  return several ? fullNameOf : nameOf;
}

const titles = (column: number): string =>
  `${padEnd('pod', column)} ${padStart('try', TRY)}  ${padEnd('outcome', OUTCOME)} ${padStart('total', TOTAL)} ${padStart('told', TOLD)}  longest`;

interface Line {
  readonly name: string;
  readonly column: number;
  readonly of: number;
  readonly longest: string;
  readonly paint: Paint;
}

function cells(startup: Startup, { name, column, of, longest, paint }: Line): string {
  const clockless = isClockless(startup);
  return [
    padEnd(clipStart(name, column), column),
    padStart(`${startup.attempt + 1}/${of}`, TRY),
    ` ${paint(STYLES[startup.outcome], padEnd(startup.outcome, OUTCOME))}`,
    padStart(clockless ? '' : spanText(startup), TOTAL),
    padStart(
      clockless
        ? ''
        : isContradicted(startup) || !isLengthKnown(startup)
          ? '?'
          : percentText(startup.coverage),
      TOLD,
    ),
    ` ${longest}`,
  ]
    .join(' ')
    .trimEnd();
}

/** The longest thing that holds nothing else: where to look first. A gap may well be it. */
function longestText(startup: Startup): string {
  const leaves = rowsOf(startup).filter((row) => !isPhaseRow(row) || isLeaf(row));
  const longest = leaves.reduce<Row | undefined>(
    (best, row) => (best === undefined || lengthOf(row) > lengthOf(best) ? row : best),
    undefined,
  );
  return longest === undefined ? '' : `${lengthText(lengthOf(longest))} ${labelOf(longest)}`;
}

const isLeaf = ({ holds, phase }: PhaseRow): boolean => !holds && phase.lengthUnknown !== true;

const lengthOf = (row: Row): Duration => duration(row.end - row.start);

const labelOf = (row: Row): string =>
  isPhaseRow(row) ? row.phase.name : row.gap.parent === ROOT ? 'gap' : `gap in ${row.gap.parent}`;
