// Bad input, as it comes: real folders, a real process. The good part is told, the bad part named, nothing explodes.

import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { evidenceOf, folderOf, type Tree, treeOf } from './replayed.ts';

const DOOR = new URL('../../bin/coldtrace.ts', import.meta.url).pathname;

interface Done {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Never with a stack trace, whatever comes. */
async function coldtrace(args: readonly string[], stdin: string | Uint8Array = ''): Promise<Done> {
  const child = spawn(process.execPath, [DOOR, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  const code = await new Promise<number | null>((done) => child.on('close', done));
  expect(`${stdout}${stderr}`).not.toMatch(
    /^\s+at |node:internal|UnhandledPromise|\[object Object\]|\bundefined\b/m,
  );
  return { code, stdout, stderr };
}

const COLD: Tree = treeOf(evidenceOf('vllm-cold-image'));
const [LOG_NAME = '', LOG = ''] = Object.entries(COLD).find(([file]) => file.endsWith('0.log')) ?? [];
const LOG_TEXT = String(LOG);
const BARE = readFileSync(join(evidenceOf('vllm-dp2'), 'd-dp2.log'), 'utf8');
const half = (text: string): string => text.slice(0, text.length / 2);

const ELF = Buffer.concat([
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]),
  Buffer.from(Array.from({ length: 4000 }, (_, at) => (at * 7919) % 256)),
]);
const PNG = Buffer.concat([
  Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]),
  Buffer.from(Array.from({ length: 3000 }, (_, at) => (at * 104729) % 251)),
]);

const READY = /ready in/;
const NOTHING = /no startup found/;

interface Case {
  readonly tree: Tree;
  /** Below the folder; the folder itself when absent. */
  readonly args?: readonly string[];
  readonly code: number;
  readonly out?: RegExp;
  readonly err?: RegExp;
}

