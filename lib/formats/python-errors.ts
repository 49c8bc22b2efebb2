// Python's last word: the line that ends an uncaught traceback, and what kills a process without one.
//
// The same text stands bare (the interpreter, multiprocessing) and as the message
// of an ERROR record of any file of vLLM, so every rule here is for both. What an
// exception is called and says names the cause; consequences of a cause in
// another process ("see root cause above") are marked as such. vLLM's own
// sentences are in vllm-failures.ts; here is what Python, torch, JAX, Ray and the
// system say. A class without a rule of its own is a cause of kind `exception`.

import type { Cause } from '../model/mark.ts';
import type { LogFormat, Rule } from './contract.ts';
import { huggingface } from './huggingface.ts';
import { launchScripts } from './launch-scripts.ts';
import { ray } from './ray.ts';
import { failureRules } from './vllm-failures.ts';

type Row = readonly [
  name: string,
  cause: Cause,
  literal: string,
  /** Pattern of what follows the literal; the end of the message is free. */
  rest: string,
  /** What follows the literal in the example. */
  sample: string,
];

const CUDA = '(?:CUDA|HIP)';

/** Memory of the GPU. torch ≤ 2.4 has the class in torch.cuda. */
const GPU_MEMORY: readonly Row[] = [
  [
    'torch_memory',
    'out_of_gpu_memory',
    'torch.OutOfMemoryError',
    '(?::|$)',
    ': CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 79.25 GiB',
  ],
  [
    'torch_cuda_memory',
    'out_of_gpu_memory',
    'torch.cuda.OutOfMemoryError',
    '(?::|$)',
    ': CUDA out of memory. Tried to allocate 112.00 MiB',
  ],
  [
    'accelerator_memory',
    'out_of_gpu_memory',
    'torch.AcceleratorError: ',
    `${CUDA} error: out of memory`,
    'CUDA error: out of memory',
  ],
  [
    'cuda_memory',
    'out_of_gpu_memory',
    'RuntimeError: ',
    `(?:${CUDA} out of memory|${CUDA} error: out of memory|Triton Error \\[${CUDA}\\]: out of memory)`,
    'CUDA error: out of memory',
  ],
  [
    'jax_memory',
    'out_of_gpu_memory',
    'jax.errors.JaxRuntimeError: ',
    'RESOURCE_EXHAUSTED',
    'RESOURCE_EXHAUSTED: E0101: RuntimeProgramAllocationFailure:',
  ],
  [
    'xla_memory',
    'out_of_gpu_memory',
    'jaxlib.',
    '(?:xla_extension|_jax)\\.XlaRuntimeError: RESOURCE_EXHAUSTED',
    'xla_extension.XlaRuntimeError: RESOURCE_EXHAUSTED: Attempting to allocate 2.00G',
  ],
];

const HOST_MEMORY: readonly Row[] = [
  ['memory', 'out_of_memory', 'MemoryError', '(?::|$)', ''],
  [
    'cannot_allocate',
    'out_of_memory',
    'OSError: [Errno 12] ',
    'Cannot allocate memory',
    'Cannot allocate memory',
  ],
  [
    'cpu_allocator',
    'out_of_memory',
    'RuntimeError: ',
    "(?:\\[enforce fail at [^\\]]{1,80}\\]|DefaultCPUAllocator:).{0,200}can't allocate memory",
    "DefaultCPUAllocator: can't allocate memory: you tried to allocate 1073741824 bytes.",
  ],
  [
    'ray_memory',
    'out_of_memory',
    'ray.exceptions.OutOfMemoryError',
    '(?::|$)',
    ': Task was killed due to the node running low on memory.',
  ],
];

