// What a node's journals alone tell of our recorded pods: attempts and outcomes of main containers, never of init containers.

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { replayed } from '../hall/replayed.ts';
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
