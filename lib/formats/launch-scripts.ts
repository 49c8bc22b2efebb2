// The scripts between container start and engine: downloads, and the waiting for a Ray cluster.
//
// Texts of llm-engine (vllm_startup_wrapper.py, vllm_batch.py, init_ray.sh,
// init_ray_batch_inf_v2.py), of LeaderWorkerSet's ray_init.sh, of vLLM's
// multi-node-serving.sh and of the copy tools that they call. None has a clock.

import type { LogFormat, MarkSpec, Printed, Rule } from './contract.ts';

const DOWNLOAD = 's5cmd_download';
const CLUSTER = 'ray_cluster_init';

const FETCHING: readonly MarkSpec[] = [{ kind: 'during', phase: DOWNLOAD }];
const FETCH_BEGAN: readonly MarkSpec[] = [{ kind: 'began', phase: DOWNLOAD }];
const FETCHED: readonly MarkSpec[] = [{ kind: 'ended', phase: DOWNLOAD }];
const FETCHED_ONE: readonly MarkSpec[] = [...FETCHING, ...FETCHED];
const FETCH_FAILED: readonly MarkSpec[] = [{ kind: 'failed', cause: 'download_failed', root: true }];

const JOINING: readonly MarkSpec[] = [{ kind: 'during', phase: CLUSTER }];
const JOIN_BEGAN: readonly MarkSpec[] = [{ kind: 'began', phase: CLUSTER }];
const JOINED: readonly MarkSpec[] = [{ kind: 'ended', phase: CLUSTER }];
const CLUSTER_FAILED: readonly MarkSpec[] = [{ kind: 'failed', cause: 'ray_cluster', root: true }];
/** As in ray.ts. */
const SENT_TO: MarkSpec = { kind: 'fact', name: 'ray.head', group: 'head', phase: CLUSTER };
const WORKER_RUNS: readonly MarkSpec[] = [
  { kind: 'fact', name: 'ray.runtime', value: 'started', phase: CLUSTER },
  { kind: 'fact', name: 'ray_role', value: 'worker', phase: CLUSTER },
];
const CLUSTER_GAVE_UP: readonly MarkSpec[] = [...JOINED, ...CLUSTER_FAILED];
const CONSEQUENCE: readonly MarkSpec[] = [{ kind: 'failed', cause: 'ray_cluster', root: false }];

type Row = readonly [
  name: string,
  literal: string,
  /** What follows the literal, as a pattern, up to the end of the message. */
  rest: string,
  /** What follows the literal in the example. */
  sample: string,
  marks: readonly MarkSpec[],
];

const ANY = '.{0,4000}';
const HOST = '\\S{1,300}';
/** Host and port, the host told apart. */
const HEAD = `(?:(?<head>[\\w.-]{1,253}):\\d{1,5}|${HOST})`;
const COUNT = '\\d{1,6}';

/** LWS ray_init.sh, vLLM multi-node-serving.sh, llm-engine init_ray.sh: one ancestor, the same words. */
const CLUSTER_SCRIPTS: readonly Row[] = [
  [
    'workers_active',
    'All ray workers are active and the ray cluster is initialized successfully.',
    '',
    '',
    JOINED,
  ],
  [
    'workers_awaited',
    'Wait for all ray workers to be active. ',
    `(?<alive>${COUNT})?\\/(?<size>${COUNT}) is active`,
    '2/3 is active',
    [...JOINING, { kind: 'fact', name: 'ray_cluster_size', group: 'size', as: 'number', phase: CLUSTER }],
  ],
  ['workers_timed_out', 'Waiting for all ray workers to be active timed out.', '', '', CLUSTER_GAVE_UP],
  // Comes when `ray start --address` has ended, also long after a successful join: it marks nothing.
  ['worker_retries', 'Waiting until the ray worker is active...', '', '', []],
  // In the shell scripts `ray start --block` has ended by then; the join was at "Ray runtime started."
  [
    'worker_started',
    'Worker: Ray runtime started with head address ',
    HEAD,
    '10.99.0.10:6379',
    [...WORKER_RUNS, SENT_TO],
  ],
  [
    'worker_timed_out',
    'Ray worker starts timeout, head address: ',
    HEAD,
    '10.99.0.10:6379',
    [...CLUSTER_FAILED, SENT_TO],
  ],
];

