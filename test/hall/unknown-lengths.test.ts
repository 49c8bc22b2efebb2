// Clocks that contradict each other: what ended before it began has no length, and no report makes one of it.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { chromeReport } from '../../lib/reports/chrome.ts';
import { explainReport } from '../../lib/reports/explain.ts';
import { answerOf } from '../../lib/reports/json.ts';
import { answerSchema } from '../../lib/reports/schema.ts';
import { tableReport } from '../../lib/reports/table.ts';
import { rawPoints } from '../../lib/telemetry/points/to-points.ts';
import { toTraces } from '../../lib/telemetry/to-trace.ts';
import { replayedTree } from './replayed.ts';

const TELLING = { traceIdScheme: 'md5', width: 200, color: false, ascii: false } as const;

const read = (file: string): string => readFileSync(`fixtures/vllm-cold-image/evidence/${file}`, 'utf8');

/** The pod of the demo, made by an API server whose clock is an hour ahead of everybody's. */
const madeLate = () =>
  replayedTree({
    'pods.json': read('pods.json').replaceAll(
      '"creationTimestamp": "2026-11-22T02:05:12Z"',
      '"creationTimestamp": "2026-11-22T03:05:12Z"',
    ),
    'events.json': read('events.json'),
  });

it('the start and its first phase have no length, in the answer itself', async () => {
  const [startup] = (await madeLate()).startups;
  expect(startup?.outcome).toBe('ready');
  expect(startup?.lengthUnknown).toBe(true);
  expect(startup?.conflicts.map(({ what }) => what)).toEqual(expect.arrayContaining(['end_before_start']));
  const unknown = startup?.phases.filter(({ lengthUnknown }) => lengthUnknown).map(({ name }) => name);
  expect(unknown).toEqual(['pod_pending']);
});

it('JSON: absent, not zero; the schema takes it', async () => {
  const answer = answerSchema.parse(answerOf(await madeLate(), TELLING));
  const [startup] = answer.startups;
  expect(startup).not.toHaveProperty('duration_seconds');
  expect(startup).not.toHaveProperty('coverage');
  const pending = startup?.phases.find(({ name }) => name === 'pod_pending');
  expect(pending).toBeDefined();
  expect(pending).not.toHaveProperty('duration_seconds');
});

it('the table and the proof say that it is not known', async () => {
  const answer = await madeLate();
  const table = tableReport(answer, TELLING);
  expect(table).not.toMatch(/ready in/);
  expect(table).toContain('ready · ');
  expect(table).toContain('how long it took is not known');
  expect(table).toMatch(/pod_pending +\S+ +\? /);
  expect(explainReport(answer, TELLING)).toMatch(/endpoint_startup {2}\?/);
});

it('a Chrome trace has an instant there', async () => {
  const { traceEvents } = JSON.parse(chromeReport(await madeLate(), TELLING));
  const of = (title: string) => traceEvents.find(({ name }: { name: string }) => name === title);
  expect(of('endpoint_startup')).toMatchObject({ ph: 'i' });
  expect(of('endpoint_startup')).not.toHaveProperty('dur');
  expect(of('image_pull')).toMatchObject({ ph: 'X' });
});

it('no span says how long, and no point is made', async () => {
  const { startups } = await madeLate();
  const [trace] = toTraces(startups, { traceIdScheme: 'md5', serviceName: 'vllm-startup' });
  const root = trace?.spans.find(({ name }) => name === 'endpoint_startup');
  expect(root?.attributes['startup.length_unknown']).toBe(true);
  for (const name of ['duration_seconds', 'total_startup_seconds', 'startup.coverage'])
    expect(root?.attributes).not.toHaveProperty([name]);
  const { points, tally } = rawPoints(startups);
  const names = points.map(({ instrument }) => instrument.name);
  expect(names).not.toContain('startup.total.duration_seconds');
  expect(names).not.toContain('startup.pod_pending.duration_seconds');
  expect(names).toContain('startup.image_pull.duration_seconds');
  expect(tally.get('points.left_out.clocks_disagree')).toBe(2);
});

it('a download of which the log shows only the end took at least as long as its lines', async () => {
  const at = (seconds: string) => `2026-11-22T02:05:${seconds}Z stdout F `;
  const lines = [
    `${at('16.1')}cp s3://models/tiny/config.json /models/tiny/config.json`,
    `${at('17.4')}cp s3://models/tiny/tokenizer.json /models/tiny/tokenizer.json`,
    `${at('29.0')}INFO 11-22 02:05:29 [api_server.py:1885] vLLM API server version 0.11.0`,
  ];
  const answer = await replayedTree({
    'a_b_11111111-2222-3333-4444-555555555555/engine/0.log': `${lines.join('\n')}\n`,
  });
  expect(tableReport(answer, TELLING)).toMatch(/s5cmd_download +0s ≥1\.300s/);
});
