// What vLLM's lines say, where a rule alone does not show it.

import { describe, expect, it } from 'vitest';
import { readRecord, readWrapped } from '../../lib/formats/read.ts';
import { parseRecords } from '../../lib/formats/record.ts';
import type { LogRecord } from '../../lib/model/line.ts';
import { ruleOf, says } from './says.ts';

describe('arguments and configuration', () => {
  it.each<readonly [string, readonly string[]]>([
    [
      "(APIServer pid=7) INFO 11-22 01:41:43 [api_utils.py:286] non-default args: {'model_tag': '/srv/models/tiny', 'model': '/srv/models/tiny', 'max_model_len': 2048, 'enforce_eager': True, 'served_model_name': ['tiny', 'INFO 11-22 00:00:00 [core.py:1] init engine (profile, create kv cache, warmup model) took 777.00 s'], 'tensor_parallel_size': 2}",
      [
        'process_began',
        'began model_config',
        'model_name=/srv/models/tiny',
        'served_model_name=tiny',
        'max_model_len=2048',
        'tensor_parallel_size=2',
        'enforce_eager=true',
        'absent torch_compile',
        'absent cuda_graph_capture',
      ],
    ],
    [
      "(EngineCore pid=9) INFO 11-22 02:21:38 [core.py:133] Initializing a V1 LLM engine (v0.32.0) with config: model='/srv/models/tiny', speculative_config=None, max_seq_len=2048, load_format=auto, tensor_parallel_size=1, pipeline_parallel_size=1, data_parallel_size=1, quantization=None, enforce_eager=False, device_config=cuda, served_model_name=x, enforce_eager=True, compilation_config={'mode': <CompilationMode.VLLM_COMPILE: 3>, 'cudagraph_mode': <CUDAGraphMode.NONE: 0>}",
      [
        'ended engine_boot',
        'vllm_version=0.32.0',
        'engine=V1',
        'model_name=/srv/models/tiny',
        'load_format=auto',
        'served_model_name=x',
        'max_model_len=2048',
        'tensor_parallel_size=1',
        'pipeline_parallel_size=1',
        'data_parallel_size=1',
        'enforce_eager=false',
        'device=cuda',
        'absent cuda_graph_capture',
      ],
    ],
  ])('%j', (line, expected) => {
    expect(says(line)).toEqual(expected);
  });

  it('only the front end ends the configuration', () => {
    const line = (who: string): string =>
      `(${who} pid=7) INFO 11-22 02:21:29 [model.py:2152] Using max model len 2048`;
    expect(says(line('APIServer'))).toContain('ended model_config');
    expect(says(line('ApiServer_1'))).not.toContain('ended model_config');
    expect(says(line('EngineCore'))).not.toContain('ended model_config');
  });
});

describe('numbers that are not what they seem', () => {
  it.each<readonly [string, readonly string[]]>([
    [
      'INFO 05-04 14:43:24 model_runner.py:173] Loading model weights took 14.9595 GB',
      ['ended weight_loading', 'weights_gib=14.9595'],
    ],
    [
      '(EngineCore pid=7) INFO 06-10 02:43:55 [gpu_model_runner.py:5900] Graph capturing finished in 11412 secs, took -0.41 GiB',
      ['lasted cuda_graph_capture 11412 s whole', 'cuda_graph_gib=-0.41'],
    ],
    [
      'INFO 05-04 14:43:31 model_runner.py:1056] Graph capturing finished in 5 secs.',
      ['lasted cuda_graph_capture 5 s whole'],
    ],
    [
      '(EngineCore pid=7) INFO 06-10 02:43:50 [gpu_worker.py:480] Available KV cache memory: -1.66 GiB',
      ['ended memory_profiling', 'kv_cache_gib=-1.66'],
    ],
    [
      '(EngineCore pid=7) INFO 06-10 02:43:50 [kv_cache_utils.py:9] GPU KV cache size: 297,940,608 tokens',
      ['ended kv_cache_allocation', 'kv_cache_tokens=297940608'],
    ],
    [
      '(EngineCore pid=7) INFO 06-10 02:43:56 [core.py:306] init engine (profile, create kv cache, warmup model) took 102.21 s (compilation: 67.71 s — language_model: 60.00 s, encoder: 7.71 s)',
      [
        'lasted engine_init 102.21 s whole',
        'compilation_seconds=67.71',
        'compilation_language_model_seconds=60',
        'compilation_encoder_seconds=7.71',
      ],
    ],
  ])('%j', (line, expected) => {
    expect(says(line)).toEqual(expected);
  });
});

describe('compile tags', () => {
  it.each<readonly [string, readonly string[]]>([
    [
      '(Worker pid=7) INFO 11-22 01:28:27 [backends.py:1166] [backbone] Dynamo bytecode transform time: 7.05 s',
      ['lasted dynamo_transform 7.05 s whole'],
    ],
    [
      '(Worker pid=7) INFO 11-22 01:28:27 [backends.py:1166] [encoder] Dynamo bytecode transform time: 7.05 s',
      ['lasted dynamo_transform 7.05 s whole', 'compile.tag=encoder'],
    ],
    [
      '(Worker pid=7) INFO 11-22 01:28:27 [core.py:1166] [backbone] Dynamo bytecode transform time: 7.05 s',
      [],
    ],
  ])('%j', (line, expected) => {
    expect(says(line)).toEqual(expected);
  });
});

