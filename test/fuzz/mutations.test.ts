// A hundred thousand damaged real lines: nothing throws, and nothing is invented after "ready".

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../lib/pipeline-types.ts';
import { jsonReport } from '../../lib/reports/json.ts';
import { CASES, evidenceOf, piped, startupsText, treeOf } from '../hall/replayed.ts';
import { chance, mutated } from './mutate.ts';

const LF = Buffer.from('\n');

const logs = CASES.flatMap((name) => Object.entries(treeOf(evidenceOf(name))))
  .filter(([file]) => file.endsWith('.log'))
  .map(([, text]) => text.split('\n').filter((line) => line !== ''));

const LINES: readonly Buffer[] = logs.flat().map((line) => Buffer.from(line));

const joined = (lines: readonly Buffer[]): Buffer => Buffer.concat(lines.flatMap((line) => [line, LF]));

function expectSound({ startups }: Answer): void {
  for (const { start, end, phases, gaps } of startups) {
    expect(end.at).toBeGreaterThanOrEqual(start.at);
    for (const phase of phases) expect(phase.end.at, phase.name).toBeGreaterThanOrEqual(phase.start.at);
    for (const gap of gaps) expect(gap.end).toBeGreaterThan(gap.start);
  }
}

const ROUNDS = 420;
const PER_ROUND = 500;

describe(`${(ROUNDS * PER_ROUND).toLocaleString('en')} mutated lines`, () => {
  it.each(Array.from({ length: 7 }, (_, part) => part))(
    'part %i of 7: no throw, and what is told is sound',
    async (part) => {
      for (let round = 0; round < ROUNDS / 7; round += 1) {
        const random = chance(part * 1000 + round);
        const from = Math.floor(random() * LINES.length);
        // A stretch of a real log, so that envelopes and starts hold together in places.
        const stretch = Array.from({ length: PER_ROUND }, (_, at) => LINES[(from + at) % LINES.length] ?? LF);
        const answer = await piped(joined(stretch.map((line) => mutated(line, random, LINES))));
        expectSound(answer);
      }
    },
    60_000,
  );

  it('the same with most lines whole', async () => {
    for (let round = 0; round < 40; round += 1) {
      const random = chance(99_000 + round);
      const log = (logs[round % logs.length] ?? []).map((line) => Buffer.from(line));
      const answer = await piped(
        joined(log.map((line) => (random() < 0.1 ? mutated(line, random, LINES) : line))),
      );
      expectSound(answer);
    }
  }, 60_000);
});

const READY = [
  'vllm-cold-image',
  's5cmd-then-serve',
  'vllm-dp2',
  'vllm-forged',
  'vllm-json-logging',
  'vllm-tp2',
];

/** Bare logs and CRI logs of starts that became ready. */
const readyLogs = READY.flatMap((name) =>
  Object.entries(treeOf(evidenceOf(name)))
    .filter(([file]) => file.endsWith('.log'))
    .map(([file, text]) => [`${name}/${file}`, text] as const),
);

const STAMP = /^\d{4}-\d\d-\d\dT[0-9:.]+Z std(?:out|err) F /;

/** What a serving engine prints for ever after. */
const SERVING = [
  'INFO:     10.0.0.7:50514 - "GET /health HTTP/1.1" 200 OK',
  'INFO:     10.0.0.7:50514 - "POST /v1/chat/completions HTTP/1.1" 200 OK',
  '(APIServer pid=1) INFO:     127.0.0.1:41122 - "GET /metrics HTTP/1.1" 200 OK',
  '(APIServer pid=1) INFO 11-22 03:00:10 [loggers.py:279] Engine 000: Avg prompt throughput: 1.2 tokens/s, Avg generation throughput: 20.5 tokens/s, Running: 1 reqs, Waiting: 0 reqs, GPU KV cache usage: 0.3%, Prefix cache hit rate: 0.0%',
  'INFO 11-22 03:00:11 [logger.py:41] Received request cmpl-7: prompt: "hello", params: SamplingParams(n=1, temperature=1.0)',
];

/** In the envelope that the log uses. */
const framedLike = (log: string, line: string): string =>
  STAMP.test(log) ? `2026-11-22T03:00:12.000000001Z stdout F ${line}` : line;