const CASES: Readonly<Record<string, Case>> = {
  'the good fixture': { tree: COLD, code: 0, out: READY },
  'a path that is not there': {
    tree: COLD,
    args: ['no-such'],
    code: 2,
    err: /no-such: expected a file or a folder, got no such file or directory/,
  },
  'a good path beside one that is not there': {
    tree: COLD,
    args: ['.', 'no-such'],
    code: 2,
    out: READY,
    err: /no-such: expected/,
  },
  'a file taken for a folder': {
    tree: { 'a.log': BARE },
    args: ['a.log/x'],
    code: 2,
    err: /a\.log\/x: expected a file or a folder, got not a directory/,
  },
  'a folder without evidence': {
    tree: { 'README.md': 'hello', 'x.csv': 'a,b\n1,2\n' },
    code: 1,
    err: NOTHING,
  },
  'an empty folder': { tree: { 'sub/.keep': '' }, code: 1, err: NOTHING },
  'an empty file': { tree: { 'a.log': '' }, args: ['a.log'], code: 1, err: NOTHING },
  'only line ends': { tree: { 'a.log': '\r\n'.repeat(5000) }, code: 1, err: NOTHING },
  'a program (ELF)': { tree: { ...COLD, 'core.bin': ELF }, code: 0, out: READY },
  'a program, named': { tree: { 'core.log': ELF }, args: ['core.log'], code: 1, err: NOTHING },
  'a picture': { tree: { ...COLD, 'shot.png': PNG }, code: 0, out: READY },
  'gzip that is called .log': { tree: { [LOG_NAME]: gzipSync(LOG_TEXT) }, code: 0, out: READY },
  'gzip of several members': {
    tree: {
      [LOG_NAME]: Buffer.concat([gzipSync(half(LOG_TEXT)), gzipSync(LOG_TEXT.slice(LOG_TEXT.length / 2))]),
    },
    code: 0,
    out: READY,
  },
  'gzip that ends early, named': {
    tree: { 'a.log.gz': gzipSync(BARE + 'x'.repeat(200_000)).subarray(0, -20) },
    args: ['a.log.gz'],
    code: 2,
    out: READY,
    err: /a\.log\.gz: expected a file that can be read to its end, got unexpected end of file/,
  },
  'gzip that ends early, in a folder': {
    tree: { ...COLD, 'other.log.gz': gzipSync(BARE).subarray(0, 2000) },
    code: 0,
    out: READY,
    err: /other\.log\.gz: expected/,
  },
  'gzip with garbage in it': {
    tree: { 'a.gz': Buffer.concat([gzipSync(BARE).subarray(0, 1500), Buffer.alloc(500, 0x5a)]) },
    args: ['a.gz'],
    code: 2,
    err: /a\.gz: expected/,
  },
  'only the magic of gzip': {
    tree: { 'a.gz': Buffer.from([0x1f, 0x8b]) },
    args: ['a.gz'],
    code: 2,
    err: /a\.gz: expected/,
  },
  'gzip of nothing': { tree: { 'a.gz': gzipSync('') }, args: ['a.gz'], code: 1, err: NOTHING },
  zstd: { tree: { [LOG_NAME]: zstdCompressSync(LOG_TEXT) }, code: 0, out: READY },
  'zstd of two frames': {
    tree: {
      [LOG_NAME]: Buffer.concat([
        zstdCompressSync(half(LOG_TEXT)),
        zstdCompressSync(LOG_TEXT.slice(LOG_TEXT.length / 2)),
      ]),
    },
    code: 0,
    out: READY,
  },
  'zstd that ends early, named': {
    tree: { 'a.zst': zstdCompressSync(BARE).subarray(0, -9) },
    args: ['a.zst'],
    code: 2,
    err: /a\.zst: expected/,
  },
  'a line of 1 MB': { tree: { 'a.log': `${'x'.repeat(1 << 20)}\n${BARE}` }, code: 0, out: READY },
  'a line of 3 MB without an end': {
    tree: { 'a.log': `${BARE}${'y'.repeat(3 << 20)}` },
    code: 0,
    out: READY,
    err: /cut|too long/,
  },
  'half a JSON dump, named': {
    tree: { 'pods.json': half(String(COLD['pods.json'])) },
    args: ['pods.json'],
    code: 2,
    err: /pods\.json: expected/,
  },
  'half a JSON dump beside good ones': {
    tree: { ...COLD, 'more.json': half(String(COLD['events.json'])) },
    code: 0,
    out: READY,
    err: /more\.json: expected/,
  },
  'JSON of something else': {
    tree: { ...COLD, 'package.json': '{"name":"x","version":"1"}' },
    code: 0,
    out: READY,
  },
  'a pod without uid': {
    tree: {
      'pods.json': JSON.stringify({
        kind: 'Pod',
        apiVersion: 'v1',
        metadata: { name: 'a', namespace: 'b' },
        spec: { containers: [] },
        status: {},
      }),
    },
    code: 1,
    err: /uid/,
  },
  'an error for an answer': {
    tree: { 'pods.json': 'Error from server (Forbidden): pods is forbidden\n' },
    code: 1,
    err: NOTHING,
  },
  'NUL bytes in front of a line': {
    tree: { [LOG_NAME]: `${'\0'.repeat(70_000)}${LOG_TEXT}` },
    code: 0,
    out: READY,
  },
  'NUL bytes only': { tree: { 'a.log': '\0'.repeat(100_000) }, code: 1, err: NOTHING },
  'broken UTF-8': {
    tree: {
      'a.log': Buffer.concat([
        Buffer.from([0xff, 0xfe, 0xc3, 10]),
        Buffer.from(BARE),
        Buffer.from([0xe2, 0x82]),
      ]),
    },
    code: 0,
    out: READY,
  },
  'a byte order mark, in a log': { tree: { 'a.log': `\ufeff${BARE}` }, code: 0, out: READY },
  'a byte order mark, in a dump': {
    tree: { ...COLD, 'pods.json': `\ufeff${COLD['pods.json']}` },
    code: 0,
    out: /pod_pending/,
  },
  CRLF: { tree: { 'a.log': BARE.replaceAll('\n', '\r\n') }, code: 0, out: READY },
  'a log that ends in mid-start': { tree: { 'a.log': half(BARE) }, code: 0, out: /incomplete/ },
  misuse: {
    tree: COLD,
    args: ['.', '--format', 'xml'],
    code: 2,
    err: /--format: expected table, json, otlp-json or chrome, got 'xml'/,
  },
  'strict, and a line too long': {
    tree: { 'a.log': `${BARE}${'y'.repeat(3 << 20)}` },
    args: ['.', '--strict'],
    code: 3,
    out: READY,
  },
  'strict, and all is well': { tree: COLD, args: ['.', '--strict'], code: 0, out: READY },
};

describe.concurrent('replay', () => {
  it.each(Object.entries(CASES))('%s', async (_what, { tree, args = ['.'], code, out, err }) => {
    const folder = folderOf(tree);
    const placed = args.map((arg) => (arg.startsWith('-') || arg === 'xml' ? arg : join(folder, arg)));
    const done = await coldtrace(['replay', ...placed, '--year', '2026']);
    expect(done.stderr).toMatch(err ?? /^coldtrace: read \d/);
    expect(done.code).toBe(code);
    if (out === undefined) expect(done.stdout).not.toMatch(READY);
    else expect(done.stdout).toMatch(out);
  });
});

