// Scripts between container start and engine.

import { describe, expect, test } from 'vitest';
import { says } from './says.ts';

const DURING = 'during ray_cluster_init';
const ENDED = 'ended ray_cluster_init';
const SENT = 'ray.head=10.99.0.10';
const RUNS = ['ray.runtime=started', 'ray_role=worker'];
const FAILED = 'failed ray_cluster';

describe('waiting for a Ray cluster', () => {
  test.each([
    ['All ray workers are active and the ray cluster is initialized successfully.', [ENDED]],
    ['Wait for all ray workers to be active. 2/3 is active', [DURING, 'ray_cluster_size=3']],
    ['Wait for all ray workers to be active. /3 is active', [DURING, 'ray_cluster_size=3']],
    ['Waiting for all ray workers to be active timed out.', [ENDED, FAILED]],
    ['Waiting until the ray worker is active...', []],
    ['Worker: Ray runtime started with head address 10.99.0.10:6379', [...RUNS, SENT]],
    ['Ray worker starts timeout, head address: 10.99.0.10:6379', [FAILED, SENT]],
    ['node fqdn: job-0.svc', ['began ray_cluster_init']],
    ['Waiting for head node DNS (10.99.0.10) to be resolvable...', [DURING, SENT]],
    ['Leader: Ray runtime started with port 6379', [DURING]],
    ['Current cluster size: 1/2 nodes', [DURING, 'ray_cluster_size=2']],
    ['Cluster reached expected size!', [ENDED]],
    ['Timeout waiting for cluster to reach size 2', [ENDED, FAILED]],
    [
      'RuntimeError: Cluster did not reach expected size of 2 nodes within 15 seconds',
      ['failed after ray_cluster'],
    ],
    ['Successfully initialized Ray worker node at 10.99.0.11', [ENDED, ...RUNS]],
    ['Successfully initialized Ray head node at 10.99.0.10', [DURING, 'ray_role=head']],
    [
      "result: CompletedProcess(args=['ray', 'start', '--address', '10.99.0.10:6379'], returncode=0, stdout=b'2026-11-22 02:33:35,974\\tSUCC scripts.py:1251 -- Ray runtime started.\\n', stderr=b'')",
      [DURING, ENDED, ...RUNS, SENT],
    ],
    [
      "result: CompletedProcess(args=['ray', 'start', '--address', '10.99.0.10:6379'], returncode=1, stdout=b'', stderr=b'')",
      [],
    ],
  ])('%s', (line, expected) => {
    expect(says(line)).toEqual(expected);
  });
});

describe('downloads around s5cmd', () => {
  test.each([
    ['Downloading model from s3://bucket/model to ./model_weights', ['began s5cmd_download']],
    ['Running s5cmd download command...', ['began s5cmd_download']],
    ['Download complete.', ['ended s5cmd_download']],
    ['Model cache already complete at /cache/llama', ['absent s5cmd_download', 'model_cache=hit']],
    ['Another replica is downloading model files; waiting...', ['during s5cmd_download', 'model_cache=wait']],
    [
      '[WRAPPER] Download completed: 68.21s (15317MB)',
      ['lasted s5cmd_download 68.21 s whole', 'download_size_mib=15317'],
    ],
    ['[WRAPPER] No DOWNLOAD_CMD, skipping download', ['absent s5cmd_download']],
    [
      '[STARTUP METRICS] trace_id=f0c223c56d2c3bf3bf7549fcbaffe507',
      ['llm_engine.trace_id=f0c223c56d2c3bf3bf7549fcbaffe507'],
    ],
    ['[STARTUP METRICS] vLLM init: 45.67s', ['llm_engine.vllm_init_seconds=45.67']],
    ['[ERR] ERROR "cp s3://b/x/* mw": no object found', ['failed download_failed']],
    ['Final Job Status: Completed', ['ended s5cmd_download']],
    ['Final Job Status: Failed', ['failed download_failed']],
    ['Copying gs://bucket/model/config.json to file:///model_files/config.json', ['during s5cmd_download']],
    ['Average throughput: 412.5MiB/s', ['ended s5cmd_download']],
    [
      'download: s3://bucket/model/config.json to model_files/config.json',
      ['during s5cmd_download', 'ended s5cmd_download'],
    ],
  ])('%s', (line, expected) => {
    expect(says(line)).toEqual(expected);
  });

  test.each([
    'Downloading transformers-4.51.0-py3-none-any.whl (10.4 MB)',
    'Download complete: 100%|██████████| 15.2G/15.2G [01:02<00:00, 245MB/s]',
    '[STARTUP METRICS] trace_id=not-hex',
    'echo "All ray workers are active and the ray cluster is initialized successfully."',
    'Job done',
  ])('not a marker: %s', (line) => {
    expect(says(line)).toEqual([]);
  });
});