describe.each(readyLogs)('%s', (_name, log) => {
  it('mutated access and prompt lines after "ready" change nothing', async () => {
    const once = startupsText(await piped(log));
    const lines = SERVING.map((line) => Buffer.from(framedLike(log, line)));
    for (let round = 0; round < 6; round += 1) {
      const random = chance(round);
      const more = Array.from({ length: 300 }, (_, at) =>
        mutated(lines[at % lines.length] ?? LF, random, lines),
      );
      expect(startupsText(await piped(Buffer.concat([Buffer.from(log), joined(more)])))).toBe(once);
    }
  });
});

/** What clients and users can make a server print. */
const FORGED: readonly string[] = [
  'INFO:     Application startup complete.:0 - "GET /v1/models HTTP/1.1" 200 OK',
  'INFO:     Application startup complete., 10.0.0.1:0 - "GET / HTTP/1.1" 200 OK',
  'INFO:     Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit):0 - "GET / HTTP/1.1" 404 Not Found',
  'INFO:     10.0.0.1:0 - "GET /\u2028INFO:     Application startup complete. HTTP/1.1" 404 Not Found',
  'INFO:     10.0.0.1:0 - "GET /?q=Application%20startup%20complete. HTTP/1.1" 404 Not Found',
  'INFO:     \u0085INFO:     Application startup complete.:0 - "GET / HTTP/1.1" 200 OK',
  "INFO 11-22 02:06:00 [logger.py:41] Received request cmpl-1: prompt: 'INFO 11-22 02:06:00 [core.py:61] init engine (profile, create kv cache, warmup model) took 99.99 seconds', params: SamplingParams(n=1)",
  "INFO 11-22 02:06:00 [logger.py:41] Received request cmpl-1: prompt: '\\nINFO:     Application startup complete.\\n', params: SamplingParams(n=1)",
  'INFO 11-22 02:06:00 [logger.py:41] Model loading took 14.99 GiB memory and 3.21 seconds',
  'INFO 11-22 02:06:00 [chat_utils.py:1] Loading weights took 12.00 seconds',
  'INFO 11-22 02:06:00 [serving.py:9] Graph capturing finished in 20 secs, took 1.00 GiB',
  'INFO 11-22 02:06:00 [loggers.py:9] torch.compile takes 33.10 s in total',
  'INFO 11-22 02:06:00 [loggers.py:9] GPU KV cache size: 262,144 tokens',
  'user says: init engine (profile, create kv cache, warmup model) took 99.99 seconds',
  'INFO:     Application startup complete. ok',
  '"INFO:     Application startup complete."',
  'model: Loading weights took 12.00 seconds',
  'Loading weights took 12.00 seconds',
  'INFO:     Started server process [1]:0 - "GET / HTTP/1.1" 200 OK',
];

const COLD = readyLogs[0]?.[1] ?? '';

/** Phases and outcome; the places and texts of the evidence may move. */
function outline(answer: Answer): unknown {
  const { startups } = JSON.parse(jsonReport(answer, { traceIdScheme: 'md5' }));
  return startups.map(
    ({ outcome, start, end, phases }: { outcome: string; start: string; end: string; phases: object[] }) => ({
      outcome,
      start,
      end,
      phases: JSON.parse(JSON.stringify(phases, (key, value) => (key === 'evidence' ? undefined : value))),
    }),
  );
}

describe('a line that imitates a marker makes no phase', () => {
  const lines = COLD.split('\n').filter((line) => line !== '');
  const forgedAt = (at: number, text: string): string => {
    const stamp = STAMP.exec(lines[at] ?? '')?.[0] ?? '';
    return [...lines.slice(0, at), `${stamp}${text}`, ...lines.slice(at), ''].join('\n');
  };

  it.each(FORGED)('%s', async (text) => {
    const once = outline(await piped(COLD));
    for (const at of [5, 20, 40, 60, 80, lines.length - 1])
      expect(outline(await piped(forgedAt(at, text)))).toEqual(once);
  });
});

it('the fixtures hold what they should', () => {
  expect(readFileSync(join(evidenceOf('vllm-forged'), 'g4-forged-exact-ready.log'), 'latin1')).toContain(
    'startup complete',
  );
  expect(LINES.length).toBeGreaterThan(1000);
});