/** No usable device, or one that another process holds. */
const DEVICES: readonly Row[] = [
  [
    'no_device',
    'device_unavailable',
    'RuntimeError: ',
    '(?:No (?:CUDA|HIP) GPUs are available|Found no NVIDIA driver|CUDA unknown error|Unexpected error from cuda|The NVIDIA driver on your system is too old|Unable to initialize backend|TPU initialization failed|Device string must not be empty)',
    'No CUDA GPUs are available',
  ],
  [
    'device_busy',
    'device_unavailable',
    'torch.AcceleratorError: ',
    `${CUDA} error: (?:no ${CUDA}-capable device|${CUDA}-capable device\\(s\\) is/are busy|invalid device ordinal|initialization error)`,
    'CUDA error: CUDA-capable device(s) is/are busy or unavailable',
  ],
  [
    'cuda_device',
    'device_unavailable',
    'RuntimeError: ',
    `${CUDA} error: (?:no ${CUDA}-capable device|${CUDA}-capable device\\(s\\) is/are busy|invalid device ordinal|initialization error)`,
    'CUDA error: invalid device ordinal',
  ],
  [
    'jax_device',
    'device_unavailable',
    'jax.errors.JaxRuntimeError: ',
    '(?!RESOURCE_EXHAUSTED).{0,200}(?:TPU|device|iommu)',
    'UNKNOWN: TPU initialization failed: open(/dev/vfio/2): Device or resource busy',
  ],
  [
    'xla_device',
    'device_unavailable',
    'jaxlib.',
    '(?:xla_extension|_jax)\\.XlaRuntimeError: (?!RESOURCE_EXHAUSTED).{0,200}(?:TPU|device|iommu)',
    "xla_extension.XlaRuntimeError: UNKNOWN: TPU initialization failed: Couldn't open iommu group /dev/vfio/2",
  ],
  ['nvml', 'device_unavailable', 'pynvml.NVMLError', '', '_DriverNotLoaded: Driver Not Loaded'],
  [
    'vllm_nvml',
    'device_unavailable',
    'vllm.third_party.pynvml.NVMLError',
    '',
    '_InvalidArgument: Invalid Argument',
  ],
];

const KERNELS: readonly Row[] = [
  [
    'accelerator',
    'kernel_error',
    'torch.AcceleratorError: ',
    `${CUDA} error: (?!out of memory|no ${CUDA}-capable|${CUDA}-capable device|invalid device ordinal|initialization error)\\S`,
    'CUDA error: an illegal memory access was encountered',
  ],
  [
    'cuda',
    'kernel_error',
    'RuntimeError: ',
    `(?:${CUDA} error: (?!out of memory|no ${CUDA}-capable|${CUDA}-capable device|invalid device ordinal|initialization error)\\S|Triton Error \\[${CUDA}\\]: (?!out of memory))`,
    'Triton Error [CUDA]: device kernel image is invalid',
  ],
  [
    'triton_resources',
    'kernel_error',
    'triton.runtime.errors.OutOfResources',
    '(?::|$)',
    ': out of resource: shared memory, Required: 180224, Hardware limit: 101376.',
  ],
  [
    'gpu_fault',
    'kernel_error',
    'Memory access fault by GPU',
    '',
    ' node-1 (Agent handle: 0x55d0) on address 0x7f. Reason: Unknown.',
  ],
  [
    'inductor',
    'compile_error',
    'torch._inductor.exc.',
    '\\w{1,60}(?::|$)',
    "InductorError: AttributeError: '_OpNamespace' '_C' object has no attribute 'fused_add_rms_norm_static_fp8_quant'",
  ],
  [
    'dynamo',
    'compile_error',
    'torch._dynamo.exc.',
    '\\w{1,60}(?::|$)',
    'BackendCompilerFailed: backend raised',
  ],
  [
    'triton_compile',
    'compile_error',
    'triton.compiler.errors.',
    '\\w{1,60}(?::|$)',
    'CompilationError: at 12:4',
  ],
  [
    'extension',
    'compile_error',
    'RuntimeError: ',
    '(?:Error (?:building|compiling) |Ninja build failed|Ninja is required|Failed to find C compiler)',
    "Error building extension 'fused_moe'",
  ],
  [
    'no_compiler',
    'compile_error',
    'subprocess.CalledProcessError: Command ',
    '.{0,300}(?:ninja|gcc|g\\+\\+|nvcc|cicc|ptxas)',
    "'['/usr/bin/gcc', 'main.c']' returned non-zero exit status 1.",
  ],
];

