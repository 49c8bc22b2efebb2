// Engines that are named and not analysed, and wrappers that may hold vLLM.

import { describe, expect, test } from 'vitest';
import { otherEngines } from '../../lib/formats/other-engines.ts';
import { says } from './says.ts';

describe('named', () => {
  test.each([
    ['[2025-05-20 10:00:01] server_args=ServerArgs(model_path="m", tokenizer_path="m")', 'SGLang'],
    ['[2025-05-20 10:00:05 TP0] Load weight begin. avail mem=78.51 GB', 'SGLang'],
    ['[2026-03-11 13:53:33] The server is fired up and ready to roll!', 'SGLang'],
    ['2024-05-01T10:00:00.123456Z  INFO text_generation_launcher: Args {', 'Text Generation Inference'],
    [
      '2024-05-01T10:00:09.123456Z  INFO text_generation_router::server: router/src/server.rs:1: Connected',
      'Text Generation Inference',
    ],
    [
      'llama_model_loader: loaded meta data with 39 key-value pairs and 272 tensors from /m.gguf',
      'llama.cpp',
    ],
    [
      'time=2024-07-21T15:40:57.047-07:00 level=INFO source=routes.go:1143 msg="Listening on 127.0.0.1:11434 (version 0.2.7)"',
      'Ollama',
    ],
    ['[TM][WARNING] [LlamaTritonModel] `max_context_token_num` is not set', 'LMDeploy'],
    ['[TensorRT-LLM][INFO] Loaded engine size: 15317 MiB', 'TensorRT-LLM'],
  ])('%s', (line, engine) => {
    expect(says(line)).toEqual([`other_engine=${engine}`]);
  });

  test('every rule says nothing but the engine', () => {
    for (const rule of otherEngines.rules) expect(rule.marks.map(({ kind }) => kind)).toEqual(['fact']);
  });
});

describe('no proof of another engine', () => {
  test.each([
    '== NVIDIA Inference Microservice LLM NIM ==',
    'NVIDIA Inference Microservice LLM NIM Version 1.0.0',
    '[TensorRT-LLM] TensorRT-LLM version: 0.10.1.dev2024053000',
    '== Triton Inference Server ==',
    'INFO 07-23 22:27:02.512 ngc_injector.py:152] Selected profile: 19031a45cf096b683c4d66fff2a072c0e164a24f19728a58771ebfc4c9ade44f (vllm-fp16-tp1)',
    'INFO 11-22 02:26:23 [api_utils.py:286] server_args=ServerArgs(model_path="m")',
    'Loading safetensors checkpoint shards:  50% Completed | 2/4 [00:03<00:03,  1.54s/it]',
  ])('%s', (line) => {
    expect(says(line).filter((saying) => saying.startsWith('other_engine'))).toEqual([]);
  });
});
