// The gate may only turn away what the full reading has nothing to say of.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BORING, BORING_TIMED, gateOf, PASS } from '../../lib/formats/gate.ts';
import { formats } from '../../lib/formats/index.ts';
import { readRecord } from '../../lib/formats/read.ts';
import { parseRecords } from '../../lib/formats/record.ts';
import { openLine } from '../../lib/framings/open-line.ts';

const rules = formats.flatMap((format) => format.rules);
const gate = gateOf(rules);

function verdictOf(text: string): number {
  const bytes = Buffer.from(text);
  return gate(bytes, 0, bytes.length);
}

/** What the full reading says: rule ids. */
const saidOf = (text: string): readonly string[] =>
  openLine(text).framed.flatMap((framed) =>
    parseRecords(framed).flatMap((record) => readRecord(record)?.rule.id ?? []),
  );

const hasClock = (text: string): boolean =>
  openLine(text).framed.some((framed) => parseRecords(framed).some(({ clock }) => clock !== undefined));

/** Lines inside a file, out of the envelopes that the fixtures' logs have. */
function logLines(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.log'))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'))
    .map((line) => openLine(line).framed[0]?.text ?? line)
    .filter((text) => text !== '');
}

const examples = rules.map(({ example }) => example.split('\n')[0] ?? '');
const real = [...new Set([...examples, ...logLines('fixtures')])];

const ENGINE = '(APIServer pid=1) INFO 11-22 02:07:11';

const VERDICTS: readonly (readonly [string, number])[] = [
  ['INFO:     10.88.0.1:43210 - "GET /health HTTP/1.1" 200 OK', BORING],
  ['(APIServer pid=1) INFO:     10.88.0.1:43210 - "GET /health HTTP/1.1" 200 OK', BORING],
  ['INFO:     Application startup complete.', PASS],
  [
    `${ENGINE} [loggers.py:259] Engine 000: Avg prompt throughput: 1204.2 tokens/s, Running: 12 reqs`,
    BORING_TIMED,
  ],
  [
    `${ENGINE} [loggers.py:259] Engine 000: vllm cache_config_info with initialization after num_gpu_blocks is: 31512`,
    PASS,
  ],
  [`${ENGINE} [never_heard_of.py:1] Loading weights took 3 seconds`, BORING_TIMED],
  ['INFO 11-22 01:44:03 llm_engine.py:237] Initializing an LLM engine (v0.7.3) with config: x', PASS],
  ['INFO 11-22 01:44:03 [core.py', PASS],
  ['INFO', PASS],
  ['', PASS],
  // VLLM_LOGGING_PREFIX may be any word.
  ['INFO: (er pid=15275) INFO 11-22 02:37:22 [launcher.py:195] Route: /inference/v1/abort_requests', PASS],
  ['Loading safetensors checkpoint shards: 100% Completed | 4/4 [00:02<00:00,  1.9it/s]', PASS],
  ['ERROR 11-22 02:07:11 [core.py:1] EngineCore failed to start.', PASS],
];

describe('the verdict on', () => {
  it.each(VERDICTS)('%s', (text, verdict) => {
    expect(verdictOf(text)).toBe(verdict);
  });
});

describe('a needle stands in what its rule speaks for', () => {
  it.each(rules.filter(({ needle }) => needle !== undefined))('$id', ({ example, literal, needle = '' }) => {
    const at = example.indexOf(literal) + literal.length;
    expect(example.slice(at, at + 16 + needle.length)).toContain(needle);
  });
});

describe('what is turned away says nothing', () => {
  it('of the examples and the fixtures', () => {
    const lost = real.filter((text) => verdictOf(text) !== PASS && saidOf(text).length > 0);
    expect(lost).toEqual([]);
    expect(real.filter((text) => verdictOf(text) !== PASS).length).toBeGreaterThan(20);
  });

  it('and has a clock when the gate says so', () => {
    const timed = real.filter((text) => verdictOf(text) === BORING_TIMED);
    expect(timed.filter((text) => !hasClock(text))).toEqual([]);
    expect(timed.length).toBeGreaterThan(10);
  });

  it('after cuts, joins and exchanged bytes', () => {
    const line = fc.constantFrom(...real);
    const cutAt = fc.nat({ max: 200 });
    const middle = fc.constantFrom(
      '',
      ' ',
      '(',
      ') ',
      'INFO ',
      ':',
      '[',
      '] ',
      '/',
      'core.py:1] ',
      '(EngineCore pid=7) ',
    );
    fc.assert(
      fc.property(line, cutAt, middle, line, cutAt, (first, to, glue, second, from) => {
        const text = `${first.slice(0, to)}${glue}${second.slice(from)}`
          .replaceAll('\n', '')
          .replaceAll('\r', '')
          .replaceAll('\u001b', '');
        expect(verdictOf(text) === PASS || saidOf(text).length === 0, text).toBe(true);
      }),
      { numRuns: 20_000 },
    );
  });
});
