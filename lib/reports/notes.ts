// What a row of the waterfall says beside its bar, shortest first.

import { seconds } from '../base/instant.ts';
import type { Phase } from '../model/startup.ts';
import { cell } from './columns.ts';
import { lengthText } from './words.ts';

/** '' when there is nothing to say. */
export function phaseNotes(phase: Phase): string {
  return [cached(phase), queued(phase), ranks(phase), printed(phase), weights(phase), awaited(phase)]
    .filter((note) => note !== '')
    .join(', ');
}

const cached = ({ attributes }: Phase): string =>
  attributes['image.cached'] === true ? 'already on the node' : '';

/** The part of a pull that other pulls of the node took. */
function queued({ attributes }: Phase): string {
  const wait = attributes['image.wait_seconds'];
  return typeof wait === 'number' && wait >= 0.1 ? `queued ${lengthText(seconds(wait))}` : '';
}

/** The slowest rank decides when a phase ends; the spread says how long the others waited. */
const ranks = ({ ranks: all }: Phase): string =>
  all === undefined ? '' : `${all.count} ranks, ${cell(all.slowest)} last by ${lengthText(all.spread)}`;

/** The program's own number, when it is not the length that stands beside it anyway. */
function printed({ reported, start, end }: Phase): string {
  if (reported === undefined) return '';
  const own = seconds(reported);
  return lengthText(own) === lengthText(seconds(Number(end.at - start.at) / 1e9))
    ? ''
    : `printed ${lengthText(own)}`;
}

function weights({ attributes }: Phase): string {
  const size = attributes['weights_gib'];
  return typeof size === 'number' ? `${size} GiB` : '';
}

/** The node that the cluster waited for. */
function awaited({ attributes }: Phase): string {
  const node = attributes['ray.slowest_node'];
  if (typeof node !== 'string') return '';
  return `${cell(node)} ${attributes['ray.slowest_joined'] === false ? 'missing' : 'last'}`;
}
