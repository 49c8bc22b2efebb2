// A program's own JSON logging: vLLM's (three kinds), NIM's, Ray's, python-json-logger's.
//
//   {"asctime": "2026-11-22 01:34:00,736", "levelname": "INFO", "name": "vllm.config.model", …, "message": "…", "vllm_process_name": "APIServer"}
//   (EngineCore pid=7) {"message": "…"}
//   {"level": "INFO", "time": "02-20 21:46:27.896", "file_path": "/usr/…/llm_engine.py", "line_number": "98", "message": "…"}
//
// Below 0.31 vLLM's patched stdout still puts the process prefix in front. A
// formatter that was configured with the wrong key prints nothing but the
// message (recordings/vllm/0.32.0/e-json-logging.log): then only the envelope
// dates the line. A message keeps its line ends: the reader splits it.

import { isObject, type JsonObject, objectAt, parseJson, textAt } from '../base/json.ts';
import { stripAnsi } from '../base/text.ts';
import type { Framed } from '../model/line.ts';
import type { Framing } from './contract.ts';
import { framed } from './framed-text.ts';
import { headerOf, peelSpeaker, stampOfRecord } from './json-header.ts';

export const jsonLogging: Framing = {
  name: 'json-logging',
  says: "A program's own JSON logging: vLLM, NIM, Ray, python-json-logger.",
  examples: [
    {
      raw: '{"asctime": "2026-11-22 01:34:00,853", "levelname": "INFO", "name": "vllm.config.model", "processName": "MainProcess", "process": 20918, "message": "Resolved architecture: LlamaForCausalLM", "vllm_process_name": "APIServer"}',
      seen: 'vLLM 0.32.0 --logging-config.formatter json, recordings/vllm/0.32.0/e2-builtin-json.log',
      at: undefined,
      text: 'Resolved architecture: LlamaForCausalLM',
    },
    {
      raw: '{"message": "Using max model len 2048", "vllm_process_name": "APIServer"}',
      seen: 'vLLM 0.32.0, formatter with the wrong key, recordings/vllm/0.32.0/e-json-logging.log',
      at: undefined,
      text: 'Using max model len 2048',
    },
    {
      raw: '\u001b[1;36m(EngineCore_0 pid=7)\u001b[0;0m {"message": "Loading weights took 1.25 seconds"}',
      seen: 'vLLM 0.10.1 with VLLM_LOGGING_CONFIG_PATH: the process prefix stays in front',
      at: undefined,
      text: 'Loading weights took 1.25 seconds',
    },
    {
      raw: '{"level": "INFO", "time": "02-20 21:46:27.896", "file_path": "/usr/local/lib/python3.10/dist-packages/vllm_nvext/entrypoints/openai/api_server.py", "line_number": "489", "message": "NIM LLM API version 1.0.0", "exc_info": "None", "stack_info": "None"}',
      seen: 'NIM 1.0.0 with JSON logging',
      at: undefined,
      text: 'NIM LLM API version 1.0.0',
    },
    {
      raw: '{"asctime":"2026-03-08 16:44:02,118","levelname":"INFO","message":"Started a local Ray instance.","filename":"worker.py","lineno":1908,"timestamp_ns":1772988242118123456}',
      seen: 'Ray with RAY_LOGGING_CONFIG_ENCODING=JSON',
      at: '2026-03-08T16:44:02.118123000Z',
      text: 'Started a local Ray instance.',
    },
  ],
  open,
};

/** A prefix longer than this is none. */
const PREFIX_REACH = 200;

function open(raw: string): readonly Framed[] | undefined {
  const brace = raw.indexOf('{');
  if (brace < 0 || brace > PREFIX_REACH || !raw.includes('"message"')) return undefined;
  const speaker = brace === 0 ? undefined : peelSpeaker(stripAnsi(raw.slice(0, brace)));
  if (brace > 0 && speaker === undefined) return undefined;
  const parsed = parseJson(raw.slice(brace));
  if (!parsed.ok || !isObject(parsed.value)) return undefined;
  const text = messageOf(parsed.value);
  if (text === undefined) return undefined;
  return [framed({ text, stamp: stampOfRecord(parsed.value), header: headerOf(parsed.value, speaker) })];
}

/** Members that make it somebody else's record: a shipper's or a service's. */
const FOREIGN = [
  'kubernetes',
  'log',
  'logStream',
  'logStreamName',
  'logEvents',
  'source_type',
  'textPayload',
  'jsonPayload',
  'msg',
  'ingestionTime',
  'eventId',
  '_p',
  'logtag',
  'systemd_unit',
];

/** One of these makes a record with a message a program's log line. */
const PROGRAM = [
  'vllm_process_name',
  'levelname',
  'level',
  'severity',
  'asctime',
  'name',
  'logger',
  'file_path',
  'filename',
  'pathname',
  'fileinfo',
  'lineno',
  'funcName',
  'processName',
  'process',
];

/** Rust's tracing keeps its message among `fields`. */
function messageOf(record: JsonObject): string | undefined {
  if (FOREIGN.some((key) => record[key] !== undefined)) return undefined;
  const message = record['message'] ?? objectAt(record, 'fields')['message'];
  if (typeof message !== 'string') return undefined;
  const isProgram = PROGRAM.some((key) => record[key] !== undefined);
  const isBare = Object.keys(record).length === 1;
  const isTimed = textAt(record, 'timestamp') !== undefined || textAt(record, 'time') !== undefined;
  return isProgram || isBare || isTimed ? message : undefined;
}