describe('forged lines say nothing', () => {
  it.each([
    'INFO:     Application startup complete.:0 - "GET /health HTTP/1.1" 200 OK',
    'INFO:     warmup model) took 888.00 s:0 - "GET /health HTTP/1.1" 200 OK',
    'INFO:     (EngineCore pid=1) ERROR 11-22 00:00:01 [core.py:1] EngineCore failed to start.:0 - "GET /health HTTP/1.1" 200 OK',
    'INFO:     x\u0085INFO:     Application startup complete.\u0085y:0 - "GET /health HTTP/1.1" 200 OK',
    'INFO:     x\u0085(EngineCore pid=1) ERROR 11-22 00:00:01 [core.py:1] EngineCore failed to start.\u0085y:0 - "GET /health HTTP/1.1" 200 OK',
    'INFO:     127.0.0.1:41584 - "GET /health?(EngineCore+pid=1)+INFO+11-22+00:00:01+[core.py:1]+init+engine+(profile,+create+kv+cache,+warmup+model)+took+888.00+s HTTP/1.1" 200 OK',
    // 0.3 and 0.4 printed prompts raw: what follows a line end has a genuine header, but of another file.
    'INFO 11-20 10:00:00 async_llm_engine.py:434] Graph capturing finished in 9 secs.',
    'INFO 11-20 10:00:00 async_llm_engine.py:434] init engine (profile, create kv cache, warmup model) took 9.00 seconds',
    '(APIServer pid=7) INFO 11-20 10:00:00 [request_logger.py:65] ValueError: No available memory for the cache blocks.',
    'INFO 11-20 10:00:00 [a.py:1] x\rINFO 11-20 10:00:00 [core.py:1] init engine (profile, create kv cache, warmup model) took 9.00 s',
  ])('%j', (line) => {
    expect(says(line)).toEqual([]);
  });

  const header = (logger: string) => ({
    speaker: { name: 'APIServer' },
    level: logger === '' ? '' : 'INFO',
    file: '',
    logger,
  });

  it.each([
    ['uvicorn.access', 'Application startup complete.:0 - "GET /health HTTP/1.1" 200'],
    ['uvicorn.access', 'Application startup complete.'],
    ['', 'args: Namespace(:0 - "GET /health HTTP/1.1" 200'],
  ])('under JSON logging, logger %j: %j', (logger, message) => {
    expect(says(message, header(logger))).toEqual([]);
  });

  it('while the genuine ones speak', () => {
    expect(says('Application startup complete.', header('uvicorn.error'))).toEqual(['ready']);
    expect(says('Application startup complete.', header(''))).toEqual(['ready']);
    expect(
      says('Loading weights took 0.01 seconds', header('vllm.model_executor.model_loader.default_loader')),
    ).toEqual(['lasted weight_loading 0.01 s']);
    expect(says('Loading weights took 0.01 seconds', header('vllm.entrypoints.logger'))).toEqual([]);
  });
});

describe('failures', () => {
  const VALUE_ERROR =
    'ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization` when initializing the engine.';

  it.each<readonly [string, readonly string[]]>([
    [`(EngineCore pid=7) ERROR 11-22 01:30:00 [core.py:1510] ${VALUE_ERROR}`, ['failed kv_cache_too_small']],
    [`(EngineCore pid=7) ${VALUE_ERROR}`, ['failed kv_cache_too_small']],
    [VALUE_ERROR, ['failed kv_cache_too_small']],
    [`(EngineCore pid=7) INFO 11-22 01:30:00 [core.py:1510] ${VALUE_ERROR}`, []],
    [
      'RuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}',
      ['failed after engine_died'],
    ],
    [
      '(EngineCore pid=7) INFO 11-22 02:22:28 [core.py:1454] [shutdown] EngineCore: trigger received signal=SIGTERM',
      ['failed signal'],
    ],
    [
      '(EngineCore pid=7) INFO 11-22 02:22:28 [multiproc_executor.py:479] [shutdown] Executor: waiting for worker exit count=0',
      [],
    ],
  ])('%j', (line, expected) => {
    expect(says(line)).toEqual(expected);
  });
});

describe('a record that a terminal broke', () => {
  const only = (text: string): LogRecord => {
    const [record] = parseRecords({ text, stream: '', partial: false });
    if (record === undefined) throw new Error(`expected a record in ${JSON.stringify(text)}`);
    return record;
  };

  it.each([
    [
      '(EngineCore pid=7) INFO 11-22 01:44:03 [default_loader.py:5] Loading weights took 194.90 secon',
      'ds',
      'vllm.weights_took',
    ],
    [
      '(EngineCore pid=7) INFO 11-22 01:44:03 [monitor.py:5] torch.compile takes 32.18',
      ' s in total',
      'vllm.compiled',
    ],
    [
      '(EngineCore pid=7) INFO 11-22 01:44:03 [gpu_model_runner.py:5] Graph capturing finished in',
      '11 secs, took 0.25 GiB',
      'vllm.captured',
    ],
  ])('%j + %j', (first, second, rule) => {
    expect(readRecord(only(first))).toBeUndefined();
    expect(readWrapped(only(first), only(second))?.rule.id).toBe(rule);
  });

  it('is not put together with what is no part of it', () => {
    const first = only('(EngineCore pid=7) INFO 11-22 01:44:03 [a.py:5] Loading weights took 194.90 secon');
    expect(readWrapped(first, only('ds'))).toBeUndefined();
  });
});

describe('moved files', () => {
  it.each(['api_server.py', 'entry.py'])('Supported tasks from %s', (file) => {
    expect(ruleOf(`(APIServer pid=7) INFO 11-22 02:22:27 [${file}:136] Supported tasks: ['generate']`)).toBe(
      'vllm.tasks',
    );
  });
});
