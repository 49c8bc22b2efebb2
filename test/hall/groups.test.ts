// Groups through the whole pipeline: from the files of a cluster to linked traces.

import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../lib/pipeline-types.ts';
import { toTraces } from '../../lib/telemetry/to-trace.ts';
import { replayed, startupsText } from './replayed.ts';

const EVIDENCE = 'fixtures/lws-group/evidence';

const groupsOf = ({ startups }: Answer): readonly string[] =>
  startups
    .flatMap(({ group }) => (group?.role === 'leader' ? [group] : []))
    .map(
      ({ kind, name, size, members }) =>
        `${kind} ${name} ${size}: ${members.map(({ pod }) => pod).join(' ')}`,
    );

describe('two groups that use the same addresses, one after the other', () => {
  it('by their labels', async () => {
    expect(groupsOf(await replayed([EVIDENCE]))).toEqual([
      'leaderworkerset engine 3: engine-0 engine-0-1 engine-0-2',
      'leaderworkerset late 2: late-0 late-0-1',
    ]);
  });

  it('by their logs alone: each worker prints the session of its own head', async () => {
    expect(groupsOf(await replayed([join(EVIDENCE, 'var-log-pods')]))).toEqual([
      'ray engine-0 3: engine-0 engine-0-1 engine-0-2',
      'ray late-0 2: late-0 late-0-1',
    ]);
  });

  it('in whatever order the files come', async () => {
    const parts = ['pods.json', 'events.json', 'nodes.json', 'var-log-pods'].map((name) =>
      join(EVIDENCE, name),
    );
    const [forward, backward] = await Promise.all([replayed(parts), replayed(parts.toReversed())]);
    expect(startupsText(backward)).toBe(startupsText(forward));
    expect(startupsText(forward)).toBe(startupsText(await replayed([EVIDENCE, EVIDENCE])));
  });

  it('a pod that was asked for alone still knows whom it waited for', async () => {
    const { startups } = await replayed([EVIDENCE], { filters: { pod: 'late-0' } });
    expect(
      startups.map(({ pod, group }) => [pod.name, group?.slowest?.pod, group?.slowest?.meanwhile?.what]),
    ).toEqual([['late-0', 'late-0-1', 'image_pull']]);
  });
});

it.each(['md5', 'sha256-llm-engine'] as const)(
  'traces of a group are linked both ways under %s',
  async (traceIdScheme) => {
    const { startups } = await replayed([EVIDENCE]);
    const traces = toTraces(startups, { traceIdScheme, serviceName: 'vllm-startup' });
    const roots = traces.map(({ spans: [root] }) => root).filter((root) => root !== undefined);
    const root = (pod: string) => roots.find(({ attributes }) => attributes['k8s.pod.name'] === pod);
    const idsOf = (pod: string) => ({ traceId: root(pod)?.traceId, spanId: root(pod)?.spanId });
    const linksOf = (pod: string) =>
      root(pod)?.links.map(({ traceId, spanId, attributes }) => [
        attributes['link.kind'],
        { traceId, spanId },
      ]);
    expect(linksOf('engine-0')).toEqual([
      ['group_member', idsOf('engine-0-1')],
      ['group_member', idsOf('engine-0-2')],
    ]);
    expect(linksOf('engine-0-2')).toEqual([['group_leader', idsOf('engine-0')]]);
    expect(linksOf('late-0-1')).toEqual([['group_leader', idsOf('late-0')]]);
    expect(root('late-0')?.attributes).toMatchObject({
      'group.slowest': 'late-0-1',
      'group.slowest_meanwhile': 'image_pull',
    });
  },
);

it('nothing of a group hangs on where its files lie', async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'coldtrace-group-'));
  cpSync(EVIDENCE, elsewhere, { recursive: true });
  expect(startupsText(await replayed([elsewhere]))).toBe(startupsText(await replayed([EVIDENCE])));
});
