// docs/telemetry.md names every attribute that a span can carry.

import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { duration } from '../../lib/base/instant.ts';
import { podUid } from '../../lib/model/ids.ts';
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

const MEMBER = {
  pod: 'llama-0',
  uid: podUid('u'),
  attempt: 0,
  restart: 0,
  process: 0,
  because: 'label',
} as const;

const GROUP = {
  kind: 'leaderworkerset',
  name: 'llama',
  index: 0,
  size: 2,
  members: [
    { ...MEMBER, role: 'leader', rank: 0 },
    { ...MEMBER, role: 'worker', rank: 1 },
  ],
} as const;

const LEADER = startup({
  attempt: 3,
  group: {
    ...GROUP,
    role: 'leader',
    rank: 0,
    slowest: {
      pod: 'llama-0-1',
      uid: podUid('u'),
      by: 'joined',
      after: 'leader',
      lasting: duration(1n),
      meanwhile: { what: 'gap', lasting: duration(1n) },
    },
  },
});

it.each(
  [
    ...new Set(
      toTraces([FAILED, READY, FULL, LEADER, BARE], SETTINGS).flatMap(({ spans, resource }) => [
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
