// docs/telemetry.md has every metric with its labels and every bound, as the code has them.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  CERTAINTY_LABEL,
  INSTRUMENTS,
  type InstrumentSpec,
  MEGABITS_BOUNDS,
  SECONDS_BOUNDS,
} from '../../../lib/telemetry/points/instruments.ts';
import { LABEL_LENGTH } from '../../../lib/telemetry/points/labels.ts';
import { OVERFLOW, SERIES_LIMIT } from '../../../lib/telemetry/points/overflow.ts';

const PAGE = readFileSync('docs/telemetry.md', 'utf8');
const SPECS: readonly InstrumentSpec[] = Object.values(INSTRUMENTS);

describe('metrics', () => {
  it.each(SPECS.map((spec) => [spec.name, spec] as const))('%s', (name, { unit, labels }) => {
    const told = labels.map((label) => `\`${label}\``).join(' ');
    expect(PAGE).toContain(`| \`${name}\` | ${unit} | ${told} |`);
  });

  it('and no other', () => {
    const named = PAGE.match(/(?<=^\| `)startup\.[\w.]+(?=` \| (?:s|Mbit\/s|\{attempt\}) \|)/gm) ?? [];
    expect(named.sort()).toEqual(SPECS.map(({ name }) => name).sort());
  });

  it('bounds, limits, and the labels that come on top', () => {
    expect(PAGE).toContain(`Seconds: ${SECONDS_BOUNDS.join(', ')}.`);
    expect(PAGE).toContain(`Throughput: ${MEGABITS_BOUNDS.join(', ')}.`);
    expect(PAGE).toContain(`At most ${SERIES_LIMIT} series`);
    expect(PAGE).toContain(`cut at ${LABEL_LENGTH} characters`);
    expect(PAGE).toContain(`\`${CERTAINTY_LABEL}=derived\``);
    expect(PAGE).toContain(`\`${Object.keys(OVERFLOW)[0]}=true\``);
  });

  it('bounds go up, and cover 0.1 s to 1 h', () => {
    for (const bounds of [SECONDS_BOUNDS, MEGABITS_BOUNDS])
      expect([...bounds].sort((a, b) => a - b)).toEqual(bounds);
    expect([SECONDS_BOUNDS[0], SECONDS_BOUNDS.at(-1)]).toEqual([0.1, 3600]);
  });
});
