// Ray: the cluster that several nodes form before (and under) the engine.
//
// The same line means different things on a head and on a worker: "Ray runtime
// started." is a worker's joining, but on a head the others have yet to come.
// Only a head goes on with "Next steps", which therefore says "still under way".
// Seen: Ray 1.13 to 2.60, with timestamps ("record" style) and, on a terminal, without.

import type { LogFormat, MarkSpec, Printed, Rule } from './contract.ts';

const CLUSTER = 'ray_cluster_init';

const UNDER_WAY: readonly MarkSpec[] = [{ kind: 'during', phase: CLUSTER }];
const BROKEN: readonly MarkSpec[] = [{ kind: 'failed', cause: 'ray_cluster', root: true }];
const CONSEQUENCE: readonly MarkSpec[] = [{ kind: 'failed', cause: 'ray_cluster', root: false }];
const HEAD: readonly MarkSpec[] = [
  ...UNDER_WAY,
  { kind: 'fact', name: 'ray_role', value: 'head', phase: CLUSTER },
];

/** On a worker: it has joined. On a head: it waits for the others. */
const RUNNING: MarkSpec = { kind: 'fact', name: 'ray.runtime', value: 'started', phase: CLUSTER };

/** Host of the head node that this node was sent to; of a head, its own. */
const SENT_TO: MarkSpec = { kind: 'fact', name: 'ray.head', group: 'head', phase: CLUSTER };

const byRay = (file: string): Printed => ({ program: 'ray', file, from: '1.13' });

interface Line {
  readonly name: string;
  /** Path inside Ray; its base name stands in the header of the record style. */
  readonly path: string;
  readonly literal: string;
  readonly pattern: RegExp;
  readonly text: string;
  readonly marks: readonly MarkSpec[];
}

const CLI = 'python/ray/scripts/scripts.py';

/** What `ray start` prints, in both styles. */
const START: readonly Line[] = [
  {
    name: 'local_node',
    path: CLI,
    literal: 'Local node IP: ',
    pattern: /^Local node IP: (?<ip>[\w.:-]{1,253})$/,
    text: 'Local node IP: 10.99.0.10',
    marks: [
      { kind: 'began', phase: CLUSTER },
      { kind: 'fact', name: 'ray.node_ip', group: 'ip', phase: CLUSTER },
    ],
  },
  {
    name: 'runtime_started',
    path: CLI,
    literal: 'Ray runtime started.',
    pattern: /^Ray runtime started\.$/,
    text: 'Ray runtime started.',
    marks: [{ kind: 'ended', phase: CLUSTER }, RUNNING],
  },
  {
    name: 'next_steps',
    path: CLI,
    literal: 'Next steps',
    pattern: /^Next steps$/,
    text: 'Next steps',
    marks: HEAD,
  },
  {
    name: 'add_node',
    path: CLI,
    literal: 'To ',
    pattern:
      /^To (?:add another node to this Ray cluster|connect to this Ray runtime from another node), run$/,
    text: 'To add another node to this Ray cluster, run',
    marks: HEAD,
  },
  {
    // Only with --block. The head makes up the name, from its own clock and pid, when it starts: a
    // worker that prints it has joined that head, and no other.
    name: 'session',
    path: CLI,
    literal: 'Process exit logs will be saved to: ',
    pattern:
      /^Process exit logs will be saved to: .{1,300}\/(?<session>session_\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d_\d{6}_\d{1,9})\/logs\/\S{1,100}$/,
    text: 'Process exit logs will be saved to: /tmp/ray/session_2026-11-22_02-34-40_469658_12958/logs/ray_process_exit.log',
    marks: [{ kind: 'fact', name: 'ray.session', group: 'session', phase: CLUSTER }],
  },
  {
    name: 'subprocess_exited',
    path: CLI,
    literal: 'Some Ray subprocesses e',
    pattern: /^Some Ray subprocesses (?:exited unexpectedly|exited):/,
    text: 'Some Ray subprocesses exited unexpectedly:',
    marks: CONSEQUENCE,
  },
];

