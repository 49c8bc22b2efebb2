// The proof of every boundary: which line of which log, read by which rule, how sure and how exact.

import { duration, formatInstant, SECOND } from '../base/instant.ts';
import { spanIdOf, traceIdOf } from '../model/ids.ts';
import type { Moment, Proof } from '../model/mark.ts';
import { phaseKey, rootKey } from '../model/span-key.ts';
import type { Certainty, Gap, Phase, PlacedProof, Startup } from '../model/startup.ts';
import { cell, wrap } from './columns.ts';
import { conclusions, placeText } from './conclusions.ts';
import type { Telling, Told } from './contract.ts';
import { heading } from './heading.ts';
import { page, painter } from './look.ts';
import { nativeLines } from './native-spans.ts';
import { isPhaseRow, type Row, rowsOf } from './tree.ts';
import { attemptsByPod, isClockless, lengthText, plural, spanText } from './words.ts';

/** More lines of one proof than this are cut. */
const PROOF_LINES = 4;

/** '' when there is nothing to explain. */
export function explainReport({ startups }: Told, telling: Telling): string {
  const attempts = attemptsByPod(startups);
  const blocks = startups.map((startup) => [
    ...heading(startup, attempts.get(startup.pod.uid) ?? 1, telling),
    ...explained(startup, telling),
    ...closing(startup, telling),
  ]);
  return page(
    blocks.flatMap((block, index) => (index === 0 ? block : ['', '', ...block])),
    telling.ascii,
  );
}

function closing(startup: Startup, telling: Telling): readonly string[] {
  const lines = conclusions(startup, telling);
  return lines.length === 0 ? [] : ['', ...lines];
}

function explained(startup: Startup, telling: Telling): readonly string[] {
  const { width } = telling;
  const ids = `trace ${traceIdOf(startup.pod.uid, telling.traceIdScheme)} · root span ${spanIdOf(rootKey(startup))} · pod uid ${cell(startup.pod.uid)}${startup.pod.uidSynthetic ? ' (derived from the log: no pod claims it)' : ''}`;
  return [
    ...wrap(ids, { width, rest: '  ' }),
    '',
    ...boundaries({ title: rootTitle(startup), startup, ends: startup, certainty: 'observed' }, telling),
    ...rowsOf(startup).flatMap((row) => ['', ...rowLines(startup, row, telling)]),
    ...nativeLines(startup, telling),
  ];
}

const rootTitle = (startup: Startup): string =>
  isClockless(startup) ? 'endpoint_startup' : `endpoint_startup  ${spanText(startup)}`;

function rowLines(startup: Startup, row: Row, telling: Telling): readonly string[] {
  if (!isPhaseRow(row)) return gapLines(row.gap, telling);
  const { phase } = row;
  return [
    ...boundaries(
      { title: phaseTitle(startup, phase), startup, ends: phase, certainty: phase.certainty },
      telling,
    ),
    ...detailsOf(phase).flatMap((detail) =>
      wrap(cell(detail), { width: telling.width, first: '  ', rest: '    ' }),
    ),
  ];
}

function phaseTitle(startup: Startup, phase: Phase): string {
  const where = [
    phase.container === null ? '' : ` of ${cell(phase.container)}`,
    phase.occurrence > 0 ? ` #${phase.occurrence + 1}` : '',
  ];
  return `${phase.name}${where.join('')}  ${spanText(phase, phase.certainty)}, ${phase.certainty}, in ${phase.parent}  (span ${spanIdOf(phaseKey(startup, phase))})`;
}

interface Bounded {
  readonly title: string;
  readonly startup: Startup;
  readonly ends: {
    readonly start: Moment;
    readonly end: Moment;
    readonly evidence: readonly PlacedProof[];
    readonly reported?: number;
  };
  readonly certainty: Certainty;
}