const NETWORK: readonly Row[] = [
  [
    'nccl_backend',
    'nccl',
    'torch.distributed.DistBackendError',
    '(?::|$)',
    ': NCCL error in: ProcessGroupNCCL.cpp:3353, unhandled system error',
  ],
  [
    'nccl_runtime',
    'nccl',
    'RuntimeError: NCCL ',
    '(?:error|Error|communicator)',
    'communicator was aborted on rank 1.',
  ],
  [
    'network_port',
    'port_in_use',
    'torch.distributed.DistNetworkError: ',
    '.{0,500}(?:EADDRINUSE|[Aa]ddress already in use)',
    'The server socket has failed to listen on any local network address. port: 29500, code: -98, name: EADDRINUSE',
  ],
  [
    'network',
    'distributed_init',
    'torch.distributed.DistNetworkError: ',
    '(?!.{0,500}(?:EADDRINUSE|[Aa]ddress already in use))',
    'The client socket has timed out after 600000ms while trying to connect to (10.0.0.2, 29500).',
  ],
  [
    'store',
    'distributed_init',
    'torch.distributed.DistStoreError',
    '(?::|$)',
    ': Timed out after 601 seconds waiting for clients. 1/2 clients joined.',
  ],
  ['dist', 'distributed_init', 'torch.distributed.DistError', '(?::|$)', ': connection closed'],
  [
    'gloo',
    'distributed_init',
    'RuntimeError: ',
    '(?:\\[[^\\]]{0,200}gloo/|Gloo connect)',
    '[/pytorch/third_party/gloo/gloo/transport/tcp/pair.cc:534] Connection closed by peer [10.0.0.2]:30532',
  ],
  ['port', 'port_in_use', 'OSError: ', '\\[Errno 98\\] ', '[Errno 98] Address already in use'],
  [
    'zmq_port',
    'port_in_use',
    'zmq.error.ZMQError: ',
    'Address already in use',
    "Address already in use (addr='tcp://127.0.0.1:5557')",
  ],
  [
    'uvicorn_port',
    'port_in_use',
    'ERROR:    [Errno 98] ',
    'error while attempting to bind',
    "error while attempting to bind on address ('0.0.0.0', 8000): address already in use",
  ],
  ['timeout', 'timeout', 'TimeoutError', '(?::|$)', ': RPC call to determine_available_memory timed out.'],
];

const IMPORTS: readonly Row[] = [
  ['no_module', 'import_failure', 'ModuleNotFoundError: ', '', "No module named 'setuptools'"],
  [
    'import',
    'import_failure',
    'ImportError: ',
    '',
    'libcudart.so.12: cannot open shared object file: No such file or directory',
  ],
  [
    'torchvision',
    'import_failure',
    'RuntimeError: ',
    '(?:operator torchvision::|Failed to import |Detected that PyTorch and )',
    'operator torchvision::nms does not exist',
  ],
  // A wheel whose native library could not be loaded goes on, and fails when it is first needed.
  [
    'native_library',
    'import_failure',
    'AttributeError: ',
    "'_OpNamespace' '_\\w{1,40}' object has no attribute",
    "'_OpNamespace' '_C_utils' object has no attribute 'init_cpu_threads_env'",
  ],
  [
    'glibc',
    'import_failure',
    'OSError: ',
    '/\\S{1,300}: (?:version `|cannot open shared|undefined symbol)',
    "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found",
  ],
  // `python -m vllm.entrypoints…` in an environment without vLLM.
  [
    'no_package',
    'import_failure',
    '/usr/',
    '[\\w./-]{1,200}python[\\d.]{0,6}: No module named \\S',
    'bin/python3: No module named vllm',
  ],
  [
    'no_package_bare',
    'import_failure',
    'python',
    '[\\d.]{0,6}: No module named \\S',
    '3: No module named vllm',
  ],
];

