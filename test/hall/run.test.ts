// A whole command with a pipeline that answers what it is told to: text, files, exit codes, delivery.

import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { instant } from '../../lib/base/instant.ts';
import { parseCommandLine } from '../../lib/command-line.ts';
import type { Answer, ReplayRequest } from '../../lib/pipeline-types.ts';
import { type RunDeps, run } from '../../lib/run.ts';
import { INCOMPLETE, READY, told } from '../reports/handmade.ts';

const ANSWER: Answer = {
  ...told(READY),
  tally: new Map([
    ['files.read', 1],
    ['lines.read', 48_210],
    ['lines.matched', 212],
  ]),
  lint: [],
};
const NOTHING: Answer = { ...told(), lint: [] };
const UNREADABLE: Answer = {
  ...ANSWER,
  problems: [
    {
      where: 'x.log',
      expected: 'a file that can be read',
      came: 'EACCES',
      what: 'files.unreadable',
      asked: true,
    },
  ],
};
const DRIFT: Answer = {
  ...ANSWER,
  lint: [
    {
      source: 'main.log',
      program: 'vllm',
      version: '0.11.0',
      found: [{ rule: 'vllm.banner', line: 1 }],
      missing: [],
      unknown: [{ source: 'main.log', line: 9, text: 'Frobnicating took 3 s' }],
    },
  ],
};

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly request: ReplayRequest | undefined;
}

async function ran(line: string, answer: Answer, more: Partial<RunDeps> = {}): Promise<Ran> {
  const command = parseCommandLine(line.split(' '));
  if (!command.ok) throw new Error(command.error.message);
  const said = { stdout: '', stderr: '' };
  let request: ReplayRequest | undefined;
  const code = await run(command.value, {
    env: {},
    terminal: { stdout: false, stderr: false, columns: undefined },
    now: () => instant(0n),
    patience: { sleep: async () => {}, random: () => 0 },
    pause: async () => {},
    interrupted: () => new AbortController().signal,
    stdin: (async function* () {})(),
    stdout: async (text) => {
      said.stdout += text;
    },
    stderr: (text) => {
      said.stderr += text;
    },
    writeFile: (path, text) => writeFile(path, text),
    replay: async (asked) => {
      request = asked;
      return answer;
    },
    ...more,
  });
  return { code, ...said, request };
}

describe('run', () => {
  it.each([
    ['replay a', ANSWER, 0],
    ['replay a', NOTHING, 1],
    ['replay a', UNREADABLE, 2],
    ['replay a --strict', UNREADABLE, 2],
    ['replay a --strict', ANSWER, 0],
    ['replay a --strict', { ...ANSWER, startups: [INCOMPLETE] }, 3],
    ['replay a --strict', { ...ANSWER, tally: new Map([['lines.dropped', 1]]) }, 3],
    ['replay a --year nineteen', ANSWER, 2],
    ['lint a', ANSWER, 1],
    ['lint a', DRIFT, 3],
    ['lint a', { ...DRIFT, lint: DRIFT.lint.map((log) => ({ ...log, unknown: [] })) }, 0],
    ['explain a', ANSWER, 0],
    ['replay a --otlp', ANSWER, 2],
  ] as const)('%s (%#): exit %#', async (line, answer, code) => {
    expect((await ran(line, answer)).code).toBe(code);
  });

  it('data on stdout, the tally on stderr', async () => {
    const { stdout, stderr } = await ran('replay a', ANSWER);
    expect(stdout).toContain('ready in ≤61.2s');
    expect(stderr).toBe('coldtrace: read 1 file, 48,210 lines, 212 start-up lines; 1 startup: 1 ready\n');
  });

  it('the good part of the answer is printed although something was bad', async () => {
    const { stdout, stderr } = await ran('replay a', UNREADABLE);
    expect(stdout).toContain('ready in ≤61.2s');
    expect(stderr).toContain(
      'coldtrace: x.log: expected a file that can be read, got EACCES. Check the path',
    );
  });

  it('nothing found: an empty document, and what to do', async () => {
    const { stdout, stderr } = await ran('replay a --format json', NOTHING);
    expect(JSON.parse(stdout)).toEqual({ schema: 'coldtrace/v1', startups: [], tally: {}, problems: [] });
    expect(stderr).toContain('no startup found: expected container logs');
  });

  it.each(['json', 'otlp-json', 'chrome'])('--format %s is JSON', async (format) => {
    expect(JSON.parse((await ran(`replay a --format ${format}`, ANSWER)).stdout)).toBeTypeOf('object');
  });

  it('--out: the file has the answer, stdout nothing', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'coldtrace-')), 'answer.json');
    const { stdout, code } = await ran(`replay a --format json --out ${file}`, ANSWER);
    expect([stdout, code]).toEqual(['', 0]);
    expect(JSON.parse(await readFile(file, 'utf8')).startups).toHaveLength(1);
  });

  it('--out that cannot be written: exit 2 and the reason', async () => {
    const { code, stderr } = await ran('replay a --out /nonexistent/x', ANSWER);
    expect(code).toBe(2);
    expect(stderr).toContain('--out: expected a file that can be written, got ENOENT');
  });

  it('lint names what no rule knows', async () => {
    const { stdout } = await ran('lint a', DRIFT);
    expect(stdout).toBe(
      'main.log · vllm 0.11.0 · 1 marker found, 0 missing, 1 unknown\n  found   line 1      vllm.banner\n  unknown line 9      Frobnicating took 3 s\n',
    );
  });

  it('--dry-run needs no destination and sends nothing', async () => {
    const { code, stderr } = await ran('replay a --dry-run', ANSWER);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /would send to a destination \(none is named: see --otlp\): 1 pod, \d+ spans in 1 batch/,
    );
  });

  it('a wrong destination is told before anything is read', async () => {
    const { code, request, stderr } = await ran('replay a --otlp http://x', ANSWER, {
      env: { OTEL_EXPORTER_OTLP_TIMEOUT: 'soon' },
    });
    expect([code, request]).toEqual([2, undefined]);
    expect(stderr).toContain('OTEL_EXPORTER_OTLP_TIMEOUT');
  });

  it.each([
    [200, 0, 'delivered'],
    [401, 2, '401'],
  ])('--otlp to a server that answers %i: exit %i', async (status, code, says) => {
    const server = createServer((request, response) =>
      request.resume().on('end', () => response.writeHead(status).end()),
    );
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const done = await ran(`replay a --otlp http://127.0.0.1:${port}`, ANSWER);
    server.close();
    expect(done.code).toBe(code);
    expect(done.stderr).toContain(says);
    expect(done.stdout).toContain('ready in');
  });
});
