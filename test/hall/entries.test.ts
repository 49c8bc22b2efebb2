// What is kept of a stream follows what was said, not how often.

import { expect, test } from 'vitest';
import { type Entry, newEntries } from '../../lib/entries.ts';
import type { Saying } from '../../lib/model/mark.ts';

const entry = (line: number, rule: string, says: readonly Saying[]): Entry => ({
  timed: { stamp: undefined, clock: undefined },
  says,
  proof: { source: 'main.log', line, text: `line ${line}`, rule },
  speaker: { name: '' },
  copies: 1,
});

const OBJECT: readonly Saying[] = [
  { kind: 'during', phase: 's5cmd_download' },
  { kind: 'ended', phase: 's5cmd_download' },
  { kind: 'fact', name: 's5cmd.object_bytes', value: 10, phase: 's5cmd_download' },
];
const FAILED: readonly Saying[] = [{ kind: 'failed', cause: 'exception', root: true }];
const LOADED: readonly Saying[] = [{ kind: 'ended', phase: 'weight_loading' }];

const lines = (all: readonly Entry[]): readonly number[] => all.map(({ proof }) => proof.line ?? 0);

test('a download of 100,000 objects: the first ones and the last, none uncounted', () => {
  const entries = newEntries();
  for (let line = 1; line <= 100_000; line += 1) entries.add(entry(line, 's5cmd.json', OBJECT));
  const all = entries.all();
  expect(all.length).toBeLessThan(300);
  expect(lines(all).at(-1)).toBe(100_000);
  expect(all.reduce((sum, { copies }) => sum + copies, 0)).toBe(100_000);
  const bytes = all.flatMap(({ says }) => says).filter((saying) => saying.kind === 'fact');
  expect(bytes.reduce((sum, { value }) => sum + Number(value), 0)).toBe(1_000_000);
});

test('failures in a loop, each with a neighbour: bounded, in line order', () => {
  const entries = newEntries();
  for (let line = 1; line <= 200_000; line += 2) {
    entries.add(entry(line, 'line', [{ kind: 'seen' }]));
    entries.add(entry(line + 1, 'python.exception', FAILED));
  }
  const kept = lines(entries.all());
  expect(kept.length).toBeLessThan(6000);
  expect(kept.slice(0, 3)).toEqual([1, 2, 3]);
  expect(kept.at(-1)).toBe(200_000);
  expect(kept).toEqual(kept.toSorted((a, b) => a - b));
});

test('every rank counts, and every process anew', () => {
  const entries = newEntries();
  for (let line = 1; line <= 1000; line += 1) entries.add(entry(line, 'vllm.model_loaded', LOADED));
  expect(entries.all()).toHaveLength(1000);
  for (let line = 1001; line <= 1150; line += 1) entries.add(entry(line, 'python.exception', FAILED));
  entries.renew();
  for (let line = 1151; line <= 1300; line += 1) entries.add(entry(line, 'python.exception', FAILED));
  expect(entries.all()).toHaveLength(1300);
});
