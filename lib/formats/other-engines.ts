// Engines that are not vLLM: recognised by a line that only they print, and named as not analysed.
//
// NIM, Triton and Dynamo may hold vLLM inside; so only what excludes it counts
// (a TensorRT-LLM profile, TurboMind's own tag), never the wrapper's banner.

import type { LogFormat, Rule } from './contract.ts';

type Row = readonly [
  name: string,
  engine: string,
  /** Version of the engine in which the line was read. */
  from: string,
  literal: string,
  rest: string,
  example: string,
];

const DAY = '\\d\\d-\\d\\d-\\d\\d';
const TIME = '\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?';

/** SGLang: `[2025-05-20 10:00:01 TP0] `; the year's first digits are the literal. */
const SGLANG_HEAD = `${DAY} ${TIME}(?: (?:DP|TP|PP|EP|ATTN_)[A-Z\\d_ ]{1,30})?\\] `;
const SGLANG_TEXT =
  '(?:server_args=ServerArgs\\(|Load weight begin\\. avail mem=|The server is fired up and ready to roll!|Init torch distributed begin\\.)';

/** Rust's tracing: `2024-05-01T10:00:00.123456Z  INFO text_generation_launcher: Args {`. */
const RUST_HEAD = `${DAY}T${TIME}Z {1,2}(?:INFO|WARN|ERROR) `;

