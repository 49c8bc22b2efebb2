// Records in new wording: which of them `lint` shows.

import { describe, expect, test } from 'vitest';
import { looksLikeMarker } from '../../lib/formats/drift.ts';
import { parseRecords } from '../../lib/formats/record.ts';
import { cpuTime } from '../cpu-time.ts';

const looks = (text: string): boolean =>
  parseRecords({ text, stream: '', partial: false }).some(looksLikeMarker);

const HEAD = '(EngineCore pid=7) INFO 11-22 01:30:00';

describe('reads like a marker', () => {
  test.each([
    `${HEAD} [new_file.py:7] Loading of the weights took 12.34 seconds`,
    `${HEAD} [gpu_model_runner.py:7] Model load took 15.0 GiB memory and 12.34 seconds`,
    `${HEAD} [new_file.py:7] Kernel selection finished in 9 secs`,
    `${HEAD} [new_file.py:7] Compilation of 3 graphs completed in 1.5 s`,
    `${HEAD} [backends.py:7] [backbone] Compiling graph 3 of 7`,
    `${HEAD} [gpu_worker.py:7] Warming up the sampler`,
    `${HEAD} [gpu_worker.py:7] Capturing graphs for 35 sizes`,
    `${HEAD} [new_file.py:7] Kernel warmup starting.`,
  ])('%s', (line) => {
    expect(looks(line)).toBe(true);
  });
});

describe('does not', () => {
  test.each([
    `${HEAD} [loggers.py:111] Engine 000: Avg prompt throughput: 0.0 tokens/s, Avg generation throughput: 3.1 tokens/s`,
    `${HEAD} [request_logger.py:65] Received request cmpl-1: params: SamplingParams(n=1)`,
    `${HEAD} [async_llm.py:400] Loading request took 3.1 seconds`,
    `${HEAD} [kv_cache_utils.py:1] GPU KV cache size: 262,144 tokens`,
    `${HEAD} [core.py:9] Shutdown complete`,
    '(EngineCore pid=7) ERROR 11-22 01:30:00 [core.py:1] Loading weights took 3 seconds',
    'Loading weights took 12.34 seconds',
    'INFO:     127.0.0.1:41516 - "GET /Loading%20took%203%20seconds HTTP/1.1" 200 OK',
    '2026-11-22 02:34:40,469\tINFO scripts.py:1043 -- Starting engine took 3 seconds',
  ])('%s', (line) => {
    expect(looks(line)).toBe(false);
  });
});

test('a configuration of a megabyte is looked at only where it begins', () => {
  const took = cpuTime(() => {
    expect(looks(`${HEAD} [core.py:9] config ${'took finished in '.repeat(60_000)}`)).toBe(false);
  });
  expect(took).toBeLessThan(1000);
});
