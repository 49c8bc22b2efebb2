// vLLM rules: what is printed once the engine is ready, and readiness itself.

import type { MarkSpec, Rule } from './contract.ts';
import { vllm } from './vllm-printed.ts';

/** api_server.py until 0.28, then launchers/api_server/entry.py. */
const SERVERS = ['api_server.py', 'entry.py', 'launcher.py', 'llm.py', 'run_batch.py', 'serve.py'];

const AFTER: readonly MarkSpec[] = [{ kind: 'after_engine' }];

export const serverRules: readonly Rule[] = [
  {
    id: 'vllm.tasks',
    printed: vllm('entrypoints/launchers/api_server/entry.py', '0.10.1'),
    files: SERVERS,
    literal: 'Supported',
    pattern: /^Supported[_ ]tasks: [[(]/,
    example: "(APIServer pid=1425) INFO 11-22 02:22:27 [entry.py:136] Supported tasks: ['generate']",
    marks: AFTER,
  },
  {
    // The port was bound long before; nothing accepts yet.
    id: 'vllm.server_starting',
    printed: vllm('entrypoints/launchers/api_server/entry.py', '0.7.3'),
    files: SERVERS,
    literal: 'Starting vLLM ',
    pattern: /^Starting vLLM (?:API )?server (?:\d{1,6} )?on \S{1,400}$/,
    example:
      '(APIServer pid=1425) INFO 11-22 02:22:27 [entry.py:140] Starting vLLM server on http://127.0.0.1:8000',
    marks: AFTER,
  },
  {
    id: 'vllm.routes',
    printed: vllm('entrypoints/launchers/launcher.py', '0.5.2'),
    files: ['launcher.py', 'api_server.py'],
    literal: 'Available routes are:',
    pattern: /^Available routes are:$/,
    example: '(APIServer pid=1425) INFO 11-22 02:22:27 [launcher.py:186] Available routes are:',
    marks: AFTER,
  },
  {
    id: 'vllm.route',
    printed: vllm('entrypoints/launchers/launcher.py', '0.5.2'),
    files: ['launcher.py', 'api_server.py'],
    literal: 'Route: /',
    pattern: /^Route: \/\S{0,200}, (?:Methods|Endpoint): /,
    example: '(APIServer pid=1425) INFO 11-22 02:22:27 [launcher.py:195] Route: /health, Methods: GET',
    marks: AFTER,
  },
  {
    // The API server has heard READY from the core. DEBUG since 0.11.1 except for the aggregated logger.
    id: 'vllm.cache_config',
    printed: vllm('v1/metrics/loggers.py', '0.9.0'),
    files: ['loggers.py'],
    literal: 'vllm cache_config_info ',
    pattern: /^vllm cache_config_info with initialization after num_gpu_blocks is: \d{1,12}$/,
    example:
      'INFO 06-02 14:47:10 [loggers.py:134] vllm cache_config_info with initialization after num_gpu_blocks is: 22000',
    marks: AFTER,
  },
  {
    id: 'vllm.cache_config_of_engine',
    printed: vllm('v1/metrics/loggers.py', '0.9.1'),
    files: ['loggers.py'],
    literal: 'Engine ',
    needle: ': vllm ',
    pattern:
      /^Engine \d{1,6}: vllm cache_config_info with initialization after num_gpu_blocks is(?:: \d{1,12})?$/,
    example:
      '(APIServer pid=7) INFO 09-19 13:41:10 [loggers.py:142] Engine 000: vllm cache_config_info with initialization after num_gpu_blocks is: 22000',
    marks: AFTER,
  },
  {
    id: 'vllm.core_ready',
    printed: vllm('v1/engine/core_client.py', '0.8.4', '0.8.5'),
    files: ['core_client.py'],
    literal: 'Core engine process ',
    pattern: /^Core engine process \d{1,6} ready\.$/,
    example: 'INFO 04-30 05:58:53 [core_client.py:424] Core engine process 0 ready.',
    marks: AFTER,
  },
  {
    id: 'vllm.chat_template_began',
    printed: vllm('entrypoints/openai/serving_chat.py', '0.14'),
    files: ['serving_chat.py', 'serving.py', 'base.py'],
    literal: 'Warming up chat template processing...',
    pattern: /^Warming up chat template processing\.\.\.$/,
    example: '(APIServer pid=7) INFO 02-03 09:14:10 [serving.py:228] Warming up chat template processing...',
    marks: AFTER,
  },
  {
    id: 'vllm.chat_template_ended',
    printed: vllm('entrypoints/openai/serving_chat.py', '0.14'),
    files: ['serving_chat.py', 'serving.py', 'base.py'],
    literal: 'Chat template warmup completed in ',
    pattern: /^Chat template warmup completed in (?<took>\d{1,9}(?:\.\d{1,6})?)ms$/,
    example:
      '(APIServer pid=7) INFO 02-03 09:14:11 [serving.py:253] Chat template warmup completed in 286.9ms',
    marks: [
      ...AFTER,
      { kind: 'fact', name: 'chat_template_warmup_ms', group: 'took', as: 'number', phase: 'server_ready' },
    ],
  },
  {
    // No uvicorn in this mode.
    id: 'vllm.rust_ready',
    printed: vllm('rust/server/src', '0.22'),
    files: ['lib.rs', 'server.rs', 'main.rs', 'serve.rs', 'app.rs'],
    literal: 'OpenAI server is ready to accept requests',
    pattern: /^OpenAI server is ready to accept requests(?: |$)/,
    example:
      '(RustFrontend pid=7) INFO 11-20 10:01:01 [server/src/lib.rs:420] OpenAI server is ready to accept requests bind_address=0.0.0.0:8000 scheme=http model=tiny',
    marks: [{ kind: 'after_engine' }, { kind: 'ready' }],
  },
  {
    id: 'vllm.rust_engines',
    printed: vllm('rust/server/src', '0.22'),
    files: ['lib.rs', 'server.rs', 'main.rs', 'serve.rs', 'app.rs'],
    literal: 'engines connected ',
    pattern: /^engines connected engine_count=\d{1,6}/,
    example:
      '(RustFrontend pid=7) INFO 11-20 10:01:00 [server/src/lib.rs:330] engines connected engine_count=1',
    marks: AFTER,
  },
  {
    id: 'vllm.grpc_started',
    printed: vllm('entrypoints/launchers/grpc_server.py', '0.14'),
    files: ['grpc_server.py'],
    literal: 'vLLM gRPC server started on ',
    pattern: /^vLLM gRPC server started on \S{1,400}$/,
    example: 'INFO 11-20 10:01:01 [grpc_server.py:400] vLLM gRPC server started on 0.0.0.0:50051',
    marks: AFTER,
  },
  {
    id: 'vllm.grpc_ready',
    printed: vllm('entrypoints/launchers/grpc_server.py', '0.14'),
    files: ['grpc_server.py'],
    literal: 'Server is ready to accept requests',
    pattern: /^Server is ready to accept requests$/,
    example: 'INFO 11-20 10:01:01 [grpc_server.py:401] Server is ready to accept requests',
    marks: [{ kind: 'after_engine' }, { kind: 'ready' }],
  },
  {
    // One minor version had a timed readiness.
    id: 'vllm.http_started',
    printed: vllm('entrypoints/openai/api_server.py', '0.27', '0.27'),
    files: SERVERS,
    literal: 'API server: HTTP server started',
    pattern: /^API server: HTTP server started$/,
    example: '(APIServer pid=7) INFO 11-20 10:01:01 [launcher.py:200] API server: HTTP server started',
    marks: [{ kind: 'after_engine' }, { kind: 'ready' }],
  },
  {
    // A warm start: the whole of it.
    id: 'vllm.woke',
    printed: vllm('v1/executor/abstract.py', '0.7.3'),
    files: ['abstract.py', 'executor_base.py', 'gpu_worker.py'],
    literal: 'It took ',
    pattern: /^It took (?<took>\d{1,9}(?:\.\d{1,9})?) seconds to wake up(?: tags .{1,200})?\.$/,
    example:
      "(EngineCore pid=7) INFO 11-20 12:00:03 [abstract.py:320] It took 2.113400 seconds to wake up tags {'weights', 'kv_cache'}.",
    marks: [{ kind: 'fact', name: 'wake_seconds', group: 'took', as: 'number' }],
  },
];
