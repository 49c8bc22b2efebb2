// Evidence whose clocks contradict each other, told by the real program: it is named, counted, and nothing is claimed.

import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKOUT, coldtrace } from '../run-program.ts';

const LOG =
  'var-log-pods/s-v6-vllm-cold-image-quiet_llm-engine-0_d936022a-9252-412a-9633-75b6c7ad4e8b/engine/0.log';

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'coldtrace-contradictions-'));
});

afterAll(() => rm(home, { recursive: true }));

interface Change {
  readonly file: string;
  readonly from: string | RegExp;
  readonly to: string;
}

/** A copy of the demo's evidence with one file changed. */
async function evidenceWith(name: string, { file, from, to }: Change): Promise<string> {
  const folder = join(home, name);
  await cp(join(CHECKOUT, 'fixtures', 'vllm-cold-image', 'evidence'), folder, { recursive: true });
  const before = await readFile(join(folder, file), 'utf8');
  const after = before.replaceAll(from, to);
  expect(after).not.toBe(before);
  await writeFile(join(folder, file), after);
  return folder;
}

const CASES: readonly (readonly [title: string, change: Change, says: RegExp])[] = [
  [
    'a log a day before its pod',
    { file: LOG, from: /^2026-11-22/gm, to: '2026-11-21' },
    /clocks: \S+ began .{0,120} before the start it belongs to/,
  ],
  [
    'a log a day after its pod',
    { file: LOG, from: /^2026-11-22/gm, to: '2026-11-23' },
    /clocks: the log says that the server is ready .{0,160} after the pod was Ready/,
  ],
  [
    'a log some seconds before its container',
    { file: LOG, from: /^2026-11-22T02:05:16/gm, to: '2026-11-22T02:05:13' },
    /clocks: the log begins .{0,120} before its container started/,
  ],
];

describe('clocks that contradict each other', () => {
  it.each(CASES)('%s: named, counted, a gate', async (title, change, says) => {
    const folder = await evidenceWith(title.replaceAll(' ', '-'), change);
    const { code, stdout, stderr } = await coldtrace(['replay', folder, '--strict', '--width', '400']);
    expect(stdout).toMatch(says);
    expect(stdout).toContain('clocks disagree');
    expect(stdout).not.toContain('of the time explained');
    expect(stderr).toContain('1 startup conflicting');
    expect(code).toBe(3);
  });

  it('a container that ended before it began: its length is not known', async () => {
    const folder = await evidenceWith('reversed', {
      file: 'pods.json',
      from: /"running": \{\s*"startedAt": "2026-11-22T02:05:16Z"\s*\}/g,
      to: '"terminated":{"startedAt":"2026-11-22T02:05:16Z","finishedAt":"2026-11-22T01:05:16Z","exitCode":1,"reason":"Error"}',
    });
    const { stdout } = await coldtrace(['replay', folder, '--width', '400']);
    expect(stdout).toMatch(/end_before_start: .{0,200} before it began|clocks: the log goes on until/);
  });
});
