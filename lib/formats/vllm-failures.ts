// vLLM rules: failed starts, in vLLM's own sentences.
//
// The last line is never the cause: "Engine core initialization failed. See root
// cause above." comes behind it, so each rule says whether it names a root. What
// Python, torch and the system say is in python-errors.ts. An exception stands
// bare at the end of a traceback and as a record at level ERROR of any file.

import type { Cause } from '../model/mark.ts';
import type { MarkSpec, Rule } from './contract.ts';
import { vllm } from './vllm-printed.ts';

const failed = (cause: Cause, root: boolean): readonly MarkSpec[] => [{ kind: 'failed', cause, root }];

/** An exception that vLLM raises: where, since when, and how its text begins. */
type Raised = readonly [
  name: string,
  cause: Cause,
  file: string,
  from: string,
  literal: string,
  rest: string,
  sample: string,
];

const RAISED: readonly Raised[] = [
  [
    'kv_no_blocks',
    'kv_cache_too_small',
    'v1/core/kv_cache_utils.py',
    '0.3.0',
    'ValueError: No available memory for the cache blocks.',
    '',
    ' Try increasing `gpu_memory_utilization` when initializing the engine.',
  ],
  [
    'kv_too_small',
    'kv_cache_too_small',
    'v1/core/kv_cache_utils.py',
    '0.7.0',
    'ValueError: To serve at least one request with the model',
    "(?:s's|'s) max seq len \\(\\d{1,12}\\), ",
    "'s max seq len (2048), (0.01 GiB KV cache is needed, which is larger than the available KV cache memory (0.0 GiB). Based on the available memory, the estimated maximum model length is 96.",
  ],
  [
    'kv_too_small_v0',
    'kv_cache_too_small',
    'worker/worker.py',
    '0.3.0',
    "ValueError: The model's max seq len (",
    '\\d{1,12}\\) is larger than the maximum number of tokens that can be stored in KV cache',
    '32768) is larger than the maximum number of tokens that can be stored in KV cache (15680). Try increasing `gpu_memory_utilization` or decreasing `max_model_len` when initializing the engine.',
  ],
  [
    'memory_taken',
    'out_of_gpu_memory',
    'v1/worker/utils.py',
    '0.9.1',
    'ValueError: Free memory on device ',
    '.{0,100}on startup is less than (?:desired GPU memory utilization|the engine)',
    '(12.10/79.25 GiB) on startup is less than desired GPU memory utilization (0.9, 71.33 GiB). Decrease GPU memory utilization or reduce GPU memory used by other processes.',
  ],
  [
    'weights_held',
    'out_of_gpu_memory',
    'v1/worker/utils.py',
    '0.32',
    'ValueError: Externally held weights on device ',
    '.{0,200}exceed the desired GPU memory uti',
    'cuda:0 (72.10/79.25 GiB) exceed the desired GPU memory utilization (0.9, 71.33 GiB).',
  ],
  [
    'sampler_memory',
    'out_of_gpu_memory',
    'v1/worker/gpu_model_runner.py',
    '0.8.0',
    'RuntimeError: CUDA out of memory occurred when warming up ',
    '',
    'sampler with 1024 dummy requests. Please try lowering `max_num_seqs` or `gpu_memory_utilization` when initializing the engine.',
  ],
  [
    'profiling',
    'memory_profiling',
    'v1/worker/gpu_worker.py',
    '0.6.4',
    'AssertionError: Error in memory profiling.',
    '',
    ' Initial free memory 43.37 GiB, current free memory 43.94 GiB. This happens when other processes sharing the same container release GPU memory while vLLM is profiling during initialization.',
  ],
  [
    'no_weights',
    'weights_not_found',
    'model_executor/model_loader/default_loader.py',
    '0.3.0',
    'RuntimeError: Cannot find any model weights with ',
    '',
    '`/srv/models/tiny`',
  ],
  [
    'no_sharded_weights',
    'weights_not_found',
    'model_executor/model_loader/sharded_state_loader.py',
    '0.5.0',
    'ValueError: Could not find checkpoint files ',
    '',
    "'/srv/models/tiny/model-rank-0-part-*.safetensors', only pre-sharded checkpoints are currently supported!",
  ],
  [
    'weights_missing',
    'weights_mismatch',
    'model_executor/model_loader/default_loader.py',
    '0.6.5',
    'ValueError: Following weights were not initialized from checkpoint: ',
    '',
    "{'model.layers.0.mlp.gate.e_score_correction_bias'}",
  ],
  [
    'no_parameter',
    'weights_mismatch',
    'model_executor/models/utils.py',
    '0.6.4',
    'ValueError: There is no module or parameter named ',
    '',
    "'lm_head.qweight' in LlamaForCausalLM",
  ],
  [
    'repository',
    'model_not_found',
    'transformers_utils/config.py',
    '0.5.0',
    'ValueError: Invalid repository ID or local directory specified: ',
    '',
    "'/srv/models/no-such-model'",
  ],
  [
    'architecture',
    'bad_arguments',
    'model_executor/models/registry.py',
    '0.3.0',
    'ValueError: Model architectures ',
    '',
    "['FooForCausalLM'] are not supported for now.",
  ],
  [
    'context_length',
    'bad_arguments',
    'config/model.py',
    '0.3.0',
    'ValueError: User-specified max_model_len (',
    '',
    "131072) is greater than the derived max_model_len (max_position_embeddings=32768 or model_max_length=None in model's config.json).",
  ],
  [
    'no_kernel',
    'kernel_error',
    'model_executor/layers/quantization/kernels',
    '0.6.4',
    'ValueError: Failed to find a kernel that can implement ',
    '',
    'the WNA16 linear layer. Reasons:',
  ],
  [
    'world_too_big',
    'bad_arguments',
    'config/parallel.py',
    '0.3.0',
    'ValueError: Total number of attention heads (',
    '',
    '28) must be divisible by tensor parallel size (8).',
  ],
  [
    'nccl',
    'nccl',
    'distributed/device_communicators/pynccl_wrapper.py',
    '0.4.1',
    'RuntimeError: NCCL error: ',
    '',
    'unhandled system error (run with NCCL_DEBUG=INFO for details)',
  ],
  [
    'numa',
    'bad_arguments',
    'utils/ompmultiprocessing.py',
    '0.20',
    'AssertionError: Not enough allowed NUMA nodes ',
    '',
    'to bind threads of 2 local CPUWorkers. Allowed NUMA nodes are [0]. Please try to bind threads manually or decrease DP/TP/PP.',
  ],
  [
    'engine_timeout',
    'timeout',
    'v1/engine/core_client.py',
    '0.17',
    'TimeoutError: Timed out waiting for engine core processes to start.',
    '',
    ' This is often caused by slow weight loading for large models. Waited 600s (configured by VLLM_ENGINE_READY_TIMEOUT_S).',
  ],
];