function boundaries(bounded: Bounded, telling: Telling): readonly string[] {
  const paint = painter(telling.color);
  return [
    ...wrap(bounded.title, { width: telling.width, rest: '    ' }).map((line) => paint('bold', line)),
    ...boundary('start', bounded, telling),
    ...boundary('end', bounded, telling),
  ];
}

function boundary(
  side: 'start' | 'end',
  { startup, ends, certainty }: Bounded,
  { width, color }: Telling,
): readonly string[] {
  const proofs = ends.evidence.filter(({ at }) => at === side);
  const when = isClockless(startup) ? 'at a time that no line tells' : momentText(ends[side]);
  const head = `  ${side.padEnd(5)}  ${when}`;
  if (proofs.length === 0)
    return wrap(`${withoutProof(side, ends.reported, certainty)}`, {
      width,
      first: `${head}: `,
      rest: '         ',
    });
  return [head, ...proofs.flatMap((proof) => proofLines(proof, { width, color }))];
}

/** `2026-08-21T10:00:15.200000000Z`, and how far it may be off when that can be seen. */
function momentText({ at, precision }: Moment): string {
  if (precision >= SECOND) return `${formatInstant(at)}, or up to ${lengthText(precision)} later`;
  return precision <= 1n ? formatInstant(at) : `${formatInstant(at)} (good to ${unitText(precision)})`;
}

const unitText = (precision: bigint): string =>
  precision % 1_000_000n === 0n
    ? `${precision / 1_000_000n} ms`
    : precision % 1_000n === 0n
      ? `${precision / 1_000n} µs`
      : `${precision} ns`;

function withoutProof(side: 'start' | 'end', reported: number | undefined, certainty: Certainty): string {
  if (side === 'end' && certainty === 'open') return 'no line ends it; it was open when the startup ended';
  if (side === 'start' && reported !== undefined)
    return `computed: its end minus the ${reported} s that the program printed`;
  return 'no line of its own; taken from its neighbours';
}

function proofLines(proof: Proof, { width, color }: Pick<Telling, 'width' | 'color'>): readonly string[] {
  const paint = painter(color);
  return [
    ...wrap(placeText(proof), { width, first: '         ' }).map((line) => paint('cyan', line)),
    ...wrap(cell(proof.text), { width, first: '         │ ', rest: '         │   ', lines: PROOF_LINES }),
  ];
}

function detailsOf({ reported, ranks, clamped, attributes }: Phase): readonly string[] {
  const facts = Object.entries(attributes).map(([name, value]) => `${name}=${value}`);
  return [
    ...(reported === undefined ? [] : [`printed by the program: ${reported} s`]),
    ...(ranks === undefined
      ? []
      : [
          `${plural(ranks.count, 'rank')}; ${ranks.slowest} was last, ${lengthText(ranks.spread)} after the first`,
        ]),
    ...(clamped === undefined ? [] : [`moved: ${clamped}`]),
    ...(facts.length === 0 ? [] : [facts.join(', ')]),
  ];
}

function gapLines(gap: Gap, { width, color }: Telling): readonly string[] {
  const paint = painter(color);
  const where =
    gap.afterPhase === gap.parent ? `opens ${gap.parent}` : `in ${gap.parent}, after ${gap.afterPhase}`;
  const title = `gap  ${lengthText(duration(gap.end - gap.start))}, ${where}: ${formatInstant(gap.start)} → ${formatInstant(gap.end)}`;
  return [
    ...wrap(title, { width, rest: '    ' }).map((line) => paint('bold', line)),
    ...neighbour('before', gap.before, { width, color }),
    ...neighbour('after', gap.next, { width, color }),
  ];
}

const neighbour = (
  side: string,
  proof: Proof | undefined,
  telling: Pick<Telling, 'width' | 'color'>,
): readonly string[] =>
  proof === undefined ? [`  ${side.padEnd(6)} no line`] : [`  ${side} it`, ...proofLines(proof, telling)];
