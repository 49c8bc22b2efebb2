// Lines that look like an envelope and are a program's own: they stay whole.

import { describe, expect, it } from 'vitest';
import { openLine } from '../../lib/framings/open-line.ts';

const lines = [
  "INFO 11-22 01:34:02 [core.py:61] Initializing a V1 LLM engine (v0.32.0) with config: model='/srv/models/tiny'",
  'INFO:     Application startup complete.',
  '2026-11-22 01:34:40,562\tINFO worker.py:1908 -- Started a local Ray instance.',
  '2026-02-28 03:53:25,891 INFO worker.py:1630 -- Using address ray-head:6379',
  '2026-03-08 16:44:29,692 - INFO - autotuner.py:262 - flashinfer.jit: [Autotuner]: Autotuning process starts ...',
  '2026-07-17 13:13:30,298 | INFO | Initializing vLLM Generator...',
  '2026-07-17 13:21:22 | INFO | trag.benchmark | [Stage 0] Initializing vLLM Generator',
  '2026-03-08 16:44:29.692 | INFO     | app.main:load:12 - Loading',
  '2026-11-22 01:34:40.736 1 uvicorn.error INFO:     Application startup complete.',
  '2026-02-20 21:46:26,056 [INFO] PyTorch version 2.2.2 available.',
  '[2026-03-01 16:04:35] INFO core.py:517: start build [module_aiter_enum]',
  '[2026-05-26 18:58:10,599 E 629624 629624] logging.cc:496: *** SIGTERM received ***',
  '[2025-10-08 06:07:53,528] LMCache INFO: stored (cache_engine.py:87:lmcache.v1.cache_engine)',
  "[2026-05-01 22:45:03] server_args=ServerArgs(model_path='x')",
  '[2026-05-01T22:45:03Z INFO  text_generation_launcher] Args',
  '2026-05-13:18:46:03 INFO     [config.evaluate_config:301] Using default',
  '2026-11-22T01:34:40Z\tINFO\tsetup\trunner/runner.go:158\tGIE build',
  '{"level":"info","ts":1795312009.6941822,"logger":"setup","caller":"runner/runner.go:158","msg":"GIE build"}',
  '{"operation":"cp","success":true,"source":"s3://models/tiny/config.json","destination":"/models/tiny/config.json","object":{"type":"file","size":12}}',
  'time="2026-11-22T01:37:55Z" level=info msg="starting containerd"',
  'I1122 01:41:39.051102   16726 kubelet.go:2709] "SyncLoop ADD" source="api"',
  'Loading safetensors checkpoint shards:  50% Completed | 2/4 [00:03<00:03,  1.54s/it]',
  'Operation  | Total | Error',
  '| NVIDIA-SMI 550.54 |',
  'model | size',
  'INFO     | text',
  '(EngineCore pid=7) {not json',
  '(EngineCore pid=7) dict: {"message": "quoted"}',
  'cp s3://models/tiny/config.json /models/tiny/config.json',
  '{"log": 123, "stream": "stderr", "time": "2016-10-05T00:00:30.082640485Z"}',
  '{"stream": "stderr", "time": "2016-10-05T00:00:30.082640485Z"}',
  '{"httpRequest":{"status":200},"timestamp":"2026-06-06T03:41:23.453942Z","logName":"projects/p/logs/requests","jsonPayload":{}}',
  '{"kubernetes":{"pod_name":"x","namespace_name":"n"},"text":"Simple text"}',
  '{"resourceSpans":[]}',
  '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"kvlistValue":{}}}]}]}]}',
  '{"events":[{"type":"Normal","message":7}]}',
  '{',
  '[',
  '',
] as const;

describe('a line without an envelope', () => {
  it.each(lines)('%s', (raw) => {
    expect(openLine(raw)).toEqual({
      framing: undefined,
      framed: [{ text: raw, stream: '', partial: false }],
    });
  });
});
