// New wording: does a record that no rule knows read like a phase marker?
//
// vLLM renames and moves its lines in nearly every release ("takes" → "took", api_server.py →
// entry.py). `lint` shows such records, so that a person can write the missing rule.

import type { LogRecord } from '../model/line.ts';

/**
 * True when the record reads like the beginning or the end of a phase of a
 * start. Ask only about records that no rule claims (`readRecord` gave
 * undefined): a known marker reads like one too. False for anything without a
 * Python source file in its header, for errors, and for what a serving engine prints.
 */
export function looksLikeMarker(record: LogRecord): boolean {
  if (!isFromStart(record)) return false;
  const message = record.message.slice(0, REACH).replace(TAG, '');
  return (
    BEGINNING.test(message) || ((tellsDuration(message) || TURN.test(message)) && !OF_SERVING.test(message))
  );
}

/** Markers are short; whatever is longer prints a configuration. */
const REACH = 400;

/** `[backbone] `, in front of compile lines since 0.32. */
const TAG = /^\[[\w .:/-]{1,60}\] /;

const BEGINNING =
  /^(?:Start(?:ing|ed) (?:to )?(?:load|compil|captur|profil|warm|torch|vLLM|engine|server|API)|(?:Re)?[Ll]oading (?!took)(?:the )?(?:\w{1,20} )?(?:model|weights|checkpoint|drafter|shards)|Initializing (?:a |an |the )?(?:\w{1,20} )?(?:engine|LLM|model|KV|process|distributed|worker)|Compiling |Capturing |Warming up |Warmup |Profiling |Downloading |Pre-?compiling |Autotuning )/;

/** `took 15.0 GiB memory and 12.34 seconds`, `finished in 0.92 [secs]`, `spent downloading … 125.7 seconds`. */
const TAKES = /\b(?:took|takes|elapsed|spent)\b/i;
const GETS_DONE = /\b(?:finished|completed|done|ready|loaded|built|captured|initialized|deserialized) /i;
const TIME = /\b\d{1,9}(?:\.\d{1,9})? ?\[?(?:s|secs?|seconds?|ms|milliseconds?|min|minutes?)\b/i;

function tellsDuration(message: string): boolean {
  const takes = message.search(TAKES);
  if (takes >= 0) return TIME.test(message.slice(takes, takes + 180));
  const done = message.search(GETS_DONE);
  const rest = done < 0 ? '' : message.slice(done, done + 220);
  const since = rest.search(/ (?:in|after) /);
  return since >= 0 && since <= 60 && TIME.test(rest.slice(since));
}

/** `JIT kernel warmup starting.`, `Autotuning process ends`. */
const TURN = /^[^:={}]{0,80}\b(?:starting|starts|ends|finished|complete|completed|done)(?: ?\.{3}|[.!])?$/i;

/** Requests, batches, statistics, sleep and shutdown have durations too. */
const OF_SERVING =
  /^(?:Engine \d|Waiting |Shut|\[shutdown\]|Avg |Request|Received|Added|Finished request|Aborted|Generated|SpecDecoding|KV Transfer|Prefill|Decode|Processed)|\brequests?\b|tokens\/s|throughput|asleep|wake up/i;

/** Source files that speak once the engine serves, or about requests. */
const SERVING_FILES: ReadonlySet<string> = new Set([
  'loggers.py',
  'metrics.py',
  'logger.py',
  'request_logger.py',
  'async_llm.py',
  'async_llm_engine.py',
  'output_processor.py',
  'protocol.py',
  'ray_client_worker.py',
]);

/** Ray, FlashInfer and other guests in the stream have source files of their own. */
const GUEST_FILES: ReadonlySet<string> = new Set([
  'scripts.py',
  'node.py',
  'services.py',
  'usage_lib.py',
  'cli_output_helpers.py',
  'authentication_token_setup.py',
  'autotuner.py',
  'cubin_loader.py',
  'server.py',
  'on.py',
  'h11_impl.py',
  'httptools_impl.py',
]);

function isFromStart({ file, level }: LogRecord): boolean {
  if (!file.endsWith('.py') || level === 'ERROR' || level === 'CRITICAL') return false;
  return !file.startsWith('serving') && !SERVING_FILES.has(file) && !GUEST_FILES.has(file);
}