/** With its header (`2026-11-22 02:34:40,469	INFO scripts.py:1043 -- …`), and as a terminal gets it. */
function bothStyles({ name, path, text, ...line }: Line): readonly Rule[] {
  const file = baseName(path);
  const shared = { printed: byRay(path), literal: line.literal, pattern: line.pattern, marks: line.marks };
  return [
    {
      ...shared,
      id: `ray.${name}`,
      files: [file],
      example: `2026-11-22 02:34:40,469\tINFO ${file}:1043 -- ${text}`,
    },
    { ...shared, id: `ray.${name}_pretty`, files: [], example: text },
  ];
}

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** `ray.init()` inside a script or an engine; a link to the dashboard may follow. */
const CONNECT: readonly Rule[] = [
  {
    id: 'ray.connecting',
    printed: byRay('python/ray/_private/worker.py'),
    files: ['worker.py'],
    literal: 'Connecting to existing Ray cluster at address: ',
    pattern:
      /^Connecting to existing Ray cluster at address: (?:(?<head>[\w.-]{1,253}):\d{1,5}\.\.\.|\S{1,300})$/,
    example:
      '2026-11-22 02:31:31,818\tINFO worker.py:1841 -- Connecting to existing Ray cluster at address: 10.99.0.10:6379...',
    marks: [...UNDER_WAY, SENT_TO],
  },
  {
    // Each poll of a script has one; the last before the engine's first line is the end when no script says more.
    id: 'ray.connected',
    printed: byRay('python/ray/_private/worker.py'),
    files: ['worker.py'],
    literal: 'Connected to Ray cluster.',
    pattern: /^Connected to Ray cluster\.(?:$| View the dashboard at )/,
    example:
      '2025-04-20 16:46:39,835 INFO worker.py:1832 -- Connected to Ray cluster. View the dashboard at http://10.244.2.62:8265',
    marks: [{ kind: 'ended', phase: CLUSTER }],
  },
  {
    // A cluster of one inside the engine: no other node to wait for.
    id: 'ray.local',
    printed: byRay('python/ray/_private/worker.py'),
    files: ['worker.py'],
    literal: 'Started a local Ray instance.',
    pattern: /^Started a local Ray instance\.(?:$| View the dashboard at )/,
    example: '2026-03-08 16:44:02,118 INFO worker.py:1908 -- Started a local Ray instance.',
    marks: [{ kind: 'fact', name: 'ray_local', value: true }],
  },
];

/** The C++ core of a worker whose head is not there, or will not have it. */
const CORE: readonly Rule[] = [
  {
    // Worker before head: one `ray start --address` waits by itself, for minutes.
    id: 'ray.gcs_unreachable',
    printed: byRay('src/ray/rpc/rpc_client.h'),
    files: ['rpc_client.h', 'gcs_rpc_client.h'],
    literal: 'Failed to connect to ',
    pattern:
      /^Failed to connect to (?:GCS|the observability pubsub) at address (?:(?<head>[\w.-]{1,253}):\d{1,5}|\S{1,300}) within \d{1,6} seconds/,
    example:
      '[2026-11-22 01:34:36,145 W 22559 22559] rpc_client.h:153: Failed to connect to GCS at address 192.0.2.2:6379 within 5 seconds.',
    marks: [...UNDER_WAY, SENT_TO],
  },
  {
    id: 'ray.gcs_lost',
    printed: byRay('src/ray/rpc/rpc_client.h'),
    files: ['rpc_client.h', 'gcs_rpc_client.h'],
    literal: 'Failed to connect to GCS within ',
    pattern: /^Failed to connect to GCS within \d{1,6} seconds\. GCS may have been killed/,
    example:
      "[2026-11-22 02:41:45,834 E 16961 16961] (raylet) rpc_client.h:204: Failed to connect to GCS within 60 seconds. GCS may have been killed. It's either GCS is terminated by `ray stop` or is killed unexpectedly.",
    marks: BROKEN,
  },
  {
    id: 'ray.unauthenticated',
    printed: byRay('src/ray/gcs_rpc_client/gcs_client.cc'),
    files: ['gcs_client.cc'],
    literal: 'Failed to get cluster ID from GCS server: Unauthenticated',
    pattern: /^Failed to get cluster ID from GCS server: Unauthenticated/,
    example:
      '[2026-11-22 01:39:28,596 W 27108 27108] gcs_client.cc:210: Failed to get cluster ID from GCS server: Unauthenticated: RPC error: InvalidAuthToken: Authentication token is missing or incorrect',
    marks: BROKEN,
  },
  {
    id: 'ray.gcs_waiting',
    printed: byRay('src/ray/gcs_rpc_client/gcs_client.cc'),
    files: ['gcs_client.cc'],
    literal: 'Failed to get cluster ID from GCS server: ',
    pattern: /^Failed to get cluster ID from GCS server: (?!Unauthenticated)\S/,
    example:
      '[2026-11-22 02:35:10,100 W 19001 19001] gcs_client.cc:210: Failed to get cluster ID from GCS server: TimedOut: Timed out while waiting for GCS to become available.',
    marks: UNDER_WAY,
  },
  {
    id: 'ray.node_retry',
    printed: byRay('src/ray/gcs/gcs_client/global_state_accessor.cc'),
    files: ['global_state_accessor.cc'],
    literal: 'Retrying to get node with node ID ',
    pattern: /^Retrying to get node with node ID [0-9a-f]{1,80}/,
    example:
      '[2025-04-20 16:46:38,300 W 39 39] global_state_accessor.cc:429: Retrying to get node with node ID 120edfb38c504e0494eb4c253105322039774e52ba2efedbed38e3ea',
    marks: UNDER_WAY,
  },
];

