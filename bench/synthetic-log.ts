// A big log as a busy pod has it: 2 % start-up lines, 98 % access lines and engine statistics.

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';

/** Start-up lines of vLLM 0.32; every start of the log goes through them in this order. */
const START_UP = [
  "(APIServer pid=1) INFO 11-22 02:05:47 [api_utils.py:286] non-default args: {'model': '/srv/models/tiny', 'port': 8000}",
  '(APIServer pid=1) INFO 11-22 02:05:58 [model.py:611] Resolved architecture: LlamaForCausalLM',
  '(APIServer pid=1) INFO 11-22 02:05:58 [model.py:1734] Using max model len 2048',
  "(EngineCore pid=40) INFO 11-22 02:06:02 [core.py:133] Initializing a V1 LLM engine (v0.32.0) with config: model='/srv/models/tiny', speculative_config=None",
  '(Worker pid=53) INFO 11-22 02:06:05 [parallel_state.py:1402] world_size=1 rank=0 local_rank=0 distributed_init_method=tcp://127.0.0.1:57119 backend=nccl',
  '(Worker pid=53) INFO 11-22 02:06:05 [parallel_state.py:2350] rank 0 in world size 1 is assigned as DP rank 0, PP rank 0, PCP rank 0, TP rank 0, ETP rank 0, EP rank N/A, EPLB rank N/A',
  '(Worker pid=53) INFO 11-22 02:06:05 [gpu_model_runner.py:4777] Starting to load model /srv/models/tiny...',
  '(Worker pid=53) INFO 11-22 02:06:06 [default_loader.py:397] Loading weights took 0.52 seconds',
  '(Worker pid=53) INFO 11-22 02:06:06 [gpu_model_runner.py:4900] Model loading took 2.09 GiB memory and 0.914000 seconds',
  '(Worker pid=53) INFO 11-22 02:06:20 [backends.py:1166] [backbone] Dynamo bytecode transform time: 7.05 s',
  '(Worker pid=53) INFO 11-22 02:06:31 [monitor.py:40] [backbone] torch.compile took 21.30 s in total',
  '(Worker pid=53) INFO 11-22 02:06:32 [gpu_worker.py:480] Available KV cache memory: 11.54 GiB',
  '(EngineCore pid=40) INFO 11-22 02:06:32 [kv_cache_utils.py:1744] GPU KV cache size: 504,192 tokens, Maximum concurrency for 2,048 tokens per request: 246.19x',
  '(Worker pid=53) INFO 11-22 02:06:40 [gpu_model_runner.py:7049] Graph capturing finished in 7 secs, took 0.54 GiB',
  '(EngineCore pid=40) INFO 11-22 02:06:41 [core.py:402] init engine (profile, create kv cache, warmup model) took 34.05 s (compilation: 21.30 s)',
  '(APIServer pid=1) INFO 11-22 02:06:41 [entry.py:140] Starting vLLM server on http://0.0.0.0:8000',
];
const READY = 'INFO:     Application startup complete.';

const TRAFFIC = [
  'INFO:     10.88.0.1:43210 - "GET /health HTTP/1.1" 200 OK',
  'INFO:     10.88.0.17:51022 - "POST /v1/chat/completions HTTP/1.1" 200 OK',
  'INFO:     10.88.0.17:51023 - "GET /metrics HTTP/1.1" 200 OK',
  '(APIServer pid=1) INFO 11-22 02:07:11 [loggers.py:259] Engine 000: Avg prompt throughput: 1204.2 tokens/s, Avg generation throughput: 310.9 tokens/s, Running: 12 reqs, Waiting: 0 reqs, GPU KV cache usage: 31.4%, Prefix cache hit rate: 55.1%',
];

/** The 32 literals that a search for the same lines would look for. */
export const LITERALS = [
  'non-default args: ',
  'Resolved architecture: ',
  'Using max model len ',
  'Initializing a V1 LLM engine',
  'world_size=',
  'is assigned as DP rank',
  'Starting to load model ',
  'Loading weights took ',
  'Model loading took ',
  'Dynamo bytecode transform time: ',
  'torch.compile took ',
  'Available KV cache memory: ',
  'GPU KV cache size: ',
  'Graph capturing finished in ',
  'init engine (profile',
  'Starting vLLM server on ',
  'Application startup complete.',
  'vLLM API server version ',
  'Loading model from scratch',
  'Time spent downloading weights',
  'Using cache directory: ',
  'Compiling a graph for ',
  'Directly load ',
  'Memory profiling takes ',
  'Maximum concurrency for ',
  '# GPU blocks: ',
  'Capturing cudagraphs for decoding',
  'EngineCore failed to start.',
  'No available memory for the cache blocks',
  'CUDA out of memory',
  'Initial profiling/warmup run took ',
  'Supported tasks: ',
] as const;

const START = Date.UTC(2026, 10, 22, 2, 5, 16);

/** One line in containerd's envelope, `index` × 0.37 ms after the start, with the same time in vLLM's own header. */
function framed(index: number, text: string, stream: string): string {
  const micros = index * 370;
  const seconds = new Date(START + Math.floor(micros / 1_000_000) * 1000).toISOString().slice(0, 19);
  const clock = `${seconds.slice(5, 10)} ${seconds.slice(11)}`;
  const said = text.replace(/\d\d-\d\d \d\d:\d\d:\d\d/, clock);
  return `${seconds}.${String(micros % 1_000_000).padStart(6, '0')}123Z ${stream} F ${said}\n`;
}

/**
 * Every 50th line is a start-up line, in the order of a start. `served`: one
 * start, then what reloads and wake-ups print again; `crash loop`: each round
 * begins with the arguments line, so it is a start of its own; a number: so many
 * starts, then only traffic.
 */
export type Mix = 'served' | 'crash loop' | number;

function lineAt(index: number, mix: Mix): string {
  const steps = START_UP.length + 1;
  const round = Math.floor(index / 50 / steps);
  const isStartUp = index % 50 === 0 && (typeof mix === 'string' || round < mix);
  if (!isStartUp) return framed(index, TRAFFIC[index % TRAFFIC.length] ?? '', 'stdout');
  const step = (index / 50) % steps;
  const text = START_UP[step === 0 && mix === 'served' && round > 0 ? 1 : step];
  return text === undefined ? framed(index, READY, 'stderr') : framed(index, text, 'stdout');
}

/** Writes at least `bytes` bytes; returns the number of lines. */
export async function writeLog(path: string, bytes: number, mix: Mix = 'served'): Promise<number> {
  const out = createWriteStream(path, { highWaterMark: 1 << 20 });
  let written = 0;
  let index = 0;
  while (written < bytes) {
    const block = Array.from({ length: 5000 }, (_, offset) => lineAt(index + offset, mix)).join('');
    index += 5000;
    written += block.length;
    if (!out.write(block)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  return index;
}
