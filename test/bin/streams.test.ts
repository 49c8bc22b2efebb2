// The command as a process among others: readers that go away, full disks, an interrupt.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { sink, taken } from '../exporters/sink.ts';
import { CHECKOUT, runProgram } from '../run-program.ts';

const REPLAY = 'node bin/coldtrace.ts replay fixtures/vllm-cold-image/evidence';
const HAS_FULL_DEVICE = existsSync('/dev/full');

/** What bash makes of it; `node` is the one that runs the tests. */
const bash = (script: string) =>
  runProgram('bash', ['-c', `node() { '${process.execPath}' "$@"; }; ${script}`]);

describe.concurrent('streams', () => {
  it('a reader that goes away is no failure', async () => {
    const { code, stdout, stderr } = await bash(
      `${REPLAY} --format json | head -c 1; exit "\${PIPESTATUS[0]}"`,
    );
    expect([code, stdout]).toEqual([0, '{']);
    expect(stderr).toMatch(/^coldtrace: read 3 files, .*\n$/);
  });

  it('a reader that was never there neither; what is to be sent is sent', async () => {
    await using destination = await sink(taken);
    const { code, stderr } = await bash(
      `${REPLAY} --otlp ${destination.url} | true; exit "\${PIPESTATUS[0]}"`,
    );
    expect([code, stderr]).toEqual([0, expect.stringMatching(/: \d+ spans delivered$/m)]);
    expect(destination.received).toHaveLength(1);
  });

  it.skipIf(!HAS_FULL_DEVICE).each([
    [`${REPLAY} > /dev/full`, 'could not be written to stdout'],
    [`${REPLAY} --out /dev/full`, '--out: expected a file that can be written, got ENOSPC'],
    ['node bin/coldtrace.ts --help > /dev/full', 'could not be written to stdout'],
  ])('%s: exit 2 and the reason, no stack trace', async (script, says) => {
    const { code, stderr } = await bash(script);
    expect([code, stderr]).toEqual([2, expect.stringContaining(says)]);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it.skipIf(!HAS_FULL_DEVICE)('stderr that takes nothing does not spoil the answer', async () => {
    const { code, stdout } = await bash(`${REPLAY} 2> /dev/full`);
    expect([code, stdout]).toEqual([0, expect.stringContaining('ready in')]);
  });

  it('an interrupt while it reads ends it at once, without half an answer', async () => {
    const child = spawn(process.execPath, ['bin/coldtrace.ts', 'replay', '-', '--format', 'json'], {
      cwd: CHECKOUT,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const said = Promise.all([text(child.stdout), text(child.stderr)]);
    await takenIn(child);
    child.kill('SIGINT');
    const signal = await new Promise((ended) => child.once('close', (_, by) => ended(by)));
    expect([signal, ...(await said)]).toEqual(['SIGINT', '', '']);
  });
});

/** Writes more than any pipe holds; resolves when it was read, so the command is in the midst of it. */
function takenIn({ stdin }: ChildProcess): Promise<void> {
  const lines = '2026-11-22T02:05:36.000000000Z stdout F nothing of note\n'.repeat(50_000);
  return new Promise((taken) => stdin?.write(lines, () => taken()));
}
