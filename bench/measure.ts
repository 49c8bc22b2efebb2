// CPU seconds and peak memory of whole processes, as the kernel accounts for them.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Measured {
  /** User and system time of the process and its children, in seconds. */
  readonly cpu: number;
  /** Highest resident set that was seen, in MiB. */
  readonly rss: number;
  readonly status: number | null;
}

/** bash's own `time` keyword counts children too; 10 ms is the kernel's clock, so runs should last longer. */
export async function measure(command: string): Promise<Measured> {
  const script = `TIMEFORMAT='cpu %U %S'; time { ${command} >/dev/null 2>/dev/null; }`;
  const child = spawn('bash', ['-c', script], { stdio: ['ignore', 'ignore', 'pipe'] });
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => {
    told += chunk.toString();
  });
  let rss = 0;
  const watch = setInterval(() => {
    rss = Math.max(rss, peakOf(child.pid ?? 0));
  }, 15);
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  clearInterval(watch);
  const [, user = '0', system = '0'] = /cpu ([\d.]+) ([\d.]+)/.exec(told) ?? [];
  return { cpu: Number(user) + Number(system), rss, status };
}

/** Peak of the process and of everything below it: the largest single one. */
function peakOf(pid: number): number {
  const own = /VmHWM:\s+(\d+) kB/.exec(read(`/proc/${pid}/status`))?.[1];
  const children = read(`/proc/${pid}/task/${pid}/children`)
    .trim()
    .split(' ')
    .filter((text) => text !== '');
  return Math.max(Number(own ?? 0) / 1024, ...children.map((child) => peakOf(Number(child))));
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** The two in turn, A B A B: a machine that gets slower is slower for both. */
export async function pair(
  ours: string,
  theirs: string,
  runs: number,
): Promise<{ ours: Measured; theirs: Measured; ratio: number }> {
  const a: Measured[] = [];
  const b: Measured[] = [];
  for (let run = 0; run <= runs; run += 1) {
    const first = await measure(ours);
    const second = await measure(theirs);
    if (run === 0) continue;
    a.push(first);
    b.push(second);
  }
  const ratios = a.map(({ cpu }, index) => cpu / Math.max(0.01, b[index]?.cpu ?? 0.01));
  return { ours: middle(a), theirs: middle(b), ratio: median(ratios) };
}

const middle = (runs: readonly Measured[]): Measured => ({
  cpu: median(runs.map(({ cpu }) => cpu)),
  rss: Math.max(...runs.map(({ rss }) => rss)),
  status: runs.at(-1)?.status ?? null,
});