const MODELS: readonly Row[] = [
  [
    'hub_model',
    'model_not_found',
    'OSError: ',
    "(?:Repo id must be |You are trying to access a gated repo|Can't load |Unable to load |.{0,300}is not a local folder and is not a valid model identifier|.{0,300}does not appear to have (?:a|any) file named|Error no file named)",
    "Repo id must be in the form 'repo_name' or 'namespace/repo_name': '/srv/models/no-such-model'. Use `repo_type` argument if needed.",
  ],
  [
    'hub_away',
    'download_failed',
    'OSError: ',
    "We couldn't connect to ",
    "We couldn't connect to 'https://huggingface.co' to load the files",
  ],
  [
    'requests',
    'download_failed',
    'requests.exceptions.',
    '\\w{1,60}(?::|$)',
    "ConnectionError: HTTPSConnectionPool(host='huggingface.co', port=443): Max retries exceeded",
  ],
  [
    'urllib3',
    'download_failed',
    'urllib3.exceptions.',
    '\\w{1,60}(?::|$)',
    "MaxRetryError: HTTPSConnectionPool(host='huggingface.co', port=443)",
  ],
  [
    'httpx',
    'download_failed',
    'httpx.',
    '(?:\\w{1,40}\\.)?\\w{1,60}(?::|$)',
    'ConnectError: [Errno -2] Name or service not known',
  ],
  [
    'aiohttp',
    'download_failed',
    'aiohttp.client_exceptions.',
    '\\w{1,60}(?::|$)',
    'ClientConnectorError: Cannot connect to host huggingface.co:443',
  ],
  [
    'boto',
    'download_failed',
    'botocore.exceptions.',
    '\\w{1,60}(?::|$)',
    'NoCredentialsError: Unable to locate credentials',
  ],
  [
    'weight_name',
    'weights_mismatch',
    'KeyError: ',
    "'[\\w.]{0,120}(?:layers\\.\\d|\\.weight|_scale|\\.bias|lm_head|embed_tokens)",
    "'layers.5.self_attn.qkv_proj.v_proj.weight'",
  ],
  [
    'state_dict',
    'weights_mismatch',
    'RuntimeError: ',
    'Error\\(s\\) in loading state_dict',
    'Error(s) in loading state_dict for LlamaForCausalLM:',
  ],
  [
    'safetensors',
    'weights_mismatch',
    'safetensors_rust.SafetensorError',
    '(?::|$)',
    ': Error while deserializing header: InvalidHeaderDeserialization',
  ],
];

const ARGUMENTS: readonly Row[] = [
  [
    'cli',
    'bad_arguments',
    'vllm',
    '(?: [\\w-]{1,20}){0,3}: error: \\S',
    ' serve: error: unrecognized arguments: --no-such-flag',
  ],
  ['server_cli', 'bad_arguments', 'api_server.py: error: ', '\\S', 'unrecognized arguments: --no-such-flag'],
  ['module_cli', 'bad_arguments', '__main__.py: error: ', '\\S', 'unrecognized arguments: --no-such-flag'],
  [
    'bare_cli',
    'bad_arguments',
    'error: ',
    '(?:unrecognized arguments|argument |the following arguments are required)',
    'unrecognized arguments: --no-such-flag',
  ],
  [
    'pydantic',
    'bad_arguments',
    'pydantic_core._pydantic_core.ValidationError: ',
    '\\d{1,4} validation errors? for (?:\\w{0,40}Config|EngineArgs|\\w{0,40}Args)',
    '1 validation error for ModelConfig',
  ],
];

const RAY: readonly Row[] = [
  [
    'ray_auth',
    'ray_cluster',
    'ray.exceptions.AuthenticationError',
    '(?::|$)',
    ': RPC error: InvalidAuthToken: Authentication token is missing or incorrect.',
  ],
  [
    'ray_system',
    'ray_cluster',
    'ray.exceptions.',
    '(?:RaySystemError|ActorUnschedulableError|TaskUnschedulableError|RuntimeEnvSetupError|NodeDiedError|GetTimeoutError)(?::|$)',
    'GetTimeoutError: Get timed out: some object(s) not ready.',
  ],
];

const ENDINGS: readonly Row[] = [
  ['terminated', 'signal', 'KeyboardInterrupt', '(?::|$)', ': terminated'],
  ['system_exit', 'signal', 'SystemExit: ', '(?:15|143|2|130)$', '15'],
  ['segfault', 'crash', 'Segmentation fault', '', ' (core dumped)'],
  ['fatal', 'crash', 'Fatal Python error: ', '\\S', 'Segmentation fault'],
  ['torch_segfault', 'crash', '!!!!!!! Segfault encountered !!!!!!!', '$', ''],
  ['aborted', 'crash', 'Aborted', '(?: \\(core dumped\\))?$', ' (core dumped)'],
  ['bus_error', 'crash', 'Bus error', '(?: \\(core dumped\\))?$', ' (core dumped)'],
  ['illegal_instruction', 'crash', 'Illegal instruction', '(?: \\(core dumped\\))?$', ' (core dumped)'],
  [
    'cpp',
    'crash',
    'terminate called ',
    '(?:after throwing|without an active)',
    "after throwing an instance of 'c10::Error'",
  ],
];

/** Programs without which no start is possible; others may be missing without harm. */
const NEEDED = '(?:\\S{0,200}\\/)?(?:vllm|python3?|ray|s5cmd|azcopy|gcloud|aws)';