/** These only say that something else failed, or where. */
const CONSEQUENCES: readonly Raised[] = [
  [
    'core_failed',
    'engine_died',
    'v1/engine/utils.py',
    '0.8.4',
    'RuntimeError: Engine core initialization failed.',
    '',
    ' See root cause above. Failed core proc(s): {}',
  ],
  [
    'core_failed_exception',
    'engine_died',
    'v1/engine/core_client.py',
    '0.8.4',
    'Exception: Engine core initialization failed.',
    '',
    ' See root cause above.',
  ],
  [
    'frontend_failed',
    'engine_died',
    'v1/engine/utils.py',
    '0.28',
    'RuntimeError: Frontend process failed during engine core initialization',
    '',
    '',
  ],
  [
    'engine_process',
    'engine_died',
    'entrypoints/openai/api_server.py',
    '0.6.2',
    'RuntimeError: Engine process failed to start',
    '',
    '. See stack trace for the root cause.',
  ],
  [
    'worker_init',
    'worker_died',
    'v1/executor/multiproc_executor.py',
    '0.8.5',
    'Exception: WorkerProc initialization failed due to ',
    '',
    'an exception in a background process. See stack trace for root cause.',
  ],
  [
    'worker_init_runtime',
    'worker_died',
    'v1/executor/multiproc_executor.py',
    '0.20',
    'RuntimeError: WorkerProc initialization failed due to ',
    '',
    'an exception in a background process. See stack trace for root cause.',
  ],
  [
    'worker_error',
    'worker_died',
    'v1/executor/multiproc_executor.py',
    '0.8.0',
    'RuntimeError: Worker failed with error ',
    '',
    "'Shape: 2048 out of considered ranges: [(1, 2048)]', please check the stack trace above for the root cause",
  ],
  [
    'core_dead',
    'engine_died',
    'v1/engine/exceptions.py',
    '0.8.0',
    'vllm.v1.engine.exceptions.EngineDeadError: ',
    '',
    'EngineCore encountered an issue. See stack trace (above) for the root cause.',
  ],
  [
    'mq_dead',
    'engine_died',
    'engine/multiprocessing/client.py',
    '0.6.2',
    'vllm.engine.multiprocessing.MQEngineDeadError: ',
    '',
    'Engine loop is not running. Inspect the stacktrace to find the original error.',
  ],
  [
    'supervisor_exited',
    'engine_died',
    'entrypoints/launchers/dp_supervisor.py',
    '0.22',
    'RuntimeError: DPSupervisor exited before startup.',
    '',
    '',
  ],
  [
    'api_server_exited',
    'engine_died',
    'v1/utils.py',
    '0.28',
    'RuntimeError: API server process ',
    '',
    'ApiServer_0 exited (code=1) before reporting its bound ZMQ addresses',
  ],
  [
    'mq_terminated',
    'signal',
    'engine/multiprocessing/engine.py',
    '0.6.2',
    'KeyboardInterrupt: MQLLMEngine terminated',
    '$',
    '',
  ],
];

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

