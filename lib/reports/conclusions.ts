// What stands below a waterfall: why it failed, what is missing, what to do better.

import type { Proof } from '../model/mark.ts';
import type { Missing, Startup } from '../model/startup.ts';
import { cell, wrap } from './columns.ts';
import type { Telling } from './contract.ts';
import { type Paint, painter, type Style } from './look.ts';
import { causeText, instantText, isClockless, lengthText } from './words.ts';

interface Remark {
  readonly head: string;
  readonly text: string;
  readonly style: Style;
  /** Lines at most; a failing line of a program can be very long. */
  readonly lines?: number;
}

/** Nothing for a start about which everything is known. */
export function conclusions(startup: Startup, { width, color }: Telling): readonly string[] {
  const paint = painter(color);
  return [
    ...failureOf(startup),
    ...silenceOf(startup),
    ...(startup.note === undefined ? [] : [remark('note', startup.note, 'yellow')]),
    ...startup.conflicts.map(({ what, says }) => remark('conflict', `${what}: ${says}`, 'yellow')),
    ...missingOf(startup.missing),
    ...startup.advice.map((advice) => remark('next time', advice, 'cyan')),
  ].flatMap((one) => linesOf(one, { width, paint }));
}

const remark = (head: string, text: string, style: Style): Remark => ({ head, text, style });

function linesOf(
  { head, text, style, lines }: Remark,
  { width, paint }: { width: number; paint: Paint },
): readonly string[] {
  const first = head === '' ? '    ' : `  ${head}: `;
  const wrapped = wrap(cell(text), { width, first, rest: '    ', ...(lines === undefined ? {} : { lines }) });
  return wrapped.map((line) => paint(style, line));
}

function failureOf({ failure }: Startup): readonly Remark[] {
  if (failure === undefined) return [];
  const where = failure.phase === undefined ? '' : ` in ${failure.phase}`;
  return [
    remark('first cause', `${causeText(failure.cause)}${where}`, 'red'),
    { head: '', text: failure.evidence.text, style: 'bold', lines: 4 },
    { head: '', text: placeText(failure.evidence), style: 'dim' },
  ];
}

/** `main.log:1234 (vllm.oom)`. */
export const placeText = ({ source, line, rule }: Proof): string =>
  cell(`${source}${line === undefined ? '' : `:${line}`} (${rule})`);

function silenceOf(startup: Startup): readonly Remark[] {
  const { silent } = startup;
  if (silent === undefined) return [];
  const since = isClockless(startup) ? '' : ` since ${instantText(silent.since)}`;
  return [
    remark(
      'silent',
      `${silent.phase}${since}; nothing for ${lengthText(silent.lasting)}, then the evidence ends`,
      'yellow',
    ),
  ];
}

/** Unknown is not zero: what should be there is named one by one, what rightly is not in one line. */
function missingOf(missing: readonly Missing[]): readonly Remark[] {
  const lost = missing.filter(({ legitimate }) => !legitimate);
  const rightly = missing.filter(({ legitimate }) => legitimate).map(({ phase, why }) => `${phase} (${why})`);
  return [
    ...lost.map(({ phase, why }) => remark('missing', `${phase} (${why})`, 'yellow')),
    ...(rightly.length === 0 ? [] : [remark('rightly absent', rightly.join(', '), 'dim')]),
  ];
}
