// What a run says on stderr: one line of counts, and a few lines for every problem.

import type { Tally } from '../base/tally.ts';
import { byText } from '../base/text.ts';
import { cell } from './columns.ts';
import type { Problem, Told } from './contract.ts';
import { outcomesText } from './overview.ts';
import { countText, plural } from './words.ts';

/** Problems of one kind that are printed; the others are counted. */
const MOST_ALIKE = 5;

/** What to do about a problem, by its name in the tally. */
const REMEDIES: Readonly<Record<string, string>> = {
  'files.unreadable': 'Check the path and its permissions.',
  'files.truncated': 'What came before the break was read. Copy the file again to have the rest.',
  'stdin.empty': 'Pipe a log into it: kubectl logs POD --timestamps | coldtrace replay -',
};

/** `read 12 files, 48,210 lines, 212 start-up lines; 3 startups: 2 ready, 1 failed; 1 file unreadable`. */
export function tallyLine({ startups, tally, problems }: Told): string {
  const of = (name: string): number => tally.get(name) ?? 0;
  const read = [
    plural(of('files.read'), 'file'),
    plural(of('lines.read'), 'line'),
    plural(of('lines.matched'), 'start-up line'),
    ...(of('native_spans.read') > 0 ? [plural(of('native_spans.read'), 'start-up span')] : []),
    ...(of('objects.other') === 0 ? [] : [`${plural(of('objects.other'), 'object')} that tell of no pod`]),
  ];
  const found =
    startups.length === 0
      ? 'no startup found'
      : `${plural(startups.length, 'startup')}: ${outcomesText(startups)}`;
  return [`read ${read.join(', ')}`, found, ...losses(tally, problems)].join('; ');
}

/** Names that end in one of these count evidence that did not make it into the answer. */
const LOST =
  /\.(?:unreadable|truncated|rejected|refused|gone|dropped|malformed|invalid|conflicting|too_long)$/;

/** True when the count is of evidence that was lost: `--strict` fails on it. */
export const isLoss = (name: string): boolean => LOST.test(name);

function losses(tally: Tally, problems: readonly Problem[]): readonly string[] {
  const names = [...tally.keys(), ...problems.map(({ what }) => what)].filter(isLoss);
  return [...new Set(names)].toSorted(byText).map((name) => {
    const count = tally.get(name) ?? problems.filter(({ what }) => what === name).length;
    const [noun = name, verb = ''] = name.replaceAll('_', ' ').split('.');
    return `${countText(count)} ${count === 1 ? noun.replace(/s$/, '') : noun} ${verb}`;
  });
}

/** Every problem: where, what was expected, what came, what to do. At most a few of a kind. */
export function problemLines(problems: readonly Problem[]): readonly string[] {
  const alike = new Map<string, number>();
  const lines = problems.flatMap((problem) => {
    const count = (alike.get(problem.what) ?? 0) + 1;
    alike.set(problem.what, count);
    return count > MOST_ALIKE && !problem.asked ? [] : [problemText(problem)];
  });
  const more = [...alike]
    .filter(([, count]) => count > MOST_ALIKE)
    .map(([what, count]) => `coldtrace: ${what}: ${countText(count)} in all`);
  return [...lines, ...more];
}

/** Never broken: a path that was broken cannot be copied. */
function problemText({ where, expected, came, what, remedy = REMEDIES[what] }: Problem): string {
  const text = `${cell(where)}: expected ${cell(expected)}, got ${cell(came)}.${remedy === undefined ? '' : ` ${remedy}`}`;
  return `coldtrace: ${text}`;
}