/** What the shell around it reports: `/bin/bash: line 1:     7 Killed   vllm serve`. */
const SHELL: readonly Row[] = ['/bin/bash: line ', 'bash: line ', '/bin/sh: '].flatMap((shell, index) => [
  [
    `shell_crash_${index}`,
    'crash',
    shell,
    '\\d{1,5}: {1,8}\\d{1,10} (?:Segmentation fault|Aborted|Bus error|Illegal instruction)\\b',
    '1:     7 Segmentation fault      (core dumped) vllm serve /srv/models/tiny',
  ],
  [
    `shell_missing_${index}`,
    'container_config',
    shell,
    `\\d{1,5}: ${NEEDED}: (?:command not found|not found|No such file or directory|Permission denied)$`,
    '1: vllm: command not found',
  ],
]);

const FORMAT: readonly Row[] = [
  [
    'exec_format',
    'container_config',
    'exec ',
    '\\S{1,300}: exec format error$',
    '/usr/bin/python3: exec format error',
  ],
];

/** What follows a cause in another process. None names it. */
const CONSEQUENCES: readonly Row[] = [
  ['killed', 'signal', 'Killed', '$', ''],
  [
    'shell_killed',
    'signal',
    '/bin/bash: line ',
    '\\d{1,5}: {1,8}\\d{1,10} (?:Killed|Terminated)\\b',
    '1:     7 Killed                  vllm serve',
  ],
  [
    'ray_rpc',
    'ray_cluster',
    'ray.exceptions.RpcError',
    '(?::|$)',
    ': Timed out while waiting for GCS to become available.',
  ],
  [
    'ray_actor',
    'worker_died',
    'ray.exceptions.',
    '(?:RayActorError|ActorDiedError|ActorUnavailableError|WorkerCrashedError|RayTaskError\\b.{0,80})(?::|$)',
    'ActorDiedError: The actor died unexpectedly before finishing this task.',
  ],
  [
    'broken_pool',
    'worker_died',
    'concurrent.futures.process.BrokenProcessPool',
    '(?::|$)',
    ': A process in the process pool was terminated abruptly',
  ],
  ['broken_pipe', 'engine_died', 'BrokenPipeError', '(?::|$)', ': [Errno 32] Broken pipe'],
  ['reset', 'engine_died', 'ConnectionResetError', '(?::|$)', ': [Errno 104] Connection reset by peer'],
  ['eof', 'worker_died', 'EOFError', '(?::|$)', ''],
  ['cancelled', 'engine_died', 'asyncio.exceptions.CancelledError', '(?::|$)', ''],
  ['shm_cancelled', 'engine_died', 'RuntimeError: cancelled', '$', ''],
];

/** A class that says nothing about the kind of cause; last resort. */
const CLASSES: readonly string[] = [
  'RuntimeError',
  'ValueError',
  'TypeError',
  'KeyError',
  'IndexError',
  'AttributeError',
  'AssertionError',
  'NotImplementedError',
  'OSError',
  'FileNotFoundError',
  'FileExistsError',
  'PermissionError',
  'NotADirectoryError',
  'IsADirectoryError',
  'ConnectionError',
  'ConnectionRefusedError',
  'NameError',
  'UnboundLocalError',
  'LookupError',
  'ZeroDivisionError',
  'OverflowError',
  'RecursionError',
  'UnicodeDecodeError',
  'SyntaxError',
  'IndentationError',
  'SystemError',
  'BufferError',
  'StopIteration',
  'Exception',
];

/** Classes of libraries are printed with their module in front. */
const MODULES: readonly string[] = [
  'torch',
  'vllm',
  'ray.exceptions',
  'jax.errors',
  'jaxlib',
  'zmq.error',
  'triton',
  'transformers',
  'pydantic_core._pydantic_core',
  'subprocess',
  'json.decoder',
  'multiprocessing',
  'msgspec',
  'safetensors',
  'tvm',
  'grpc',
  'google',
  'asyncio.exceptions',
  'huggingface_hub',
];

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** Errors of one request, printed while or after the server starts: no failure of the start. */
const OF_A_REQUEST = '(?!vllm\\.exceptions\\.VLLM(?:Validation|NotFound)Error|fastapi\\.|openai\\.)';

const FROM = '0.4.0';

