// vLLM rules: a process begins (version, banner, arguments).

import type { Rule } from './contract.ts';
import { tellArguments } from './vllm-facts.ts';
import { vllm } from './vllm-printed.ts';

/** The server's argument printing moved from api_server.py to cli_args.py (0.9), utils.py (0.10), api_utils.py (0.23). */
const ARGUMENTS = [
  'api_server.py',
  'cli_args.py',
  'utils.py',
  'api_utils.py',
  'launcher.py',
  'entry.py',
  'llm.py',
  'run_batch.py',
];

export const processRules: readonly Rule[] = [
  {
    id: 'vllm.api_server_version',
    printed: vllm('entrypoints/openai/api_server.py', '0.4.0', '0.14'),
    files: ['api_server.py', 'launcher.py', 'utils.py'],
    literal: 'vLLM API server version ',
    pattern: /^vLLM API server version (?<version>\S{1,80})$/,
    example: 'INFO 05-12 02:45:15 [api_server.py:1043] vLLM API server version 0.8.5.post1',
    marks: [
      { kind: 'process_began' },
      { kind: 'began', phase: 'model_config' },
      { kind: 'fact', name: 'vllm_version', group: 'version' },
    ],
  },
  {
    // In place of the banner: VLLM_DISABLE_LOG_LOGO=1 or a custom formatter, JSON logging among them.
    id: 'vllm.server_version',
    printed: vllm('entrypoints/launchers/launcher.py', '0.15'),
    files: ['utils.py', 'api_utils.py', 'launcher.py', 'api_server.py', 'entry.py'],
    literal: 'vLLM server version ',
    pattern: /^vLLM server version (?<version>\S{1,80}), serving model (?<model>.{1,4000})$/,
    example:
      '(APIServer pid=7) INFO 11-22 01:34:00 [api_utils.py:347] vLLM server version 0.32.0, serving model /srv/models/tiny',
    marks: [
      { kind: 'process_began' },
      { kind: 'began', phase: 'model_config' },
      { kind: 'fact', name: 'vllm_version', group: 'version' },
      { kind: 'fact', name: 'model_name', group: 'model' },
    ],
  },
  {
    // The logo is one message of six lines: its first and last are empty, version and model stand in the third and fourth.
    id: 'vllm.banner_version',
    printed: vllm('entrypoints/serve/utils/api_utils.py', '0.15'),
    files: ['utils.py', 'api_utils.py', 'launcher.py', 'api_server.py'],
    literal: ' ▄▄ ▄█ █ ',
    pattern: /^ ▄▄ ▄█ █ {5}█ {5}█ ▀▄▀ █ {2}version (?<version>\S{1,80})$/,
    example:
      '(APIServer pid=1425) INFO 11-22 02:21:19 [api_utils.py:347]  ▄▄ ▄█ █     █     █ ▀▄▀ █  version 0.32.0',
    marks: [
      { kind: 'process_began' },
      { kind: 'began', phase: 'model_config' },
      { kind: 'fact', name: 'vllm_version', group: 'version' },
    ],
  },
  {
    id: 'vllm.banner_model',
    printed: vllm('entrypoints/serve/utils/api_utils.py', '0.15'),
    files: ['utils.py', 'api_utils.py', 'launcher.py', 'api_server.py'],
    literal: '  █▄█▀ █ ',
    pattern: /^ {2}█▄█▀ █ {5}█ {5}█ {5}█ {2}model {3}(?<model>.{1,4000})$/,
    example:
      '(APIServer pid=1425) INFO 11-22 02:21:19 [api_utils.py:347]   █▄█▀ █     █     █     █  model   /srv/models/tiny',
    marks: [{ kind: 'fact', name: 'model_name', group: 'model' }],
  },
  {
    id: 'vllm.namespace',
    printed: vllm('entrypoints/openai/api_server.py', '0.3.0', '0.8.5'),
    files: ['api_server.py'],
    literal: 'args: Namespace(',
    pattern: /^args: Namespace\(/,
    example:
      "INFO 05-04 14:43:16 api_server.py:152] args: Namespace(host=None, port=8000, model='/srv/models/tiny', enforce_eager=False)",
    marks: [{ kind: 'process_began' }, { kind: 'began', phase: 'model_config' }],
    tell: tellArguments,
  },
  {
    id: 'vllm.non_default_args',
    printed: vllm('entrypoints/serve/utils/api_utils.py', '0.9.0'),
    files: ARGUMENTS,
    literal: 'non-default args: {',
    pattern: /^non-default args: \{/,
    example:
      "(APIServer pid=1425) INFO 11-22 02:21:19 [api_utils.py:286] non-default args: {'model_tag': '/srv/models/tiny', 'host': '127.0.0.1', 'model': '/srv/models/tiny'}",
    marks: [{ kind: 'process_began' }, { kind: 'began', phase: 'model_config' }],
    tell: tellArguments,
  },
  {
    // Printed by each process when it has imported vLLM: the front end, then engine core and workers.
    id: 'vllm.platform',
    printed: vllm('platforms/__init__.py', '0.7.0', '0.11.0'),
    files: ['__init__.py'],
    loggers: ['platforms'],
    literal: 'Automatically detected platform ',
    pattern: /^Automatically detected platform (?<platform>[\w-]{1,40})\.$/,
    example: 'INFO 05-12 02:45:12 [__init__.py:239] Automatically detected platform cuda.',
    marks: [{ kind: 'fact', name: 'platform', group: 'platform' }],
  },
  {
    id: 'vllm.headless',
    printed: vllm('entrypoints/cli/serve.py', '0.9.0'),
    files: ['serve.py'],
    literal: 'Launching ',
    pattern:
      /^Launching (?<engines>\d{1,4}) data parallel engine\(s\) in headless mode, with head node address (?:tcp:\/\/(?<head>[\w.-]{1,253}):\d{1,5}\.|\S{1,200})$/,
    example:
      'INFO 11-22 01:00:00 [serve.py:130] Launching 2 data parallel engine(s) in headless mode, with head node address tcp://10.0.0.2:13345.',
    marks: [
      { kind: 'process_began' },
      { kind: 'fact', name: 'headless', value: true },
      { kind: 'fact', name: 'vllm.head', group: 'head' },
    ],
  },
  {
    id: 'vllm.headless_executor',
    printed: vllm('entrypoints/cli/serve.py', '0.11.1'),
    files: ['serve.py'],
    literal: 'Launching vLLM (v',
    pattern:
      /^Launching vLLM \(v(?<version>[^\s)]{1,80})\) headless multiproc executor, with head node address (?:(?<head>[\w.-]{1,253}):\d{1,5}|\S{1,200}) /,
    example:
      'INFO 11-22 01:00:00 [serve.py:180] Launching vLLM (v0.19.1) headless multiproc executor, with head node address 10.0.0.2:29501 for torch.distributed process group.',
    marks: [
      { kind: 'process_began' },
      { kind: 'fact', name: 'vllm_version', group: 'version' },
      { kind: 'fact', name: 'headless', value: true },
      { kind: 'fact', name: 'vllm.head', group: 'head' },
    ],
  },
  {
    // The first line of a data parallel front end, before its banner.
    id: 'vllm.api_server_count',
    printed: vllm('entrypoints/cli/serve.py', '0.19'),
    files: ['serve.py'],
    literal: 'Defaulting api_server_count to data_parallel_size (',
    pattern: /^Defaulting api_server_count to data_parallel_size \(\d{1,6}\)\.$/,
    example:
      '(MainProcess pid=1425) INFO 11-22 02:21:19 [serve.py:100] Defaulting api_server_count to data_parallel_size (2).',
    marks: [{ kind: 'process_began' }],
  },
  {
    id: 'vllm.dp_supervisor',
    printed: vllm('entrypoints/launchers/dp_supervisor.py', '0.22'),
    files: ['dp_supervisor.py'],
    literal: 'Launching vLLM DP Servers',
    pattern: /^Launching vLLM DP Servers$/,
    example: '(DPSupervisor pid=7) INFO 11-22 01:00:00 [dp_supervisor.py:210] Launching vLLM DP Servers',
    marks: [{ kind: 'process_began' }],
  },
  {
    id: 'vllm.rust_frontend',
    printed: vllm('v1/utils.py', '0.22'),
    files: ['utils.py'],
    literal: 'Launching Rust frontend: ',
    pattern: /^Launching Rust frontend: /,
    example:
      '(APIServer pid=7) INFO 11-20 10:00:01 [utils.py:300] Launching Rust frontend: vllm-rs serve --port 8000',
    marks: [{ kind: 'fact', name: 'frontend', value: 'rust' }],
  },
  {
    // NVIDIA NIM 1.0 wraps vLLM 0.4.1: the engine's own lines follow.
    id: 'vllm.nim_version',
    printed: { program: 'nim', file: 'vllm_nvext/entrypoints/openai/api_server.py', from: '1.0.0' },
    files: ['api_server.py'],
    literal: 'NIM LLM API version ',
    pattern: /^NIM LLM API version (?<version>\S{1,40})$/,
    example: 'INFO 07-23 22:27:20.123 api_server.py:489] NIM LLM API version 1.0.0',
    marks: [
      { kind: 'process_began' },
      { kind: 'began', phase: 'model_config' },
      { kind: 'fact', name: 'nim_version', group: 'version' },
    ],
  },
];
