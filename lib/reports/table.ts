// The report for people: an overview when there are many, then a waterfall per startup.

import { wrap } from './columns.ts';
import { conclusions } from './conclusions.ts';
import type { Telling, Told } from './contract.ts';
import { heading } from './heading.ts';
import { page } from './look.ts';
import { overview } from './overview.ts';
import { waterfall } from './waterfall.ts';
import { attemptsByPod, plural } from './words.ts';

/** More waterfalls than this nobody reads; the overview has them all and says how to see one. */
const MOST_WATERFALLS = 50;

/** '' when there is nothing to tell: the door says so. */
export function tableReport({ startups }: Told, telling: Telling): string {
  const attempts = attemptsByPod(startups);
  const shown = startups.slice(0, MOST_WATERFALLS);
  const blocks = [
    ...(attempts.size > 1 ? [overview(startups, telling)] : []),
    ...shown.map((startup) => [
      ...heading(startup, attempts.get(startup.pod.uid) ?? 1, telling),
      '',
      ...waterfall(startup, telling),
      ...after(conclusions(startup, telling)),
    ]),
    ...(shown.length < startups.length ? [leftOut(startups.length - shown.length, telling)] : []),
  ];
  return page(
    blocks.flatMap((block, index) => (index === 0 ? block : ['', ...block])),
    telling.ascii,
  );
}

const after = (lines: readonly string[]): readonly string[] => (lines.length === 0 ? [] : ['', ...lines]);

const leftOut = (count: number, { width }: Telling): readonly string[] =>
  wrap(`${plural(count, 'waterfall')} not drawn here. Name one with --pod, or take all with --format json.`, {
    width,
  });