const ROWS: readonly Row[] = [
  [
    'sglang',
    'SGLang',
    '0.3',
    '[20',
    `${SGLANG_HEAD}${SGLANG_TEXT}`,
    "[2025-05-20 10:00:01] server_args=ServerArgs(model_path='m', port=30000)",
  ],
  [
    'sglang_args',
    'SGLang',
    '0.2',
    'server_args=ServerArgs(',
    '',
    "server_args=ServerArgs(model_path='meta-llama/Llama-3.1-8B', port=30000)",
  ],
  [
    'tgi',
    'Text Generation Inference',
    '1.0',
    '20',
    `${RUST_HEAD}text_generation_(?:launcher|router)\\b`,
    '2024-05-01T10:00:00.123456Z  INFO text_generation_launcher: Args {',
  ],
  // The same behind an envelope that took its instant.
  [
    'tgi_bare',
    'Text Generation Inference',
    '1.0',
    'INFO text_generation_',
    '(?:launcher|router)\\b',
    'INFO text_generation_launcher: Args {',
  ],
  [
    'tgi_blank',
    'Text Generation Inference',
    '1.0',
    ' INFO text_generation_',
    '(?:launcher|router)\\b',
    ' INFO text_generation_launcher: Args {',
  ],
  [
    'tgi_json',
    'Text Generation Inference',
    '1.0',
    '{"timestamp":"',
    '[^"]{1,40}","level":"[A-Z]{1,8}",(?:.*,)?"target":"text_generation_(?:launcher|router)',
    '{"timestamp":"2024-05-01T10:00:00.123456Z","level":"INFO","fields":{"message":"Args {"},"target":"text_generation_launcher"}',
  ],
  [
    'tei',
    'Text Embeddings Inference',
    '1.0',
    '20',
    `${RUST_HEAD}text_embeddings_router\\b`,
    '2024-05-01T10:00:00.123456Z  INFO text_embeddings_router: router/src/main.rs:175: Args { model_id: "BAA*/***-*-v1.5" }',
  ],
  // Its version line is no proof: NIM 1.0 prints `[TensorRT-LLM] TensorRT-LLM version: …` and then starts vLLM.
  [
    'tensorrt_llm',
    'TensorRT-LLM',
    '0.8',
    '[TensorRT-LLM][INFO] ',
    '(?:Loaded engine size: \\d|Engine version \\S{1,40} found in the config file)',
    '[TensorRT-LLM][INFO] Loaded engine size: 15317 MiB',
  ],
  [
    'tensorrt_llm_torch',
    'TensorRT-LLM',
    '1.0',
    '[',
    `\\d\\d\\/\\d\\d\\/\\d{4}-${TIME}\\] \\[TRT-LLM\\] \\[I\\] Using LLM with (?:PyTorch|TensorRT|AutoDeploy) backend`,
    '[05/20/2025-10:00:01] [TRT-LLM] [I] Using LLM with PyTorch backend',
  ],
  // NIM chooses an engine per profile; with vLLM in it, vLLM's own lines follow.
  [
    'nim_tensorrt_llm',
    'TensorRT-LLM in NIM',
    '1.0',
    'Selected profile: ',
    '[0-9a-f]{16,128} \\((?:tensorrt_llm|trtllm)\\b',
    'Selected profile: 751382df4272eafc83f541f364d61b35aed9cce8c7b0c869269cea5a366cd08c (tensorrt_llm-a100-fp16-tp1-throughput)',
  ],
  [
    'nim_sglang',
    'SGLang in NIM',
    '1.8',
    'Selected profile: ',
    '[0-9a-f]{16,128} \\(sglang\\b',
    'Selected profile: 0d4c3f2b1a0998877665544332211000ffeeddccbbaa99887766554433221100 (sglang-bf16-tp8)',
  ],
  [
    'llama_cpp',
    'llama.cpp',
    'b1500',
    'llama_model_loader: loaded meta data with ',
    '\\d{1,9} key-value pairs',
    'llama_model_loader: loaded meta data with 39 key-value pairs and 272 tensors from /models/llama.gguf (version GGUF V3 (latest))',
  ],
  [
    'llama_server',
    'llama.cpp',
    'b3500',
    'main: server is listening on ',
    '\\S',
    'main: server is listening on http://0.0.0.0:8080 - starting the main loop',
  ],
  [
    'ollama',
    'Ollama',
    '0.1.30',
    'time=',
    '\\S{10,40} level=[A-Z]{4,5} source=[\\w.]{1,40}:\\d{1,5} msg="Listening on [^"]{1,200}\\(version [^"]{1,60}\\)"',
    'time=2024-07-21T15:40:57.047-07:00 level=INFO source=routes.go:1143 msg="Listening on 127.0.0.1:11434 (version 0.2.7)"',
  ],
  [
    'ollama_config',
    'Ollama',
    '0.1.30',
    '20',
    `\\d\\d\\/\\d\\d\\/\\d\\d ${TIME} routes\\.go:\\d{1,5}: INFO server config env="map\\[`,
    '2024/07/21 15:40:57 routes.go:1096: INFO server config env="map[CUDA_VISIBLE_DEVICES: OLLAMA_DEBUG:false]"',
  ],
  [
    'lmdeploy',
    'LMDeploy',
    '0.1',
    'HINT:',
    ' {1,8}Please open {1,4}\\S{1,200} {1,4}in a browser for detailed api usage',
    'HINT:    Please open http://0.0.0.0:23333 in a browser for detailed api usage!!!',
  ],
  [
    'turbomind',
    'LMDeploy',
    '0.1',
    '[TM][',
    '(?:INFO|WARNING|ERROR|FATAL)\\]',
    '[TM][WARNING] [LlamaTritonModel] `max_context_token_num` is not set, default to 32768.',
  ],
  [
    'max',
    'MAX',
    '25',
    '🚀 Server ready on http',
    's?:\\/\\/\\S',
    '🚀 Server ready on http://0.0.0.0:8000 (Press CTRL+C to quit)',
  ],
];

function ruleOf([name, engine, from, literal, rest, example]: Row): Rule {
  return {
    id: `engine.${name}`,
    printed: { program: engine, file: 'standard output', from },
    files: [],
    literal,
    pattern: new RegExp(`^${literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}${rest}`),
    example,
    marks: [{ kind: 'fact', name: 'other_engine', value: engine }],
  };
}

/** NIM's own header: `INFO 07-23 22:28:28.478 ngc_injector.py:152] Selected profile: …`. */
function nimLogged(rule: Rule): Rule {
  return {
    ...rule,
    id: `${rule.id}_logged`,
    files: ['ngc_injector.py', 'ngc_profile.py', 'profiles.py'],
    example: `INFO 07-23 22:28:28.478 ngc_injector.py:152] ${rule.example}`,
  };
}

const bareRules: readonly Rule[] = ROWS.map(ruleOf);

export const otherEngines: LogFormat = {
  name: 'other-engines',
  says: 'Start lines of engines that are recognised and named, but not analysed.',
  rules: [...bareRules, ...bareRules.filter(({ id }) => id.startsWith('engine.nim_')).map(nimLogged)],
};
