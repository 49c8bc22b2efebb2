// Starts a real server that .ci/servers built; what is not there is skipped, not failed.

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Where .ci/servers/*.sh put it, or undefined. `variable` names another place. */
export function builtServer(variable: string, name: string): string | undefined {
  const home = process.env['COLDTRACE_SERVERS'] ?? join(homedir(), '.cache', 'coldtrace-servers');
  const path = process.env[variable] ?? join(home, name);
  return existsSync(path) ? path : undefined;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

export interface Running {
  /** SIGTERM, and wait until it is gone: only then are its files complete. */
  readonly stop: () => Promise<void>;
}

/** Resolves once `ready` (a URL that answers 200) says so; throws with what the server printed when it does not. */
export async function start(
  command: string,
  args: readonly string[],
  ready: string | (() => Promise<boolean>),
): Promise<Running> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      printed += String(chunk);
    });
  }
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const running = {
    stop: async () => {
      child.kill('SIGTERM');
      await gone;
    },
  };
  for (let tries = 0; tries < 600; tries += 1) {
    if (await isReady(ready)) return running;
    if (hasEnded(child)) break;
    await sleep(100);
  }
  await running.stop();
  throw new Error(`${command} did not get ready:\n${printed.slice(-3000)}`);
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function isReady(ready: string | (() => Promise<boolean>)): Promise<boolean> {
  try {
    if (typeof ready !== 'string') return await ready();
    const response = await fetch(ready);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
