// What each version always prints.

import { describe, expect, it } from 'vitest';
import { compareVersions, expectedPhases, parseVersion } from '../../lib/formats/expected.ts';

const names = (version: string | undefined): string =>
  expectedPhases(version)
    .map(({ phase }) => phase)
    .join(' ');

describe('expectedPhases', () => {
  it.each<readonly [string | undefined, string]>([
    ['0.3.3', 'kv_cache_allocation cuda_graph_capture'],
    ['0.4.1', 'weight_loading kv_cache_allocation cuda_graph_capture'],
    ['0.6.4', 'weight_loading memory_profiling kv_cache_allocation cuda_graph_capture'],
    ['0.7.3', 'weight_loading memory_profiling kv_cache_allocation cuda_graph_capture engine_init'],
    ['0.8.5.post1', 'weight_loading torch_compile kv_cache_allocation cuda_graph_capture engine_init'],
    [
      '0.11.0',
      'weight_loading memory_profiling torch_compile kv_cache_allocation cuda_graph_capture engine_init',
    ],
    [
      '0.23.1rc1.dev320+gf59db6373',
      'weight_loading memory_profiling torch_compile kv_cache_allocation cuda_graph_capture engine_init',
    ],
    // Forks without newer tags: the number is years behind the code.
    ['0.6.3.dev3761+g6d938e09d', ''],
    ['0.1.dev10446+g1234', ''],
    ['dev', ''],
    [undefined, ''],
  ])('%s', (version, expected) => {
    expect(names(version)).toBe(expected);
  });

  it('says how the line begins', () => {
    expect(expectedPhases('0.11.0')).toContainEqual({
      phase: 'torch_compile',
      marker: 'torch.compile takes',
    });
  });
});

describe('versions', () => {
  it.each([
    ['0.8.5.post1', [0, 8, 5]],
    ['v0.10.2rc3.dev359+gac0048c0a', [0, 10, 2]],
    ['0.13.0+faa43dbf.nv26.01', [0, 13, 0]],
  ])('%s', (text, expected) => {
    expect(parseVersion(text)).toEqual(expected);
  });

  it('compare by number, not by text', () => {
    expect(compareVersions([0, 9, 2], [0, 10])).toBeLessThan(0);
    expect(compareVersions([0, 10], [0, 10, 0])).toBe(0);
  });
});
