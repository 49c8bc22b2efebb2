#!/usr/bin/env node
// The command-line door: argv, environment, clock, chance and terminal in; text and an exit code out.

import { writeFile } from 'node:fs/promises';
import { enableCompileCache } from 'node:module';
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { instant, toSeconds } from '../lib/base/instant.ts';
import type { Refusal } from '../lib/command-line.ts';
import type { RunDeps } from '../lib/run.ts';

/** Sets the exit code rather than exiting, so that what was written to a pipe gets through. */
async function main(argv: readonly string[]): Promise<void> {
  outliveTheReader();
  // From the sources half of a short run is type stripping: Node may keep what it made in the temporary folder.
  if (import.meta.url.endsWith('.ts')) enableCompileCache();
  const { parseCommandLine } = await import('../lib/command-line.ts');
  const command = parseCommandLine(argv);
  try {
    if (!command.ok) return await refuse(command.error);
    const [{ run }, { replay }] = await Promise.all([import('../lib/run.ts'), import('../lib/pipeline.ts')]);
    keepHeapSmall();
    process.exitCode = await run(command.value, { ...world(), replay });
  } catch (error) {
    process.stderr.write(`coldtrace: ${causes(error).join('\n  because ')}\n`);
    process.exitCode = 2;
  }
}

/**
 * What a line or an object of a dump leaves behind is dead before the next: V8's usual 64 MB for young objects make
 * nothing faster here, and a thousand pods then take 330 MiB instead of 200. What lives is kept to the end, so
 * letting the heap grow to twice of it before looking again only costs memory: 10,000 pods took 300 MiB instead of
 * 210. Both flags are read when the heap would grow.
 */
function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=30');
}

/** Opens it only when it is read: an open stdin keeps the process alive. */
async function* standardInput(): AsyncGenerator<Uint8Array> {
  yield* process.stdin;
}

/** Help and version are answers: they go to stdout. */
async function refuse({ message, exitCode }: Refusal): Promise<void> {
  if (exitCode === 0) await print(message);
  else process.stderr.write(message);
  process.exitCode = exitCode;
}

/** A failed write is told by its own callback; without a listener it would also end the process with a trace. */
function outliveTheReader(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
}

/** `coldtrace … | head`: the reader has gone, which is its right; what is to be sent is sent all the same. */
function print(text: string): Promise<void> {
  return new Promise((written, lost) => {
    process.stdout.write(text, (error) => {
      if (error == null || ('code' in error && error.code === 'EPIPE')) written();
      else lost(new Error('the answer could not be written to stdout', { cause: error }));
    });
  });
}

/** The chain of causes, outermost first; no stack traces. */
function causes(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [String(error)];
  return [error.message || error.name, ...(error.cause === undefined ? [] : causes(error.cause))];
}

/** The first Ctrl-C asks for an end; the second ends the process, as it always does. */
function interrupted(): AbortSignal {
  const asked = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => asked.abort());
  return asked.signal;
}

/** All that the hall may touch. */
const world = (): Omit<RunDeps, 'replay'> => ({
  env: process.env,
  terminal: {
    stdout: process.stdout.isTTY === true,
    stderr: process.stderr.isTTY === true,
    columns: process.stdout.columns ?? process.stderr.columns,
    rows: process.stdout.rows,
  },
  now: () => instant(BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n),
  patience: {
    sleep: (time) => setTimeout(toSeconds(time) * 1000),
    random: Math.random,
  },
  pause: (time, signal) => setTimeout(toSeconds(time) * 1000, undefined, { signal }).catch(() => {}),
  interrupted,
  stdin: standardInput(),
  stdout: print,
  stderr: (text) => {
    process.stderr.write(text);
  },
  writeFile: (path, pieces) => writeFile(path, pieces),
});

await main(process.argv.slice(2));