/** llm-engine's batch jobs. Without flush these lines come after those of the programs they started. */
const CLUSTER_BATCH: readonly Row[] = [
  ['node_fqdn', 'node fqdn:', ANY, ' job-0.svc', JOIN_BEGAN],
  [
    'head_dns',
    'Waiting for head node DNS (',
    '(?:(?<head>[\\w.-]{1,253})|\\S{1,300})\\) to be resolvable\\.\\.\\.',
    'job-0.svc) to be resolvable...',
    [...JOINING, SENT_TO],
  ],
  ['dns', 'Waiting for DNS resolution of ', ANY, 'job-0.svc...', JOINING],
  [
    'dns_timed_out',
    'RuntimeError: Timeout waiting for DNS resolution of ',
    HOST,
    'job-0.svc',
    CLUSTER_FAILED,
  ],
  ['leader_started', 'Leader: Ray runtime started with port ', COUNT, '6379', JOINING],
  ['leader_failed', 'Failed to start Ray leader node with port ', COUNT, '6379', CLUSTER_FAILED],
  ['worker_starting', 'Starting ray worker with head address', ANY, ' 10.99.0.10:6379', JOIN_BEGAN],
  // The whole output of the worker's `ray start` in one line: none of Ray's own lines is in that stream.
  [
    'worker_result',
    "result: CompletedProcess(args=['ray', 'start', '--address', ",
    "'(?:(?<head>[\\w.-]{1,253}):\\d{1,5}|[^']{1,200})'(?:, (?!'--block')'[^']{0,200}'){0,20}\\], returncode=0\\b.*",
    "'10.99.0.10:6379'], returncode=0, stdout=b'', stderr=b'')",
    [...JOINING, ...JOINED, ...WORKER_RUNS, SENT_TO],
  ],
  [
    'worker_ready',
    'Successfully initialized Ray worker node at ',
    HOST,
    '10.99.0.11',
    [...JOINED, ...WORKER_RUNS],
  ],
  [
    'head_ready',
    'Successfully initialized Ray head node at ',
    HOST,
    '10.99.0.10',
    [...JOINING, { kind: 'fact', name: 'ray_role', value: 'head', phase: CLUSTER }],
  ],
  [
    'cluster_size',
    'Current cluster size: ',
    `(?<alive>${COUNT})\\/(?<size>${COUNT}) nodes`,
    '1/2 nodes',
    [...JOINING, { kind: 'fact', name: 'ray_cluster_size', group: 'size', as: 'number', phase: CLUSTER }],
  ],
  ['cluster_complete', 'Cluster reached expected size!', '', '', JOINED],
  ['cluster_timed_out', 'Timeout waiting for cluster to reach size ', COUNT, '2', CLUSTER_GAVE_UP],
  [
    'cluster_too_small',
    'RuntimeError: Cluster did not reach expected size of ',
    `${COUNT} nodes within [\\d.]{1,12} seconds`,
    '2 nodes within 15 seconds',
    CONSEQUENCE,
  ],
  ['node_failed', 'RuntimeError: Failed to start Ray ', '(?:leader|worker) node', 'leader node', CONSEQUENCE],
];

/** llm-engine: what surrounds s5cmd, and the cache on a shared volume that makes it unnecessary. */
const DOWNLOADS: readonly Row[] = [
  [
    'download',
    'Downloading model from ',
    `${HOST} to \\S.{0,1000}`,
    's3://bucket/model to ./model_weights',
    FETCH_BEGAN,
  ],
  ['download_command', 'Running s5cmd download command...', '', '', FETCH_BEGAN],
  ['download_complete', 'Download complete.', '', '', FETCHED],
  ['download_error', 'Error downloading model weights: ', ANY, "['exit status 1']", FETCH_FAILED],
  [
    'download_stderr',
    '[ERR] ERROR "',
    '(?:cp|sync|mv) [^"]{0,4000}": \\S.*',
    'cp s3://bucket/model/* model_weights": no object found',
    FETCH_FAILED,
  ],
  [
    'cache_complete',
    'Model cache already complete at ',
    ANY,
    '/cache/llama-3-8b',
    [
      { kind: 'absent', phase: DOWNLOAD, why: 'model cache already complete' },
      { kind: 'fact', name: 'model_cache', value: 'hit' },
    ],
  ],
  [
    'cache_waiting',
    'Another replica is downloading model files; waiting...',
    '',
    '',
    [...FETCHING, { kind: 'fact', name: 'model_cache', value: 'wait' }],
  ],
  ['cache_waited', 'Model cache completed by another replica', ANY, '', FETCHED],
  ['cache_lock', 'Removing stale model cache lock at ', ANY, '/cache/llama-3-8b/.lock', FETCHING],
];

