import { describe, expect, it } from 'vitest';
import { instant, NANOSECOND } from '../../../lib/base/instant.ts';
import type { Saw, SightingRecord } from '../../../lib/kubernetes/objects/sighting.ts';
import { kindOfLife } from '../../../lib/kubernetes/story/kind-of-life.ts';

const saw = (...all: readonly Saw[]): readonly SightingRecord[] =>
  all.map((one, index) => ({
    kind: 'sighting',
    pod: { uid: 'u', namespace: 'ns', name: 'p' },
    saw: one,
    when: { at: instant(BigInt(index)), precision: NANOSECOND },
    proof: { source: 'containerd.log', text: one.what, rule: `containerd.${one.what}` },
    node: 'node-1',
  }));

const started = (container: string): Saw => ({ what: 'container_started', container });
const created = (container: string): Saw => ({ what: 'container_created', container });
const ended = (container: string, exitCode: number): Saw => ({
  what: 'container_exited',
  container,
  exitCode,
});
const RUNNING: Saw = { what: 'running' };

describe('the kind of container `a`, by its life', () => {
  it.each([
    ['ended with 0, then the next was made', [started('a'), ended('a', 0), created('b')], 'init'],
    [
      'tried three times (p_initcrash)',
      [started('a'), ended('a', 1), started('a'), ended('a', 0), created('b')],
      'init',
    ],
    ['ended badly, nothing came after it (h_deleted)', [started('a'), ended('a', 143)], 'unknown'],
    ['ended badly, then another was made', [started('a'), ended('a', 1), created('b')], 'unknown'],
    ['ended with 0, nothing came after it', [started('a'), ended('a', 0)], 'unknown'],
    ['ended with 0 and was started again', [started('a'), ended('a', 0), started('a')], 'main'],
    ['ran when the pod was Running', [started('a'), RUNNING, ended('a', 0), created('b')], 'main'],
    ['had ended when the pod was Running', [started('a'), ended('a', 0), created('b'), RUNNING], 'init'],
    ['ran when a probe was answered', [started('a'), { what: 'probe_ready' }], 'main'],
    ['failed a probe', [started('a'), { what: 'probe_failed', container: 'a', probe: 'Liveness' }], 'main'],
    ['runs, and nobody says more', [started('a')], 'unknown'],
  ] satisfies readonly (readonly [string, readonly Saw[], string])[])('%s', (_, all, kind) => {
    expect(kindOfLife('a', saw(...all))).toBe(kind);
  });
});
