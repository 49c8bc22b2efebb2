// The labels of a point: few, short, and only what is known.

import { cut } from '../../base/text.ts';
import type { FactValue } from '../../model/mark.ts';
import type { Labels } from '../../model/metric.ts';
import type { Startup } from '../../model/startup.ts';
import { known } from '../known.ts';
import { CERTAINTY_LABEL, type InstrumentSpec } from './instruments.ts';

/** What the point itself adds to the startup's attributes. */
export type Facts = Readonly<Record<string, FactValue>>;

/** Datadog keeps 200 characters of a tag, Dynatrace 255: a longer value would be cut there, unseen. */
export const LABEL_LENGTH = 200;

/** The instrument's labels that are known; nothing else of the startup gets through. */
export function labelsOf({ attributes, pod }: Startup, { labels }: InstrumentSpec, facts: Facts): Labels {
  const all: Readonly<Record<string, FactValue | null | undefined>> = {
    namespace: pod.namespace,
    ...attributes,
    ...facts,
  };
  const names = facts[CERTAINTY_LABEL] === undefined ? labels : [...labels, CERTAINTY_LABEL];
  const told = known(Object.fromEntries(names.map((name) => [name, all[name]])));
  return Object.fromEntries(Object.entries(told).map(([name, value]) => [name, short(value)]));
}

const short = (value: FactValue | readonly string[]): FactValue =>
  typeof value === 'object'
    ? cut(value.join(','), LABEL_LENGTH)
    : typeof value === 'string'
      ? cut(value, LABEL_LENGTH)
      : value;
