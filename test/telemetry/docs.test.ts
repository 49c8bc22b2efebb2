// docs/telemetry.md names every attribute that a span can carry.

import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { duration } from '../../lib/base/instant.ts';
import { toTraces } from '../../lib/telemetry/to-trace.ts';
import { at, BARE, FAILED, phase, READY, SETTINGS, startup } from './sample-startups.ts';

const FULL = startup({
  attempt: 2,
  outcome: 'incomplete',
  note: 'a Job ended',
  silent: { phase: 'vllm_init', since: at(1), lasting: duration(1n) },
  conflicts: [{ what: 'a', says: 'b' }],
  phases: [phase('cuda_graph_capture', at(1), at(2), { occurrence: 1, clamped: 'start clamped by 0.4 s' })],
});

it.each(
  [
    ...new Set(
      toTraces([FAILED, READY, FULL, BARE], SETTINGS).flatMap(({ spans, resource }) => [
        ...Object.keys(resource),
        ...spans.flatMap(({ attributes, links }) => [
          ...Object.keys(attributes),
          ...links.flatMap((link) => Object.keys(link.attributes)),
        ]),
      ]),
    ),
  ].sort(),
)('%s', async (name) => {
  const page = await readFile(new URL('../../docs/telemetry.md', import.meta.url), 'utf8');
  expect(page).toMatch(new RegExp(`\`${name.replaceAll('.', '\\.')}[\`=]`));
});