function raised([name, cause, file, from, literal, rest, sample]: Raised, root: boolean): Rule {
  return {
    id: `vllm.failed_${name}`,
    printed: vllm(file, from),
    files: ['*'],
    literal,
    pattern: new RegExp(`^${escaped(literal)}${rest}`),
    example: `(EngineCore pid=7) ERROR 11-22 01:30:00 [core.py:1510] ${literal}${sample}`,
    marks: failed(cause, root),
  };
}

export const failureRules: readonly Rule[] = [
  {
    // Behind a traceback in full; says that the start is over, not why.
    id: 'vllm.core_start_failed',
    printed: vllm('v1/engine/core.py', '0.8.5'),
    files: ['core.py'],
    literal: 'EngineCore failed to start.',
    pattern: /^EngineCore failed to start\.$/,
    example: '(EngineCore pid=7) ERROR 11-22 01:30:00 [core.py:1510] EngineCore failed to start.',
    marks: failed('engine_died', false),
  },
  {
    // After ready.
    id: 'vllm.core_fatal',
    printed: vllm('v1/engine/core.py', '0.8.5'),
    files: ['core.py'],
    literal: 'EngineCore encountered a fatal error.',
    pattern: /^EngineCore encountered a fatal error\.$/,
    example: '(EngineCore pid=7) ERROR 11-22 01:40:00 [core.py:1530] EngineCore encountered a fatal error.',
    marks: failed('engine_died', false),
  },
  {
    id: 'vllm.core_exception',
    printed: vllm('v1/engine/core.py', '0.7.0', '0.8.4'),
    files: ['core.py'],
    literal: 'EngineCore hit an exception: ',
    pattern: /^EngineCore hit an exception: /,
    example:
      'ERROR 04-30 05:58:53 [core.py:383] EngineCore hit an exception: Traceback (most recent call last):',
    marks: failed('engine_died', false),
  },
  {
    id: 'vllm.core_process_died',
    printed: vllm('v1/engine/core_client.py', '0.9.0'),
    files: ['core_client.py'],
    literal: 'Engine core proc ',
    pattern: /^Engine core proc \S{1,80} died unexpectedly/,
    example:
      '(APIServer pid=7) ERROR 11-22 01:40:00 [core_client.py:600] Engine core proc EngineCore_DP0 died unexpectedly, shutting down client.',
    marks: failed('engine_died', false),
  },
  {
    id: 'vllm.worker_start_failed',
    printed: vllm('v1/executor/multiproc_executor.py', '0.8.5'),
    files: ['multiproc_executor.py'],
    literal: 'WorkerProc failed to start.',
    pattern: /^WorkerProc failed to start\.$/,
    example:
      '(Worker_TP0 pid=9) ERROR 11-22 01:30:00 [multiproc_executor.py:700] WorkerProc failed to start.',
    marks: failed('worker_died', false),
  },
  {
    id: 'vllm.worker_exception',
    printed: vllm('v1/executor/multiproc_executor.py', '0.8.0'),
    files: ['multiproc_executor.py'],
    literal: 'WorkerProc hit an exception.',
    pattern: /^WorkerProc hit an exception\.$/,
    example:
      '(Worker pid=1490) ERROR 11-22 01:30:00 [multiproc_executor.py:1063] WorkerProc hit an exception.',
    marks: failed('worker_died', false),
  },
  {
    id: 'vllm.worker_died',
    printed: vllm('v1/executor/multiproc_executor.py', '0.8.5'),
    files: ['multiproc_executor.py'],
    literal: 'Worker proc ',
    pattern:
      /^Worker proc \S{1,80} died unexpectedly(?: \(exit code: [^)]{1,20}\))?, shutting down executor\.$/,
    example:
      '(EngineCore pid=7) ERROR 11-22 01:40:00 [multiproc_executor.py:260] Worker proc VllmWorker-1 died unexpectedly (exit code: -9), shutting down executor.',
    marks: failed('worker_died', true),
  },
  {
    id: 'vllm.worker_process_died_v0',
    printed: vllm('executor/multiproc_worker_utils.py', '0.4.2', '0.10.2'),
    files: ['multiproc_worker_utils.py'],
    literal: 'Worker VllmWorkerProcess pid ',
    pattern: /^Worker VllmWorkerProcess pid \d{1,10} died, exit code: -?\d{1,6}$/,
    example:
      'ERROR 04-14 08:39:40 multiproc_worker_utils.py:123] Worker VllmWorkerProcess pid 90 died, exit code: -9',
    marks: failed('worker_died', true),
  },
  {
    id: 'vllm.ray_worker_died',
    printed: vllm('v1/executor/ray_executor_v2.py', '0.20'),
    files: ['ray_executor_v2.py'],
    literal: 'RayWorkerProc rank=',
    pattern: /^RayWorkerProc rank=\d{1,6} died unexpectedly, shutting down executor\.$/,
    example:
      '(EngineCore pid=7) ERROR 11-22 01:40:00 [ray_executor_v2.py:300] RayWorkerProc rank=3 died unexpectedly, shutting down executor.',
    marks: failed('worker_died', true),
  },
  {
    id: 'vllm.load_out_of_memory',
    printed: vllm('v1/worker/gpu_model_runner.py', '0.14'),
    files: ['gpu_model_runner.py', 'model_runner.py'],
    literal: 'Failed to load model - not enough GPU memory.',
    pattern: /^Failed to load model - not enough GPU memory\./,
    example:
      '(EngineCore_DP0 pid=7) ERROR 02-03 09:12:33 [gpu_model_runner.py:3950] Failed to load model - not enough GPU memory. Try lowering --gpu-memory-utilization to free memory for weights, increasing --tensor-parallel-size, or using --quantization.',
    marks: failed('out_of_gpu_memory', true),
  },
  {
    // When a server is cancelled that still holds its port, so at the end of every other start: no failure.
    id: 'vllm.port_used',
    printed: vllm('entrypoints/launchers/launcher.py', '0.10.2'),
    files: ['launcher.py', 'api_server.py'],
    literal: 'port ',
    pattern: /^port \d{1,6} is used by process .{1,400} launched with command:/,
    example:
      '(APIServer pid=7) WARNING 11-22 01:30:00 [launcher.py:140] port 8000 is used by process psutil.Process(pid=12) launched with command:',
    marks: [],
  },
  {
    // Only printed once ready: before that the signal leaves no line.
    id: 'vllm.signal',
    printed: vllm('v1/engine/core.py', '0.23'),
    files: ['core.py'],
    literal: '[shutdown] EngineCore: trigger received signal=',
    pattern: /^\[shutdown\] EngineCore: trigger received signal=(?<signal>SIG[A-Z]{2,8})$/,
    example:
      '(EngineCore pid=1477) INFO 11-22 02:22:28 [core.py:1454] [shutdown] EngineCore: trigger received signal=SIGTERM',
    marks: failed('signal', true),
  },
  {
    // absl, in JAX processes.
    id: 'vllm.signal_absl',
    printed: { program: 'absl', file: 'debugging/failure_signal_handler.cc', from: '2020' },
    files: [],
    literal: '*** SIG',
    pattern: /^\*\*\* SIG[A-Z]{2,8} received (?:by PID|at time=)/,
    example: '*** SIGTERM received by PID 26469 (TID 26469) on cpu 12 from PID 1; stack trace: ***',
    marks: failed('signal', true),
  },
  {
    id: 'vllm.preload_failed',
    printed: vllm('entrypoints/cli/preload.py', '0.30'),
    files: ['preload.py', 'daemon.py'],
    literal: 'Weight cache daemon rank(s) exited during startup ',
    pattern: /^Weight cache daemon rank\(s\) exited during startup \(exitcodes=/,
    example:
      'ERROR 11-22 01:30:00 [preload.py:200] Weight cache daemon rank(s) exited during startup (exitcodes=[1]); shutting down.',
    marks: failed('worker_died', true),
  },
  {
    // The wheel's native library is missing: it goes on and fails when the library is first needed.
    id: 'vllm.native_import',
    printed: vllm('platforms/interface.py', '0.3.0'),
    files: ['interface.py', '_custom_ops.py', 'cpu.py', 'cuda.py'],
    literal: 'Failed to import from vllm._C',
    pattern: /^Failed to import from vllm\._C\w{0,10}(?:: | with )/,
    example:
      'WARNING 11-22 01:30:00 [interface.py:219] Failed to import from vllm._C: ModuleNotFoundError("No module named \'vllm._C\'")',
    marks: [{ kind: 'fact', name: 'native_library', value: 'missing' }],
  },
  ...RAISED.map((row) => raised(row, true)),
  ...CONSEQUENCES.map((row) => raised(row, false)),
];
