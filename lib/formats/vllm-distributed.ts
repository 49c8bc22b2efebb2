// vLLM rules: process groups, NCCL, data parallel. What vLLM asks of Ray is in ray.ts.

import type { Rule } from './contract.ts';
import { vllm, WORKER } from './vllm-printed.ts';

export const distributedRules: readonly Rule[] = [
  {
    id: 'vllm.world',
    printed: vllm('distributed/parallel_state.py', '0.11.1'),
    files: ['parallel_state.py'],
    literal: 'world_size=',
    pattern:
      /^world_size=(?<size>\d{1,7}) rank=\d{1,7} local_rank=\d{1,7} distributed_init_method=\S{1,400} backend=(?<backend>\S{1,100})$/,
    example:
      '(Worker pid=1490) INFO 11-22 02:21:46 [parallel_state.py:1906] world_size=1 rank=0 local_rank=0 distributed_init_method=file:///tmp/vllm_dist_5116 backend=gloo',
    marks: [
      { kind: 'began', phase: 'distributed_init' },
      { kind: 'ended', phase: 'engine_boot', by: WORKER },
      { kind: 'fact', name: 'world_size', group: 'size', as: 'number' },
    ],
  },
  {
    id: 'vllm.world_of_dp',
    printed: vllm('distributed/parallel_state.py', '0.8.0', '0.11.0'),
    files: ['parallel_state.py'],
    literal: 'Adjusting world_size=',
    pattern: /^Adjusting world_size=\d{1,7} rank=\d{1,7} distributed_init_method=\S{1,400} for DP$/,
    example:
      '(VllmWorker rank=0 pid=90) INFO 06-02 14:46:02 [parallel_state.py:990] Adjusting world_size=4 rank=0 distributed_init_method=tcp://127.0.0.1:51233 for DP',
    marks: [{ kind: 'began', phase: 'distributed_init' }],
  },
  {
    // PCP since 0.12, EPLB since 0.17, ETP since 0.30.
    id: 'vllm.rank',
    printed: vllm('distributed/parallel_state.py', '0.8.0'),
    files: ['parallel_state.py'],
    literal: 'rank ',
    pattern:
      /^rank \d{1,7} in world size (?<size>\d{1,7}) is assigned as DP rank \d{1,7}, PP rank \d{1,7}(?:, [A-Z]{1,8} rank (?:\d{1,7}|N\/A)){1,6}$/,
    example:
      '(Worker pid=1490) INFO 11-22 02:21:46 [parallel_state.py:2350] rank 0 in world size 1 is assigned as DP rank 0, PP rank 0, PCP rank 0, TP rank 0, ETP rank 0, EP rank N/A, EPLB rank N/A',
    marks: [
      { kind: 'ended', phase: 'distributed_init' },
      { kind: 'fact', name: 'world_size', group: 'size', as: 'number' },
    ],
  },
  {
    id: 'vllm.nccl_found',
    printed: vllm('utils.py', '0.4.1', '0.11.0'),
    files: ['utils.py', '__init__.py', 'nccl.py'],
    literal: 'Found nccl from library ',
    pattern: /^Found nccl from library \S{1,400}$/,
    example:
      'INFO 05-04 14:43:17 utils.py:608] Found nccl from library /usr/lib/x86_64-linux-gnu/libnccl.so.2',
    marks: [{ kind: 'began', phase: 'distributed_init' }],
  },
  {
    id: 'vllm.nccl_used',
    printed: vllm('distributed/device_communicators/pynccl.py', '0.4.0'),
    files: ['pynccl.py', 'pynccl_utils.py'],
    literal: 'vLLM is using nccl==',
    pattern: /^vLLM is using nccl==(?<version>[\w.]{1,40})$/,
    example: '(VllmWorkerProcess pid=90) INFO 04-14 08:39:12 pynccl.py:69] vLLM is using nccl==2.21.5',
    marks: [
      { kind: 'during', phase: 'distributed_init' },
      { kind: 'fact', name: 'nccl_version', group: 'version' },
    ],
  },
  {
    id: 'vllm.p2p_cache',
    printed: vllm('distributed/device_communicators/all_reduce_utils.py', '0.4.1'),
    files: ['custom_all_reduce_utils.py', 'all_reduce_utils.py', 'custom_all_reduce.py'],
    literal: 'generating GPU P2P access cache ',
    pattern: /^generating GPU P2P access cache (?:for )?in \S{1,400}$/,
    example:
      'INFO 04-14 08:39:13 custom_all_reduce_utils.py:204] generating GPU P2P access cache in /root/.cache/vllm/gpu_p2p_access_cache_for_0,1.json',
    marks: [
      { kind: 'during', phase: 'distributed_init' },
      { kind: 'fact', name: 'p2p_cache', value: 'generated', phase: 'distributed_init' },
    ],
  },
  {
    id: 'vllm.p2p_cache_read',
    printed: vllm('distributed/device_communicators/all_reduce_utils.py', '0.4.1'),
    files: ['custom_all_reduce_utils.py', 'all_reduce_utils.py', 'custom_all_reduce.py'],
    literal: 'reading GPU P2P access cache ',
    pattern: /^reading GPU P2P access cache from \S{1,400}$/,
    example:
      'INFO 04-14 08:39:13 custom_all_reduce_utils.py:242] reading GPU P2P access cache from /root/.cache/vllm/gpu_p2p_access_cache_for_0,1.json',
    marks: [{ kind: 'during', phase: 'distributed_init' }],
  },
  {
    // One of the last things that setting up the tensor parallel group says; all there is before 0.8.
    id: 'vllm.custom_allreduce_off',
    printed: vllm('distributed/device_communicators/custom_all_reduce.py', '0.4.0'),
    files: ['custom_all_reduce.py'],
    literal: 'Custom allreduce is disabled because ',
    pattern: /^Custom allreduce is disabled because /,
    example:
      "(VllmWorkerProcess pid=90) WARNING 04-14 08:39:14 custom_all_reduce.py:132] Custom allreduce is disabled because it's not supported on more than two PCIe-only GPUs. To silence this warning, specify disable_custom_all_reduce=True explicitly.",
    marks: [{ kind: 'ended', phase: 'distributed_init' }],
  },
  {
    // Of a group that exists. The V1 engine core makes a handle for all its workers, rank 0 among them, before they are spawned.
    id: 'vllm.message_queue',
    printed: vllm('distributed/device_communicators/shm_broadcast.py', '0.6.0'),
    files: ['shm_broadcast.py'],
    literal: 'vLLM message queue communication handle: Handle(',
    pattern:
      /^vLLM message queue communication handle: Handle\((?:connect_ip='[^']{0,100}', )?local_reader_ranks=\[(?!0\b)/,
    example:
      "INFO 04-14 08:39:15 shm_broadcast.py:258] vLLM message queue communication handle: Handle(connect_ip='127.0.0.1', local_reader_ranks=[1], buffer=<vllm.distributed.device_communicators.shm_broadcast.ShmRingBuffer object at 0x7f>, local_subscribe_port=42161, remote_subscribe_port=None)",
    marks: [{ kind: 'ended', phase: 'distributed_init' }],
  },
  {
    // Also in every compilation or load that lasts over a minute: no failure.
    id: 'vllm.broadcast_waits',
    printed: vllm('distributed/device_communicators/shm_broadcast.py', '0.11.0'),
    files: ['shm_broadcast.py'],
    literal: 'No available shared memory broadcast block found',
    pattern: /^No available shared memory broadcast block found ?in \d{1,6} seconds?/,
    example:
      '(EngineCore pid=1477) INFO 11-22 01:29:20 [shm_broadcast.py:681] No available shared memory broadcast block found in 60 seconds. This typically happens when some processes are hanging or doing some time-consuming work (e.g. compilation, weight/kv cache quantization).',
    marks: [],
  },
];