/** llm-engine with ENABLE_STARTUP_METRICS. Its own "Python init" and "vLLM init" have other borders than ours: facts. */
const WRAPPER: readonly Row[] = [
  ['wrapper_download', '[WRAPPER] Running download...', '', '', FETCH_BEGAN],
  [
    // The size is `du -sm`: MiB, whatever it says.
    'wrapper_downloaded',
    '[WRAPPER] Download completed: ',
    '(?<took>\\d{1,9}(?:\\.\\d{1,6})?)s(?: \\((?<size>\\d{1,12})MB\\))?',
    '68.21s (15317MB)',
    [
      { kind: 'lasted', phase: DOWNLOAD, group: 'took', whole: true },
      { kind: 'fact', name: 'download_size_mib', group: 'size', as: 'number', phase: DOWNLOAD },
    ],
  ],
  [
    'wrapper_no_download',
    '[WRAPPER] No DOWNLOAD_CMD, skipping download',
    '',
    '',
    [{ kind: 'absent', phase: DOWNLOAD, why: 'no download command' }],
  ],
  [
    'wrapper_trace',
    '[WRAPPER] trace_id=',
    '(?<id>[0-9a-f]{32})',
    'f0c223c56d2c3bf3bf7549fcbaffe507',
    [traceFact()],
  ],
  ['wrapper_emitted', '[WRAPPER] Download metrics emitted', '', '', []],
  ['wrapper_server', '[WRAPPER] Starting vllm_server...', '', '', []],
  [
    'metrics_trace',
    '[STARTUP METRICS] trace_id=',
    '(?<id>[0-9a-f]{32})',
    'f0c223c56d2c3bf3bf7549fcbaffe507',
    [traceFact()],
  ],
  metric('python_init', 'Python init: ', ''),
  metric('vllm_init', 'vLLM init: ', ''),
  metric('total', 'Server ready after ', ' total'),
];

function traceFact(): MarkSpec {
  return { kind: 'fact', name: 'llm_engine.trace_id', group: 'id', as: 'text' };
}

function metric(name: string, words: string, tail: string): Row {
  const fact: MarkSpec = { kind: 'fact', name: `llm_engine.${name}_seconds`, group: 'took', as: 'number' };
  return [
    `metrics_${name}`,
    `[STARTUP METRICS] ${words}`,
    `(?<took>\\d{1,9}\\.\\d{1,6})s${tail}`,
    `12.34s${tail}`,
    [fact],
  ];
}

/** The tools for other stores: Azure, Google, and the AWS command line. */
const COPY_TOOLS: readonly Row[] = [
  [
    'azcopy_started',
    'Job ',
    '[0-9a-f-]{36} has started',
    '0a6b1f7e-33a5-7c4d-6f0b-1c3e5d7f9a0b has started',
    FETCH_BEGAN,
  ],
  ['azcopy_done', 'Final Job Status: Completed', '(?:WithSkipped)?', '', FETCHED],
  [
    'azcopy_failed',
    'Final Job Status: ',
    '(?:Failed|CompletedWithErrors|CompletedWithErrorsAndSkipped|Cancelled)',
    'Failed',
    FETCH_FAILED,
  ],
  [
    'gcloud_copying',
    'Copying gs://',
    '\\S{1,4000} to \\S.{0,1000}',
    'bucket/model/config.json to file:///model_files/config.json',
    FETCHING,
  ],
  ['gcloud_throughput', 'Average throughput: ', '[\\d.]{1,12} ?[kMGT]?i?B\\/s', '412.5MiB/s', FETCHED],
  [
    'gcloud_failed',
    'ERROR: (gcloud.storage.',
    `(?:cp|rsync)\\) \\S${ANY}`,
    'rsync) The following URLs matched no objects',
    FETCH_FAILED,
  ],
  [
    'aws_object',
    'download: s3://',
    '\\S{1,4000} to \\S.{0,1000}',
    'bucket/model/config.json to model_files/config.json',
    FETCHED_ONE,
  ],
  [
    'aws_failed',
    'fatal error: ',
    `An error occurred \\(${ANY}`,
    'An error occurred (403) when calling the HeadObject operation: Forbidden',
    FETCH_FAILED,
  ],
  [
    'aws_object_failed',
    'download failed: s3://',
    `\\S${ANY}`,
    'bucket/model/config.json to ./config.json An error occurred (404)',
    FETCH_FAILED,
  ],
];

const LLM_ENGINE: Printed = {
  program: 'llm-engine',
  file: 'model_engine_server/inference/vllm',
  from: '2023',
};

const LWS: Printed = { program: 'lws', file: 'docs/examples/vllm/build/ray_init.sh', from: '0.4' };

const TOOLS: Printed = { program: 'azcopy, gcloud, aws', file: 'standard output', from: '2023' };

const rulesOf = (rows: readonly Row[], printed: Printed): readonly Rule[] =>
  rows.map((row) => ruleOf(row, printed));

function ruleOf([name, literal, rest, sample, marks]: Row, printed: Printed): Rule {
  const pattern = new RegExp(`^${escaped(literal)}${rest}$`);
  return {
    id: `launch.${name}`,
    printed,
    files: [],
    literal,
    pattern,
    example: `${literal}${sample}`,
    marks,
  };
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

export const launchScripts: LogFormat = {
  name: 'launch-scripts',
  says: 'What runs between container start and engine: model downloads, shared model caches, and the waiting for a Ray cluster.',
  rules: [
    ...rulesOf(CLUSTER_SCRIPTS, LWS),
    ...rulesOf([...CLUSTER_BATCH, ...DOWNLOADS, ...WRAPPER], LLM_ENGINE),
    ...rulesOf(COPY_TOOLS, TOOLS),
  ],
};
