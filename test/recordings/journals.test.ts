// What a node's journals alone tell of our recorded pods: attempts and outcomes of main containers, never of init containers.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replayed, replayedTree } from '../hall/replayed.ts';
import { later } from '../hall/shifted.ts';
import { hasRecordings, RECORDINGS } from './truth.ts';

describe.skipIf(!hasRecordings)('journals alone', () => {
  it.each([
    ['p_initcrash', ['kubelet.log', 'containerd.log'], ['demo server 0 ready -']],
    ['p_initcrash', ['kubelet.log', 'containerd.log', 'var-log-pods.all'], ['demo server 0 ready -']],
    ['a_cold', ['kubelet.log', 'containerd.log'], ['demo server 0 ready -']],
    [
      'h_deleted-in-start',
      ['kubelet.log', 'containerd.log'],
      [
        'deadline server 0 failed crash',
        'deleted-in-init null 0 failed deleted',
        'evicted-in-start server 0 failed deleted',
      ],
    ],
    ['d_crashloop', ['containerd.log'], ['demo null 0 incomplete crash']],
  ])('%s, %j', async (scenario, files, lives) => {
    const { startups } = await replayed(files.map((file) => join(RECORDINGS, scenario, file)));
    const told = startups.map(({ pod, container, attempt, outcome, failure }) =>
      [pod.name, container ?? 'null', attempt, outcome, failure?.cause ?? '-'].join(' '),
    );
    expect(told).toEqual(lives);
  });
});

describe.skipIf(!hasRecordings)("a runtime's journal whose clock is not that of the events", () => {
  const read = (file: string): string => readFileSync(join(RECORDINGS, 'j_slowpull', file), 'utf8');
  const journal = (by: number): string =>
    read('containerd.log').replace(
      /^time="([^".]+)(\.\d+Z)"/gm,
      (_, whole, rest) => `time="${later(`${whole}Z`, by).slice(0, -1)}${rest}"`,
    );

  it.each([0, 180, -180])('by %i s: a pull is one pull, and the clocks are told', async (by) => {
    const { startups } = await replayedTree({
      'pods.json': read('pods.json'),
      'events.json': read('events.json'),
      'containerd.log': journal(by),
    });
    const pulls = startups.map(({ phases }) => phases.filter(({ name }) => name === 'image_pull'));
    expect(pulls.map((all) => all.length)).toEqual([1, 1, 1]);
    const sources = pulls
      .flat()
      .map(({ evidence }) => evidence.some(({ rule }) => rule.startsWith('containerd.')));
    expect(sources).toEqual([true, true, true]);
    expect(startups.every(({ conflicts }) => conflicts.length > 0)).toBe(by !== 0);
  });
});
