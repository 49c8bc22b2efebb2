// The ids are a public contract: published vectors, and neighbours that must stay apart.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { podUid, type SpanKey, spanIdOf, syntheticUid, traceIdOf } from '../../lib/model/ids.ts';

const uid = podUid('test-pod-uid');

describe('trace ids', () => {
  test('md5 of the pod uid', () => {
    expect(traceIdOf(uid)).toBe('f0c223c56d2c3bf3bf7549fcbaffe507');
  });

  test("llm-engine's own: the first half of sha256", () => {
    expect(traceIdOf(uid, 'sha256-llm-engine')).toBe('0c039b4dbc4672b73d1c14413d3a06d4');
    const other = podUid('1d66ad78-3148-41b3-83fd-fb71d7656fb1');
    expect(traceIdOf(other)).toBe('03b5a63ed6385aa672f1887dd0d39c58');
    expect(traceIdOf(other, 'sha256-llm-engine')).toBe('4795f881ddd60502e152e377adeb244d');
  });
});

describe('span ids', () => {
  test.each([
    ['', 0, 0, 'endpoint_startup', 0, 'baef1a7e210a40c8'],
    ['main', 0, 0, 'vllm_init', 0, '9cc67ce52dbeb09f'],
    ['main', 1, 0, 'weight_loading', 0, '8709f529350f6d8b'],
    ['model-downloader', 0, 0, 'image_pull', 1, '1fc39cf7dec0be3a'],
  ])('%j %i %i %s %i → %s', (container, restart, process, name, occurrence, id) => {
    expect(spanIdOf({ uid, container, restart, process, name, occurrence })).toBe(id);
  });

  const key: fc.Arbitrary<SpanKey> = fc.record({
    uid: fc.constant(uid),
    container: fc.stringMatching(/^[a-z0-9-]{0,12}$/),
    restart: fc.nat(40),
    process: fc.nat(40),
    name: fc.constantFrom('startup', 'vllm_init', 'gap/startup/vllm_init'),
    occurrence: fc.nat(40),
  });

  test('two keys, two ids', () => {
    fc.assert(
      fc.property(key, key, (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        expect(spanIdOf(a) === spanIdOf(b)).toBe(same);
      }),
    );
  });

  test('16 hex digits, never all zero', () => {
    fc.assert(fc.property(key, (one) => /^(?!0{16})[0-9a-f]{16}$/.test(spanIdOf(one))));
  });
});

test('a synthetic uid looks like one, and is the same every time', () => {
  const made = syntheticUid(['first line', '2026-11-22T02:05:12.000000000Z', '']);
  expect(made).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  expect(syntheticUid(['first line', '2026-11-22T02:05:12.000000000Z', ''])).toBe(made);
  expect(syntheticUid(['first line2026-11-22T02:05:12.000000000Z', '', ''])).not.toBe(made);
});
