// The benchmarks: ratios against a reference in the same run, never wall-clock limits.
//
//   npm run bench            the sizes that the claims are made for
//   npm run bench -- smoke   small sizes, for CI: the same ratios, with room for noise

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measure, pair } from './measure.ts';
import { LITERALS, writeLog } from './synthetic-log.ts';
import { writePods } from './synthetic-pods.ts';

const smoke = process.argv.includes('smoke');
const MB = 1_000_000;
const size = smoke ? 60 * MB : 300 * MB;
const runs = smoke ? 3 : 5;
const folder = mkdtempSync(join(tmpdir(), 'coldtrace-bench-'));
const node = join('node_modules', '.bin', 'node');
const replay = `${existsSync(node) ? node : 'node'} bin/coldtrace.ts replay --format json --no-progress`;
const failures: string[] = [];

function tell(what: string, figures: string, isGood: boolean): void {
  process.stdout.write(`${isGood ? 'ok  ' : 'OVER'} ${what.padEnd(46)} ${figures}\n`);
  if (!isGood) failures.push(what);
}

const has = (command: string): boolean => {
  try {
    execFileSync('bash', ['-c', `command -v ${command}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

async function against(what: string, ours: string, theirs: string, limit: number): Promise<void> {
  const { ours: a, theirs: b, ratio } = await pair(ours, theirs, runs);
  tell(
    what,
    `${a.cpu.toFixed(2)} s CPU against ${b.cpu.toFixed(2)} s: ratio ${ratio.toFixed(2)} (limit ${limit}), ${a.rss.toFixed(0)} MiB`,
    ratio <= limit,
  );
}

const noise = smoke ? 1.5 : 1;
const log = join(folder, 'main.log');
await writeLog(log, size);
process.stdout.write(
  `${(statSync(log).size / MB).toFixed(0)} MB of CRI lines, 2 % of them start-up lines; medians of ${runs} runs in turn\n`,
);

// Starting Node and loading the program costs the same whatever is read: told apart, so that small sizes compare too.
const idle = join(folder, 'idle.log');
await writeLog(idle, 1);
const startUp = await measure(`${replay} ${idle}`);
process.stdout.write(
  `     start-up of the command alone                  ${startUp.cpu.toFixed(2)} s CPU, ${startUp.rss.toFixed(0)} MiB\n`,
);

const literals = LITERALS.map((text) => `-e ${JSON.stringify(text)}`).join(' ');
const startUpShare = smoke ? 1 + startUp.cpu / 0.2 : 1;
if (has('rg'))
  await against(
    'plain file against ripgrep, 32 literals',
    `${replay} ${log}`,
    `rg -c -F ${literals} ${log}`,
    noise * startUpShare,
  );
else process.stdout.write('skip plain file against ripgrep: rg is not installed (apt-get install ripgrep)\n');

execFileSync('gzip', ['-k', '-6', log]);
await against(
  'the same as .gz against gzip -dc',
  `${replay} ${log}.gz`,
  `gzip -dc ${log}.gz`,
  noise * (smoke ? 1 + startUp.cpu / 0.3 : 1),
);
rmSync(`${log}.gz`);
rmSync(log);

const few = join(folder, 'few');
const many = join(folder, 'many');
const pods = smoke ? 30 : 100;
writePods(few, pods);
writePods(many, pods * 10);
const { ours, theirs, ratio } = await pair(`${replay} ${many}`, `${replay} ${few}`, runs);
tell(
  `${pods * 10} pods against ${pods} pods`,
  `${ours.cpu.toFixed(2)} s against ${theirs.cpu.toFixed(2)} s: ratio ${ratio.toFixed(2)} (limit 11.5)`,
  ratio <= 11.5,
);
tell(
  `memory of ${pods * 10} pods with events and logs`,
  `${ours.rss.toFixed(0)} MiB (limit 256)`,
  ours.rss <= 256,
);

if (!smoke) {
  const big = join(folder, 'big.log');
  await writeLog(big, 2000 * MB);
  const { rss, cpu } = await measure(`${replay} ${big}`);
  tell('memory of a 2 GB log', `${rss.toFixed(0)} MiB (limit 150), ${cpu.toFixed(1)} s CPU`, rss <= 150);
}

for (const command of [
  '--version',
  '--help',
  `replay ${idle}`,
  `replay --format json ${idle}`,
  `replay --format otlp-json ${idle}`,
]) {
  const { cpu, rss } = await measure(`${replay.split(' ')[0]} bin/coldtrace.ts ${command}`);
  process.stdout.write(
    `     coldtrace ${command.replace(folder, '…').padEnd(44)} ${cpu.toFixed(2)} s CPU, ${rss.toFixed(0)} MiB\n`,
  );
}

rmSync(folder, { recursive: true, force: true });
process.exitCode = failures.length > 0 ? 1 : 0;
