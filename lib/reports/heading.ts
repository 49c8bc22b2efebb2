// What stands above a waterfall: who started, what came of it, with what.

import type { Outcome, Startup } from '../model/startup.ts';
import { cell, wrap } from './columns.ts';
import type { Telling } from './contract.ts';
import { groupLine } from './group-text.ts';
import { type Paint, painter, type Style } from './look.ts';
import {
  causeText,
  classText,
  fullNameOf,
  instantText,
  isClockless,
  isContradicted,
  isLengthKnown,
  lengthText,
  percentText,
  spanText,
} from './words.ts';

const STYLES: Readonly<Record<Outcome, Style>> = { ready: 'green', failed: 'red', incomplete: 'yellow' };

/** Three to five lines, wrapped. `of`: how many attempts of this pod are told. */
export function heading(startup: Startup, of: number, { width, color }: Telling): readonly string[] {
  const paint = painter(color);
  return [
    ...wrapped(titleOf(startup, of), { width, paint, style: 'bold' }),
    ...wrapped(resultOf(startup), { width, paint, style: STYLES[startup.outcome] }),
    ...wrapped(whenOf(startup), { width, paint, style: 'dim' }),
    ...wrapped(withWhat(startup), { width, paint, style: 'dim' }),
    ...wrapped(startup.group === undefined ? [] : groupLine(startup.group), { width, paint, style: 'cyan' }),
  ];
}

interface Line {
  readonly width: number;
  readonly paint: Paint;
  readonly style: Style;
}

const wrapped = (parts: readonly string[], { width, paint, style }: Line): readonly string[] =>
  parts.length === 0 ? [] : wrap(parts.join(' · '), { width, rest: '  ' }).map((line) => paint(style, line));

function titleOf(startup: Startup, of: number): readonly string[] {
  const { engine, attempt, container, pod } = startup;
  return [
    pod.name === null ? `${fullNameOf(startup)} (no pod known)` : fullNameOf(startup),
    ...(container === null || pod.name === null ? [] : [cell(container)]),
    ...(of > 1 ? [`attempt ${attempt + 1} of ${of}`] : []),
    ...(engine === undefined ? [] : [cell([engine.name, engine.version ?? 'of unknown version'].join(' '))]),
  ];
}

function resultOf(startup: Startup): readonly string[] {
  const { podTotal } = startup;
  return [
    outcomeText(startup),
    ...(startup.class === 'unknown' ? [] : [classText(startup.class)]),
    explainedText(startup),
    ...(podTotal === undefined ? [] : [`${lengthText(podTotal)} since the pod was created`]),
  ];
}

function explainedText(startup: Startup): string {
  if (isClockless(startup)) return 'no clock in this log: lengths only';
  const unknown = startup.lengthUnknown === true ? 'how long it took is not known' : undefined;
  if (isContradicted(startup)) return ['clocks disagree', unknown].filter(Boolean).join(': ');
  if (unknown !== undefined) return unknown;
  return `${percentText(startup.coverage)} of the time explained`;
}

function outcomeText(startup: Startup): string {
  const { outcome, failure, silent } = startup;
  if (outcome === 'ready') return `ready${lastedText(startup, 'in')}`;
  const lasted = lastedText(startup, 'after');
  if (outcome === 'incomplete')
    return `incomplete${lasted}${silent === undefined ? '' : `, in ${silent.phase}`}`;
  const where = failure?.phase === undefined ? '' : ` in ${failure.phase}`;
  return `failed${lasted}${where}${failure === undefined ? '' : `: ${causeText(failure.cause)}`}`;
}

/** ` in 61.2s`; '' when it is not known. */
const lastedText = (startup: Startup, word: string): string =>
  isClockless(startup) || !isLengthKnown(startup) ? '' : ` ${word} ${spanText(startup)}`;

const whenOf = (startup: Startup): readonly string[] =>
  isClockless(startup) ? [] : [`${instantText(startup.start.at)} → ${instantText(startup.end.at)}`];

function withWhat({ attributes, pod }: Startup): readonly string[] {
  const [model, gpu, count, image] = [
    attributes['model_name'],
    attributes['gpu_type'],
    attributes['num_gpus'],
    attributes['image_tag'],
  ];
  return [
    ...(model === undefined ? [] : [`model ${model}`]),
    ...(gpu === undefined ? [] : [count === undefined ? `${gpu}` : `${count} × ${gpu}`]),
    ...(pod.node === null ? [] : [`node ${pod.node}`]),
    ...(image === undefined ? [] : [`image ${image}`]),
  ].map(cell);
}
