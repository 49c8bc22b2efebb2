// Ray's own lines, in the record style of pods and the pretty style of terminals.

import { describe, expect, test } from 'vitest';
import { says } from './says.ts';

const BEGAN = 'began ray_cluster_init';
const DURING = 'during ray_cluster_init';
const ENDED = 'ended ray_cluster_init';
const RUNS = 'ray.runtime=started';
const HEAD = 'ray_role=head';
const FAILED = 'failed ray_cluster';

describe('ray start', () => {
  test.each([
    [
      '2026-11-22 02:34:40,469\tINFO scripts.py:1043 -- Local node IP: 10.99.0.10',
      [BEGAN, 'ray.node_ip=10.99.0.10'],
    ],
    [
      '2025-06-01 11:41:18,017 INFO scripts.py:1047 -- Local node IP: 172.16.5.182',
      [BEGAN, 'ray.node_ip=172.16.5.182'],
    ],
    ['Local node IP: 10.244.2.62', [BEGAN, 'ray.node_ip=10.244.2.62']],
    ['2026-11-22 02:34:54,463\tSUCC scripts.py:1251 -- Ray runtime started.', [ENDED, RUNS]],
    ['Ray runtime started.', [ENDED, RUNS]],
    ['2026-11-22 02:34:48,688\tINFO scripts.py:1088 -- Next steps', [DURING, HEAD]],
    [
      '2022-09-21 13:22:00,514\tINFO scripts.py:761 -- To connect to this Ray runtime from another node, run',
      [DURING, HEAD],
    ],
    [
      '2026-11-22 02:34:54,464\tINFO scripts.py:1274 -- Process exit logs will be saved to: /tmp/ray/session_2026-11-22_02-34-40_469658_12958/logs/ray_process_exit.log',
      ['ray.session=session_2026-11-22_02-34-40_469658_12958'],
    ],
    ['Process exit logs will be saved to: /tmp/ray/session_latest/logs/ray_process_exit.log', []],
    ['2026-11-22 02:34:54,463\tINFO scripts.py:1254 -- To terminate the Ray runtime, run', []],
    [
      '2026-11-22 02:41:46,525\tERR scripts.py:1307 -- Some Ray subprocesses exited unexpectedly:',
      ['failed after ray_cluster'],
    ],
  ])('%s', (line, expected) => {
    expect(says(line)).toEqual(expected);
  });
});

describe('ray.init', () => {
  test.each([
    [
      '2026-11-22 02:31:31,818\tINFO worker.py:1841 -- Connecting to existing Ray cluster at address: 10.99.0.10:6379...',
      [DURING, 'ray.head=10.99.0.10'],
    ],
    ['2026-11-22 02:31:31,836\tINFO worker.py:2038 -- Connected to Ray cluster.', [ENDED]],
    [
      '2025-04-20 16:46:39,835 INFO worker.py:1832 -- Connected to Ray cluster. View the dashboard at \u001b[1m\u001b[32mhttp://10.244.2.62:8265 \u001b[39m\u001b[22m',
      [ENDED],
    ],
    ['2026-03-08 16:44:02,118 INFO worker.py:1908 -- Started a local Ray instance.', ['ray_local=true']],
  ])('%s', (line, expected) => {
    expect(says(line)).toEqual(expected);
  });
});

describe('a head that is not there, or will not have the worker', () => {
  test.each([
    [
      '[2026-11-22 01:34:36,145 W 22559 22559] rpc_client.h:153: Failed to connect to GCS at address 192.0.2.2:6379 within 5 seconds.',
      [DURING, 'ray.head=192.0.2.2'],
    ],
    [
      '[2026-03-01 22:48:01,851 W 6578 6578] gcs_rpc_client.h:151: Failed to connect to GCS at address 10.0.0.2:6379 within 5 seconds.',
      [DURING, 'ray.head=10.0.0.2'],
    ],
    [
      '[2026-11-22 02:35:10,100 W 1 1] gcs_client.cc:210: Failed to get cluster ID from GCS server: TimedOut: Timed out',
      [DURING],
    ],
    [
      '[2026-11-22 01:39:28,596 W 27108 27108] gcs_client.cc:210: Failed to get cluster ID from GCS server: Unauthenticated: RPC error: InvalidAuthToken: Authentication token is missing or incorrect',
      [FAILED],
    ],
    [
      "[2026-11-22 02:41:45,834 E 16961 16961] (raylet) rpc_client.h:204: Failed to connect to GCS within 60 seconds. GCS may have been killed. It's",
      [FAILED],
    ],
    [
      "2026-11-22 01:35:24,102\tERROR node.py:290 -- Failed to get head node info: Exception('No node info found')",
      [DURING],
    ],
    [
      'Exception: No node info found for head node in GCS. Did the head node or gcs start successfully?',
      [FAILED],
    ],
    [
      'Exception: The current node timed out during startup. This could happen because some of the raylet failed to startup',
      [FAILED],
    ],
    [
      'RuntimeError: Failed to connect to GCS. Last connection error: Traceback (most recent call last):',
      [FAILED],
    ],
    [
      "(autoscaler +13s) Error: No available node types can fulfill resource request {'GPU': 1.0}.",
      ['failed after ray_cluster'],
    ],
    [
      '2026-11-22 02:34:59,778\tINFO node.py:698 -- Node e84f73dcb40b4540 received SIGTERM. Draining for up to 30.0 seconds',
      [],
    ],
  ])('%s', (line, expected) => {
    expect(says(line)).toEqual(expected);
  });
});

describe('vLLM asking for its placement group', () => {
  test.each([
    [
      "INFO 05-26 18:54:23 [ray_utils.py:233] Waiting for creating a placement group of specs for 30 seconds. specs=[{'GPU': 1.0}]. Check `ray status`",
      ['during distributed_init', 'ray_placement_group_wait_seconds=30'],
    ],
    [
      'INFO 04-20 16:47:04 [ray_utils.py:335] No current placement group found. Creating a new placement group.',
      ['began distributed_init'],
    ],
    [
      "ValueError: Cannot provide a placement group of placement_group_specs=[{'GPU': 1.0}] within 1800 seconds.",
      [FAILED],
    ],
    [
      '(EngineCore pid=7) ERROR 11-22 01:30:00 [core.py:1510] ValueError: Cannot provide a placement group of placement_group_specs=[]',
      [FAILED],
    ],
  ])('%s', (line, expected) => {
    expect(says(line)).toEqual(expected);
  });
});

test('text of Ray inside other records says nothing', () => {
  expect(says('INFO 11-22 02:26:23 [api_utils.py:286] Ray runtime started.')).toEqual([]);
  expect(says("stdout=b'2026-11-22 02:33:35,974\\tSUCC scripts.py:1251 -- Ray runtime started.\\n'")).toEqual(
    [],
  );
});