/** Ray's Python half, when a node cannot come up. The script around it may try again. */
const NODE: readonly Rule[] = [
  {
    id: 'ray.node_info_retry',
    printed: byRay('python/ray/_private/node.py'),
    files: ['node.py'],
    literal: 'Failed to get ',
    pattern: /^Failed to get (?:head )?node info/,
    example:
      "2026-11-22 01:35:43,792\tINFO node.py:438 -- Failed to get node info b'RPC error: Deadline Exceeded'",
    marks: UNDER_WAY,
  },
  {
    // An orderly end, also when its draining fails afterwards: no failure of the start.
    id: 'ray.sigterm',
    printed: byRay('python/ray/_private/node.py'),
    files: ['node.py'],
    literal: 'Node ',
    pattern: /^Node [0-9a-f]{8,80} received SIGTERM\. Draining/,
    example:
      '2026-11-22 02:34:59,778\tINFO node.py:698 -- Node e84f73dcb40b4540c3afd62dac2f4c346d85aea295a33388f9744625 received SIGTERM. Draining for up to 30.0 seconds before shutting down local processes.',
    marks: [],
  },
  {
    id: 'ray.node_timed_out',
    printed: byRay('python/ray/_private/node.py'),
    files: ['*'],
    literal: 'Exception: The current node timed out during startup.',
    pattern: /^Exception: The current node timed out during startup\./,
    example:
      'Exception: The current node timed out during startup. This could happen because some of the raylet failed to startup or the GCS has become overloaded.',
    marks: BROKEN,
  },
  {
    id: 'ray.no_head',
    printed: byRay('python/ray/_private/utils.py'),
    files: ['*'],
    literal: 'Exception: No node info found for head node in GCS',
    pattern: /^Exception: No node info found for head node in GCS/,
    example:
      'Exception: No node info found for head node in GCS. Did the head node or gcs start successfully?',
    marks: BROKEN,
  },
  {
    id: 'ray.no_gcs',
    printed: byRay('python/ray/includes/gcs_client.pxi'),
    files: ['*'],
    literal: 'RuntimeError: Failed to connect to GCS',
    pattern: /^RuntimeError: Failed to connect to GCS/,
    example:
      'RuntimeError: Failed to connect to GCS. Last connection error: Traceback (most recent call last):',
    marks: BROKEN,
  },
  {
    id: 'ray.no_running_instance',
    printed: byRay('python/ray/_private/services.py'),
    files: ['*'],
    literal: 'ConnectionError: Could not find any running Ray instance',
    pattern: /^ConnectionError: Could not find any running Ray instance/,
    example:
      'ConnectionError: Could not find any running Ray instance. Please specify the one to connect to by setting `--address` flag or `RAY_ADDRESS` environment variable.',
    marks: BROKEN,
  },
];

const EXECUTOR: Printed = { program: 'vllm', file: 'v1/executor/ray_utils.py', from: '0.5.5' };

/** Bare last lines of tracebacks: the executor gives up. */
const GROUP_ERRORS: readonly (readonly [name: string, literal: string, sample: string])[] = [
  [
    'none',
    'ValueError: Cannot provide a placement group',
    " of placement_group_specs=[{'GPU': 1.0}] within 1800 seconds. See `ray status`",
  ],
  ['no_gpu', 'ValueError: Current node has no ', 'GPU available. current_node_resource={}'],
  [
    'driver',
    'RuntimeError: driver node id ',
    '5f2c is not included in a placement group 6ab1. Node id -> bundles {}',
  ],
];

function groupError([name, literal, sample]: (typeof GROUP_ERRORS)[number]): Rule {
  return {
    id: `ray.vllm_group_${name}`,
    printed: EXECUTOR,
    files: ['*'],
    literal,
    pattern: new RegExp(`^${literal}`),
    example: `${literal}${sample}`,
    marks: BROKEN,
  };
}

/** The processes that will form a group are placed first: waiting for GPUs is part of it. */
const GROUP_BEGAN: readonly MarkSpec[] = [{ kind: 'began', phase: 'distributed_init' }];

