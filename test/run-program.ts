// Runs a program as a process of its own and keeps what it said.

import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

export interface Ran {
  /** The exit code, or the name of the signal that ended it. */
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** The checkout, with a slash at its end. */
export const CHECKOUT = new URL('../', import.meta.url).pathname;

const DOOR = `${CHECKOUT}bin/coldtrace.ts`;

/** Only what is named is in its environment, and a PATH: no OTEL_… of the machine has a say. */
export async function runProgram(
  program: string,
  args: readonly string[],
  { env = {}, cwd = CHECKOUT }: Surroundings = {},
): Promise<Ran> {
  const child = spawn(program, args, {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | string>((done, failed) => {
    child.once('error', failed);
    child.once('close', (code, signal) => done(code ?? signal ?? 'unknown'));
  });
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}

/** The door in the checkout. */
export const coldtrace = (args: readonly string[], surroundings?: Surroundings): Promise<Ran> =>
  runProgram(process.execPath, [DOOR, ...args], surroundings);