describe('places', () => {
  it('links that lead in a circle, or nowhere', async () => {
    const folder = folderOf(COLD);
    symlinkSync(folder, join(folder, 'around'));
    symlinkSync('loop', join(folder, 'loop'));
    symlinkSync('/nonexistent/target', join(folder, 'nowhere'));
    const done = await coldtrace(['replay', folder]);
    expect(done.code).toBe(0);
    expect(done.stdout.match(/ready in/g)).toHaveLength(1);
    expect(done.stderr).toContain('loop');
    expect(done.stderr).toContain('nowhere');
  });

  it('a link that leads nowhere, named', async () => {
    const folder = folderOf(COLD);
    symlinkSync('/nonexistent/target', join(folder, 'nowhere.log'));
    const done = await coldtrace(['replay', join(folder, 'nowhere.log')]);
    expect([done.code, done.stdout]).toEqual([2, '']);
  });

  it('the same file twice is one startup', async () => {
    const folder = folderOf({ 'a.log': BARE });
    mkdirSync(join(folder, 'sub'));
    symlinkSync('../a.log', join(folder, 'sub', 'b.log'));
    const file = join(folder, 'a.log');
    const done = await coldtrace(['replay', file, file, folder, '--format', 'json', '--year', '2026']);
    expect(done.code).toBe(0);
    expect(JSON.parse(done.stdout).startups).toHaveLength(1);
  });

  it('one copy below another name is one startup too', async () => {
    const folder = folderOf({ 'a.log': BARE, 'backup/b.log': BARE });
    const done = await coldtrace(['replay', folder, '--format', 'json', '--year', '2026']);
    expect(JSON.parse(done.stdout).startups).toHaveLength(1);
  });
});

describe('standard input', () => {
  it.each([
    ['a log', BARE, 0, READY],
    ['a log, packed', gzipSync(BARE), 0, READY],
    [
      'a log that was cut off in its archive',
      gzipSync(BARE + 'x'.repeat(100_000)).subarray(0, -12),
      2,
      READY,
    ],
    ['pods', String(COLD['pods.json']), 0, READY],
    ['nothing', '', 1, /^$/],
    ['noise', ELF, 1, /^$/],
  ] as const)('%s', async (_what, bytes, code, out) => {
    const done = await coldtrace(['replay', '-', '--year', '2026'], bytes);
    expect(done.code).toBe(code);
    expect(done.stdout).toMatch(out);
  });
});

interface Long {
  readonly name: string;
  readonly duration_seconds?: number;
}

function expectNoNegative(startup: Long & { readonly phases: readonly Long[] }): void {
  for (const one of [startup, ...startup.phases])
    if (one.duration_seconds !== undefined) expect(one.duration_seconds, one.name).toBeGreaterThanOrEqual(0);
}

describe('clocks that contradict', () => {
  const line = (stamp: string, text: string): string => `${stamp} stdout F ${text}\n`;

  it('an end before its start is no negative phase', async () => {
    const log = [
      line('2026-11-22T02:00:10Z', 'INFO 11-22 02:00:10 [api_server.py:1839] vLLM API server version 0.11.0'),
      line(
        '2026-11-22T02:00:20Z',
        'INFO 11-22 02:00:20 [gpu_model_runner.py:1] Starting to load model /m...',
      ),
      line(
        '2026-11-22T02:00:05Z',
        'INFO 11-22 02:00:05 [gpu_model_runner.py:2] Model loading took 1.00 GiB and 3.000000 seconds',
      ),
      line('2026-11-22T02:00:04Z', 'INFO:     Application startup complete.'),
    ].join('');
    const done = await coldtrace(['replay', folderOf({ 'a.log': log }), '--format', 'json']);
    const { startups } = JSON.parse(done.stdout);
    for (const one of startups) expectNoNegative(one);
    // Seen before they began: unknown, which is not zero.
    const unknown = startups[0].phases.filter((one: Long) => one.duration_seconds === undefined);
    expect(unknown.length).toBeGreaterThan(0);
    expect(done.code).toBe(0);
  });

  it('a pod that was ready before it was created', async () => {
    const pods = String(COLD['pods.json']).replaceAll(
      /"creationTimestamp": "[^"]*"/g,
      '"creationTimestamp": "2027-01-01T00:00:00Z"',
    );
    const done = await coldtrace(['replay', folderOf({ ...COLD, 'pods.json': pods }), '--format', 'json']);
    const { startups } = JSON.parse(done.stdout);
    for (const one of startups) expectNoNegative(one);
    expect(startups[0]).not.toHaveProperty('duration_seconds');
  });
});

describe('lint', () => {
  it.each([
    ['a log without drift', { 'a.log': BARE }, 0],
    ['nothing to lint', { 'a.txt': 'hello\n' }, 1],
    [
      'a marker that nobody knows',
      {
        'a.log': BARE.replace(/\n/, '\nINFO 11-22 02:24:44 [core.py:9] Frobnicating kv took 3.14 seconds\n'),
      },
      3,
    ],
  ] as const)('%s', async (_what, tree, code) => {
    expect((await coldtrace(['lint', folderOf(tree), '--year', '2026'])).code).toBe(code);
  });
});
