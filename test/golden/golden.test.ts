// Every fixture with evidence has an expected answer: a table for people first, the exact OTLP JSON second.
//
// `npm run golden` writes them anew; a missing file fails. Read what changed.

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { otlpJson } from '../../lib/exporters/otlp-json.ts';
import type { Answer } from '../../lib/pipeline-types.ts';
import { tableReport } from '../../lib/reports/table.ts';
import { problemLines, tallyLine } from '../../lib/reports/tally.ts';
import { toTraces } from '../../lib/telemetry/to-trace.ts';
import { CASES, evidenceOf, replayed } from '../hall/replayed.ts';

const TELLING = { width: 80, color: false, ascii: false, traceIdScheme: 'md5' } as const;

/** OTLP beyond this would not be read by anybody. */
const LARGEST = 300_000;

interface CaseOptions {
  readonly year?: number;
  readonly tz?: string;
}

/** fixtures/<name>/options.json: what the command line would add for a bare log. */
function optionsOf(name: string): CaseOptions {
  const file = join('fixtures', name, 'options.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

const flags = (options: CaseOptions): string =>
  Object.entries(options)
    .map(([option, value]) => ` --${option} ${value}`)
    .join('');

function humanText(name: string, answer: Answer): string {
  const head = `$ coldtrace replay ${evidenceOf(name)}${flags(optionsOf(name))}\n\n`;
  const counts = [...answer.tally].sort(([a], [b]) => (a < b ? -1 : 1)).map(([what, n]) => `${what} ${n}`);
  const close = [...problemLines(answer.problems), tallyLine(answer), '', ...counts];
  return `${head}${tableReport(answer, TELLING)}\n${close.join('\n')}\n`;
}

const traceText = (answer: Answer): string => {
  const traces = toTraces(answer.startups, { traceIdScheme: 'md5', serviceName: 'vllm-startup' });
  return `${JSON.stringify(JSON.parse(otlpJson(traces)), undefined, 1)}\n`;
};

function expectFile(name: string, file: string, text: string): void {
  const path = join('fixtures', name, file);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, text);
  expect(existsSync(path), `${path} is missing: UPDATE_GOLDEN=1 writes it`).toBe(true);
  expect(text).toBe(readFileSync(path, 'utf8'));
}

describe.each(CASES)('%s', (name) => {
  const answered = replayed([evidenceOf(name)], { clock: optionsOf(name) });

  it('reads as expected.txt', async () => expectFile(name, 'expected.txt', humanText(name, await answered)));

  it('is expected.otlp.json on the wire', async () => {
    const text = traceText(await answered);
    expect(text.length).toBeLessThan(LARGEST);
    expectFile(name, 'expected.otlp.json', text);
  });
});

it('there are cases', () => expect(CASES.length).toBeGreaterThanOrEqual(10));
