// The last line of a traceback: its cause, bare and as an ERROR record.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pythonErrors } from '../../lib/formats/python-errors.ts';
import { ruleOf, says } from './says.ts';

const asRecord = (text: string): string => `(EngineCore pid=7) ERROR 11-22 01:30:00 [core.py:1510] ${text}`;

describe('causes', () => {
  test.each([
    ['torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.', 'out_of_gpu_memory'],
    ['torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.', 'out_of_gpu_memory'],
    ['torch.AcceleratorError: CUDA error: out of memory', 'out_of_gpu_memory'],
    [
      'jax.errors.JaxRuntimeError: RESOURCE_EXHAUSTED: E0101: RuntimeProgramAllocationFailure:',
      'out_of_gpu_memory',
    ],
    ['torch.AcceleratorError: CUDA error: an illegal memory access was encountered', 'kernel_error'],
    ['RuntimeError: Triton Error [CUDA]: device kernel image is invalid', 'kernel_error'],
    ['RuntimeError: CUDA error: no kernel image is available for execution on the device', 'kernel_error'],
    ['RuntimeError: CUDA error: CUDA-capable device(s) is/are busy or unavailable', 'device_unavailable'],
    ['RuntimeError: No CUDA GPUs are available', 'device_unavailable'],
    [
      "RuntimeError: Unable to initialize backend 'tpu': UNKNOWN: TPU initialization failed",
      'device_unavailable',
    ],
    [
      'jaxlib._jax.XlaRuntimeError: UNKNOWN: TPU initialization failed: open(/dev/vfio/2): Device or resource busy',
      'device_unavailable',
    ],
    ['torch.distributed.DistBackendError: NCCL error in: ProcessGroupNCCL.cpp:3353', 'nccl'],
    [
      'torch.distributed.DistNetworkError: The client socket has timed out after 600000ms',
      'distributed_init',
    ],
    [
      'torch.distributed.DistNetworkError: The server socket has failed to listen. port: 29500, name: EADDRINUSE',
      'port_in_use',
    ],
    ['OSError: [Errno 98] Address already in use', 'port_in_use'],
    ["ModuleNotFoundError: No module named 'setuptools'", 'import_failure'],
    ['ImportError: libcudart.so.12: cannot open shared object file', 'import_failure'],
    ['RuntimeError: operator torchvision::nms does not exist', 'import_failure'],
    [
      "AttributeError: '_OpNamespace' '_C_utils' object has no attribute 'init_cpu_threads_env'",
      'import_failure',
    ],
    [
      "torch._inductor.exc.InductorError: AttributeError: '_OpNamespace' '_C' object has no attribute 'x'",
      'compile_error',
    ],
    ["KeyError: 'layers.5.self_attn.qkv_proj.v_proj.weight'", 'weights_mismatch'],
    [
      'safetensors_rust.SafetensorError: Error while deserializing header: InvalidHeaderDeserialization',
      'weights_mismatch',
    ],
    [
      'ray.exceptions.AuthenticationError: RPC error: InvalidAuthToken: Authentication token is missing',
      'ray_cluster',
    ],
    ['TimeoutError: RPC call to determine_available_memory timed out.', 'timeout'],
    ['KeyboardInterrupt: terminated', 'signal'],
    ['MemoryError', 'out_of_memory'],
    ['AssertionError', 'exception'],
    ['AssertionError: Shape: 2048 out of considered ranges: [(1, 2048)]', 'exception'],
    ['RuntimeError: something that nobody foresaw', 'exception'],
    ['zmq.error.ZMQError: Operation not supported', 'exception'],
  ])('%s', (line, cause) => {
    expect(says(line)).toEqual([`failed ${cause}`]);
    expect(says(asRecord(line))).toEqual([`failed ${cause}`]);
  });

  test.each([
    ['vllm: error: unrecognized arguments: --no-such-flag', 'bad_arguments'],
    ['vllm serve: error: argument --port: invalid int value: abc', 'bad_arguments'],
    ['api_server.py: error: unrecognized arguments: --no-such-flag', 'bad_arguments'],
    ['/usr/bin/python3: No module named vllm', 'import_failure'],
    ['/bin/bash: line 1: ./s5cmd: No such file or directory', 'container_config'],
    ['exec /usr/bin/vllm: exec format error', 'container_config'],
    ['[rank0]: torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.', 'out_of_gpu_memory'],
    ['[rank0]: ValueError: No available memory for the cache blocks. Try increasing', 'kv_cache_too_small'],
    ['[rank3]: RuntimeError: something', 'exception'],
    ['Segmentation fault (core dumped)', 'crash'],
    ["ERROR 11-22 01:29:45 [engine.py:448] No module named 'setuptools'\r", 'import_failure'],
    [
      "ERROR:    [Errno 98] error while attempting to bind on address ('0.0.0.0', 8000): address already in use",
      'port_in_use',
    ],
  ])('%s', (line, cause) => {
    expect(says(line)).toEqual([`failed ${cause}`]);
  });
});

