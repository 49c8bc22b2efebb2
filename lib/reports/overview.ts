// Many startups at a glance: one line each, before the waterfalls.

import { type Duration, duration } from '../base/instant.ts';
import { ROOT } from '../model/phase.ts';
import type { Outcome, Startup } from '../model/startup.ts';
import { clip, clipMiddle, columnsOf, padEnd, padStart, wrap } from './columns.ts';
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
const OUTCOME = 10;
const TOTAL = 9;
const TOLD = 5;
/** Of `longest`. */
const TITLE = 7;
/** A name that is cut shorter tells nobody apart. */
const LEAST_NAME = 14;
/** `12.4s engine…`. */
const LEAST_LONGEST = 12;

/** `3 startups of 2 pods: 2 ready, 1 failed`, a blank line, the table. */
export function overview(startups: readonly Startup[], { width, color }: Telling): readonly string[] {
  const paint = painter(color);
  const attempts = attemptsByPod(startups);
  const name = namer(startups);
  const longest = new Map(startups.map((startup) => [startup, longestText(startup)]));
  const layout = layoutOf(width, {
    name: Math.max(3, ...startups.map((startup) => columnsOf(name(startup)))),
    longest: Math.max(TITLE, ...[...longest.values()].map(columnsOf)),
  });
  const row = (startup: Startup): string =>
    cells(startup, {
      name: name(startup),
      layout,
      of: attempts.get(startup.pod.uid) ?? 1,
      longest: longest.get(startup) ?? '',
      paint,
    });
  return [
    ...wrap(
      `${plural(startups.length, 'startup')} of ${plural(attempts.size, 'pod')}: ${outcomesText(startups)}`,
      { width, rest: '  ' },
    ).map((line) => paint('bold', line)),
    '',
    paint('dim', titles(layout)),
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

interface Layout {
  readonly name: number;
  /** 0: there is no room for this column. */
  readonly told: number;
  readonly longest: number;
}

/** The name gets what it needs and the room allows; on a narrow screen the last columns go first. */
function layoutOf(width: number, needs: { readonly name: number; readonly longest: number }): Layout {
  const fixed = 1 + TRY + 2 + OUTCOME + 1 + TOTAL;
  const least = Math.min(needs.name, LEAST_NAME);
  const told = fixed + least + 1 + TOLD <= width ? TOLD : 0;
  const left = width - fixed - (told === 0 ? 0 : told + 1);
  const hasLongest = told > 0 && left - least - 2 >= Math.min(needs.longest, LEAST_LONGEST);
  if (!hasLongest) return { name: Math.min(needs.name, left), told, longest: 0 };
  const name = Math.min(needs.name, Math.max(least, left - 2 - needs.longest));
  return { name, told, longest: left - 2 - name };
}

const titles = ({ name, told, longest }: Layout): string =>
  [
    `${padEnd('pod', name)} ${padStart('try', TRY)}  ${padEnd('outcome', OUTCOME)} ${padStart('total', TOTAL)}`,
    ...(told === 0 ? [] : [` ${padStart('told', told)}`]),
    ...(longest === 0 ? [] : ['  longest']),
  ].join('');

interface Line {
  readonly name: string;
  readonly layout: Layout;
  readonly of: number;
  readonly longest: string;
  readonly paint: Paint;
}

function cells(startup: Startup, { name, layout, of, longest, paint }: Line): string {
  const clockless = isClockless(startup);
  const isKnown = isLengthKnown(startup) && !isContradicted(startup);
  const share = isKnown ? percentText(startup.coverage) : '?';
  return [
    padEnd(clipMiddle(name, layout.name), layout.name),
    padStart(`${startup.attempt + 1}/${of}`, TRY),
    ` ${paint(STYLES[startup.outcome], padEnd(startup.outcome, OUTCOME))}`,
    padStart(clockless ? '' : spanText(startup), TOTAL),
    ...(layout.told === 0 ? [] : [padStart(clockless ? '' : share, layout.told)]),
    ...(layout.longest === 0 ? [] : [` ${clip(longest, layout.longest)}`]),
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