function ruleOf([name, cause, literal, rest, sample]: Row, root: boolean): Rule {
  return {
    id: `python.${name}`,
    printed: { program: 'python', file: 'traceback', from: FROM },
    files: ['*'],
    literal,
    pattern: new RegExp(`^${unless(literal, named)}${escaped(literal)}${rest}`),
    example: `${literal}${sample}`,
    marks: [{ kind: 'failed', cause, root }],
  };
}

/** Whoever raised it knows better: sentences that other formats claim. */
const named: readonly Rule[] = [...failureRules, ...huggingface.rules, ...ray.rules, ...launchScripts.rules];

/** A look ahead that refuses what one of `others` claims, so that a line has one rule. */
function unless(literal: string, others: readonly Rule[]): string {
  const better = others
    .filter((rule) => rule.literal.startsWith(literal) || literal.startsWith(rule.literal))
    .map(({ pattern }) => pattern.source.slice(1));
  return better.length === 0 ? '' : `(?!${better.join('|')})`;
}

const specific: readonly Rule[] = [
  ...[
    GPU_MEMORY,
    HOST_MEMORY,
    DEVICES,
    KERNELS,
    NETWORK,
    IMPORTS,
    MODELS,
    ARGUMENTS,
    RAY,
    ENDINGS,
    SHELL,
    FORMAT,
  ]
    .flat()
    .map((row) => ruleOf(row, true)),
  ...CONSEQUENCES.map((row) => ruleOf(row, false)),
];

const IN_RANK = '\\d{1,5}\\]: ';
const RANK_MEMORY = `${IN_RANK}torch\\.(?:cuda\\.)?OutOfMemoryError:`;
const RANK_KV = `${IN_RANK}ValueError: (?:No available memory for the cache blocks|To serve at least one request|The model's max seq len)`;

/** torch writes the rank in front of every line of an uncaught traceback, once process groups exist. */
const RANKED: readonly Row[] = [
  [
    'rank_memory',
    'out_of_gpu_memory',
    '[rank',
    RANK_MEMORY,
    '0]: torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.',
  ],
  [
    'rank_kv',
    'kv_cache_too_small',
    '[rank',
    RANK_KV,
    '0]: ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization`',
  ],
  [
    'rank_other',
    'exception',
    '[rank',
    `(?!${RANK_MEMORY}|${RANK_KV})${IN_RANK}(?:\\w{1,40}\\.){0,6}\\w{0,60}(?:Error|Exception)(?::|$)`,
    '0]: RuntimeError: something that nobody foresaw',
  ],
];

/** vLLM's older engines log the exception's text alone: `ERROR … [engine.py:448] No module named 'setuptools'`. */
const bareText: Rule = {
  id: 'python.no_module_text',
  printed: { program: 'vllm', file: 'engine/multiprocessing/engine.py', from: '0.6.2', to: '0.10.2' },
  files: ['*'],
  literal: "No module named '",
  pattern: /^No module named '[\w.]{1,200}'$/,
  example: "ERROR 11-22 01:29:45 [engine.py:448] No module named 'setuptools'",
  marks: [{ kind: 'failed', cause: 'import_failure', root: true }],
};

/** Everything else that begins with the class: not what a rule with more to say claims. */
function generic(name: string, literal: string, rest: string, sample: string): Rule {
  const others = unless(literal, [...specific, ...named]);
  return {
    id: `python.${name}`,
    printed: { program: 'python', file: 'traceback', from: FROM },
    files: ['*'],
    literal,
    pattern: new RegExp(`^${OF_A_REQUEST}${others}${escaped(literal)}${rest}`),
    example: `${literal}${sample}`,
    marks: [{ kind: 'failed', cause: 'exception', root: true }],
  };
}

const generics: readonly Rule[] = [
  ...CLASSES.map((name) => generic(`class_${name}`, name, '(?::|$)', ': something that nobody foresaw')),
  ...MODULES.map((path) =>
    generic(
      `module_${path}`,
      `${path}.`,
      '(?:\\w{1,60}\\.){0,6}[A-Z]\\w{0,80}(?:Error|Exception|Failure|Exit|Timeout)(?::|$)',
      'some.UnforeseenError: text',
    ),
  ),
];

export const pythonErrors: LogFormat = {
  name: 'python-errors',
  says: 'The last line of an uncaught traceback, the same as an ERROR record, and processes that die without one.',
  rules: [...specific, bareText, ...RANKED.map((row) => ruleOf(row, true)), ...generics],
};