describe('consequences name no cause', () => {
  test.each([
    'RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}',
    'Exception: WorkerProc initialization failed due to an exception in a background process. See stack trace for root cause.',
    "RuntimeError: Worker failed with error 'Shape: 2048', please check the stack trace above for the root cause",
    'vllm.v1.engine.exceptions.EngineDeadError: EngineCore encountered an issue. See stack trace (above) for the root cause.',
    'ray.exceptions.RpcError: Timed out while waiting for GCS to become available.',
    'ray.exceptions.ActorDiedError: The actor died unexpectedly before finishing this task.',
    'asyncio.exceptions.CancelledError',
    'BrokenPipeError: [Errno 32] Broken pipe',
    'Killed',
    '/bin/bash: line 1:     7 Killed                  vllm serve',
  ])('%s', (line) => {
    expect(says(line)).toEqual([expect.stringMatching(/^failed after /)]);
  });
});

describe('a sentence that a better rule knows', () => {
  test.each([
    ['ValueError: No available memory for the cache blocks. Try increasing', /^vllm\./],
    [
      'RuntimeError: CUDA out of memory occurred when warming up sampler with 1024 dummy requests.',
      /^vllm\./,
    ],
    ['Exception: The current node timed out during startup. This could', /^ray\./],
    ['RuntimeError: Cluster did not reach expected size of 2 nodes within 15 seconds', /^launch\./],
    ['huggingface_hub.errors.GatedRepoError: 401 Client Error.', /^huggingface\./],
  ])('%s', (line, rule) => {
    expect(ruleOf(line)).toMatch(rule);
    const claims = pythonErrors.rules.filter(
      ({ literal, pattern }) => line.startsWith(literal) && pattern.test(line),
    );
    expect(claims).toEqual([]);
  });
});

describe('not the last line of a traceback', () => {
  test.each([
    'Traceback (most recent call last):',
    '    raise RuntimeError("Engine core initialization failed. "',
    'INFO 11-22 01:30:00 [core.py:1510] RuntimeError: x',
    'WARNING 11-22 01:30:00 [interface.py:219] ImportError("libc.so.6")',
    'INFO:     RuntimeError: x:0 - "GET /health HTTP/1.1" 200 OK',
    "vllm.exceptions.VLLMValidationError: This model's maximum context length is 32768 tokens.",
    'RuntimeErrors are bad',
    'Killed by policy',
    '/bin/bash: line 1: nvidia-smi: command not found',
    '[rank0]:   File "/x.py", line 1, in main',
    '[rank0]:[W1122 01:01:04.348559829 ProcessGroupNCCL.cpp:1250] Warning: destroy_process_group() was not called',
    'Aborted request cmpl-1',
    'Exceptional: yes',
  ])('%s', (line) => {
    expect(says(line).filter((saying) => saying.startsWith('failed'))).toEqual([]);
  });
});

test('a line has at most one rule of this format', () => {
  const classes = fc.constantFrom(
    'RuntimeError',
    'OSError',
    'torch.AcceleratorError',
    'ray.exceptions.RayActorError',
    'KeyError',
  );
  const text = fc.oneof(
    fc.string({ maxLength: 80 }),
    fc.constantFrom(
      'CUDA error: out of memory',
      'NCCL error',
      '[Errno 98] x',
      'Unable to load x',
      "'layers.1'",
      'HIP error: invalid device ordinal',
    ),
  );
  fc.assert(
    fc.property(classes, text, (name, said) => {
      const line = `${name}: ${said}`;
      const claims = pythonErrors.rules.filter(
        ({ literal, pattern }) => line.startsWith(literal) && pattern.test(line),
      );
      expect(claims.length).toBeLessThanOrEqual(1);
    }),
  );
});