/** vLLM asking a Ray cluster that already stands for its GPUs. */
const VLLM: readonly Rule[] = [
  {
    id: 'ray.vllm_ray_ready',
    printed: { ...EXECUTOR, from: '0.8.2' },
    files: ['ray_utils.py'],
    literal: 'Ray is already initialized',
    pattern: /^Ray is already initialized\. Skipping Ray initialization\.$/,
    example:
      'INFO 09-03 04:36:47 [ray_utils.py:316] Ray is already initialized. Skipping Ray initialization.',
    marks: [],
  },
  {
    id: 'ray.vllm_no_ray',
    printed: { ...EXECUTOR, from: '0.6.4' },
    files: ['ray_utils.py'],
    literal: 'No existing RAY instance detected',
    pattern: /^No existing RAY instance detected/,
    example:
      'WARNING 09-03 04:36:47 [ray_utils.py:330] No existing RAY instance detected. A new instance will be launched with current node resources.',
    marks: [],
  },
  {
    id: 'ray.vllm_new_group',
    printed: { ...EXECUTOR, from: '0.8.2' },
    files: ['ray_utils.py'],
    literal: 'No current placement group found.',
    pattern: /^No current placement group found\. Creating a new placement group\.$/,
    example:
      'INFO 04-20 16:47:04 [ray_utils.py:335] No current placement group found. Creating a new placement group.',
    marks: GROUP_BEGAN,
  },
  {
    id: 'ray.vllm_old_group',
    printed: { ...EXECUTOR, from: '0.8.2' },
    files: ['ray_utils.py'],
    literal: 'Using the existing placement group',
    pattern: /^Using the existing placement group$/,
    example: 'INFO 11-20 10:00:00 [ray_utils.py:351] Using the existing placement group',
    marks: GROUP_BEGAN,
  },
  {
    // First after 10 s, then at 30, 70, 150: a shorter wait leaves no line, and each counts from the beginning.
    id: 'ray.vllm_group_wait',
    printed: EXECUTOR,
    files: ['ray_utils.py'],
    literal: 'Waiting for creating a placement group of specs for ',
    pattern: /^Waiting for creating a placement group of specs for (?<waited>\d{1,6}) seconds\./,
    example:
      "INFO 05-26 18:54:23 [ray_utils.py:233] Waiting for creating a placement group of specs for 30 seconds. specs=[{'node:10.0.0.175': 0.001, 'GPU': 1.0}, {'GPU': 1.0}]. Check `ray status` and `ray list nodes` to see if you have enough resources",
    marks: [
      { kind: 'during', phase: 'distributed_init' },
      {
        kind: 'fact',
        name: 'ray_placement_group_wait_seconds',
        group: 'waited',
        as: 'number',
        phase: 'distributed_init',
      },
    ],
  },
  {
    id: 'ray.vllm_too_few_gpus',
    printed: EXECUTOR,
    files: ['ray_utils.py'],
    literal: 'The number of required ',
    pattern:
      /^The number of required \w{1,20} exceeds the total number of available \w{1,20} in the placement group/,
    example:
      'WARNING 05-26 18:53:53 [ray_utils.py:342] The number of required GPUs exceeds the total number of available GPUs in the placement group.',
    marks: [{ kind: 'fact', name: 'ray_too_few_gpus', value: true }],
  },
  ...GROUP_ERRORS.map(groupError),
];

const AUTOSCALER: Rule = {
  // Ray names the process that speaks in front: `(autoscaler +13s) `.
  id: 'ray.no_node_type',
  printed: byRay('python/ray/autoscaler/_private/event_summarizer.py'),
  files: [],
  literal: '(autoscaler ',
  pattern: /^\(autoscaler \+[\dhms]{1,20}\) Error: No available node types can fulfill resource request/,
  example:
    "(autoscaler +13s) Error: No available node types can fulfill resource request {'GPU': 1.0}. Add suitable node types to this cluster to resolve this issue.",
  marks: CONSEQUENCE,
};

/** What `ray status` prints: head scripts poll with it until their nodes are there. */
const STATUS: readonly Rule[] = [
  {
    id: 'ray.status',
    printed: byRay('python/ray/autoscaler/_private/util.py'),
    files: [],
    literal: '======== ',
    pattern: /^======== (?:Autoscaler|Cluster) status: \d{4}-\d\d-\d\d [\d:.]{8,20} ========$/,
    example: '======== Autoscaler status: 2026-11-22 02:31:04.988848 ========',
    marks: UNDER_WAY,
  },
  {
    id: 'ray.no_status',
    printed: byRay(CLI),
    files: [],
    literal: 'No cluster status.',
    pattern: /^No cluster status\. It may take a few seconds for the Ray internal services to start up\.$/,
    example: 'No cluster status. It may take a few seconds for the Ray internal services to start up.',
    marks: UNDER_WAY,
  },
];

export const ray: LogFormat = {
  name: 'ray',
  says: 'Ray: `ray start` on head and workers, `ray.init`, a head that cannot be reached, and vLLM waiting for its placement group.',
  rules: [...START.flatMap(bothStyles), ...CONNECT, ...CORE, ...NODE, ...VLLM, AUTOSCALER, ...STATUS],
};
