// The benchmarks: ratios against a reference in the same run, never wall-clock limits.
//
//   npm run bench            the sizes that the claims are made for
//   npm run bench -- smoke   small sizes, for CI: under a minute, with room for noise
//   npm run bench -- audit   only what API servers write down: 400 MB of audit log, of a watch
//   npm run bench -- pods    only dumps of Kubernetes: 10,000 pods and 100,000 events
//
// What is measured is what users run: dist/start.mjs, whole processes with
// Node's own start; the first run of a pair is not counted, so Node knows the
// compiled code of the bundle, as it does from the second run of an installed one on. From the sources each run also pays for type stripping.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measure, pair } from './measure.ts';
import { type Whose, writeAudit, writeWatch } from './synthetic-audit.ts';
import { type DumpForm, writeDumps } from './synthetic-dumps.ts';
import { LITERALS, type Mix, writeLog } from './synthetic-log.ts';
import { writePods } from './synthetic-pods.ts';

const MB = 1_000_000;
const NODE = existsSync('node_modules/.bin/node') ? 'node_modules/.bin/node' : process.execPath;
const COMMAND = `${NODE} dist/start.mjs`;
const REPLAY = `${COMMAND} replay --no-progress`;

/** `start`: the seconds that Node and the program need before they read; in small files they would hide everything else. */
interface Sizes {
  readonly log: number;
  readonly big: number;
  readonly pods: number;
  /** Pods of the smaller dump; the bigger has ten times as many, with ten events each. */
  readonly dumps: number;
  /** Bytes of an audit log and of a watch; the smaller ones have a quarter. */
  readonly written: number;
  readonly runs: number;
  /** The limits are multiplied by this. */
  readonly room: number;
}

/** A tenth is what two runs of one command differ by on these machines. */
const FULL: Sizes = {
  log: 300 * MB,
  big: 2000 * MB,
  pods: 100,
  dumps: 1000,
  written: 400 * MB,
  runs: 7,
  room: 1.1,
};
/** Small runs are mostly start-up, of Node and of compiled code: they only notice what is grossly slower. */
const SMOKE: Sizes = {
  log: 60 * MB,
  big: 200 * MB,
  pods: 20,
  dumps: 100,
  written: 40 * MB,
  runs: 3,
  room: 5,
};

let over = 0;

function tell(what: string, figures: string, isGood: boolean): void {
  process.stdout.write(`${isGood ? 'ok  ' : 'OVER'} ${what.padEnd(44)} ${figures}\n`);
  if (!isGood) over += 1;
}

const note = (what: string, figures: string): void => {
  process.stdout.write(`     ${what.padEnd(44)} ${figures}\n`);
};

function has(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

interface Race {
  readonly what: string;
  readonly ours: string;
  readonly theirs: string;
  readonly limit: number;
}

async function race({ what, ours, theirs, limit }: Race, { runs }: Sizes): Promise<void> {
  const { ours: a, theirs: b, ratio } = await pair(ours, theirs, runs);
  const figures = `${a.cpu.toFixed(2)} s CPU against ${b.cpu.toFixed(2)} s: ratio ${ratio.toFixed(2)} (limit ${limit})`;
  tell(what, figures, ratio <= limit && a.status === 0);
}

/**
 * A served model's log has one start, and 2 % of its lines are those of a start;
 * a crash loop's has thousands of starts to tell, which is work of another kind:
 * its ratio is shown, and held only against getting much worse.
 */
async function plain(folder: string, sizes: Sizes, mix: Mix): Promise<void> {
  const log = join(folder, 'main.log');
  await writeLog(log, sizes.log, mix);
  const told = typeof mix === 'number' ? `${mix} start` : `2 % start-up lines, ${mix}`;
  const size = `${(statSync(log).size / MB).toFixed(0)} MB, ${told}`;
  const limit = mix === 'crash loop' ? sizes.room * 5 : sizes.room;
  const literals = LITERALS.map((text) => `-e ${JSON.stringify(text)}`).join(' ');
  const ours = `${REPLAY} ${log}`;
  if (has('rg'))
    await race(
      {
        what: `${size}: rg -c -F, 32 literals`,
        ours,
        theirs: `rg -c -F ${literals} ${log}`,
        limit,
      },
      sizes,
    );
  else note('skipped: ripgrep', 'rg is not installed (apt-get install ripgrep)');
  await packed(log, size, { ...sizes, room: limit });
  rmSync(log);
}

async function packed(log: string, size: string, sizes: Sizes): Promise<void> {
  if (!has('gzip')) return note('skipped: gzip', 'gzip is not installed');
  execFileSync('gzip', ['-k', '-6', log]);
  await race(
    {
      what: `${size}, .gz: gzip -dc`,
      ours: `${REPLAY} ${log}.gz`,
      theirs: `gzip -dc ${log}.gz`,
      limit: sizes.room,
    },
    sizes,
  );
  rmSync(`${log}.gz`);
}

async function pods(folder: string, sizes: Sizes): Promise<void> {
  const [few, many] = [join(folder, 'few'), join(folder, 'many')];
  writePods(few, sizes.pods);
  writePods(many, sizes.pods * 10);
  const { ours, theirs, ratio } = await pair(`${REPLAY} ${many}`, `${REPLAY} ${few}`, sizes.runs);
  const figures = `${ours.cpu.toFixed(2)} s CPU against ${theirs.cpu.toFixed(2)} s: ratio ${ratio.toFixed(2)} (limit 11.5)`;
  tell(`${sizes.pods * 10} pods: ${sizes.pods} pods`, figures, ratio <= 11.5 && ours.status === 0);
  tell(
    `${sizes.pods * 10} pods with events and logs: memory`,
    `${ours.rss.toFixed(0)} MiB (limit 256)`,
    ours.rss <= 256,
  );
}

/** CPU seconds that a dump of 10,000 pods and 100,000 events may take; smaller ones their share and Node's start. */
const DUMP_SECONDS: Readonly<Record<DumpForm, number>> = { json: 30, yaml: 90 };

async function dumps(folder: string, form: DumpForm, sizes: Sizes): Promise<void> {
  const [few, many] = [join(folder, `few-${form}`), join(folder, `many-${form}`)];
  for (const home of [few, many]) mkdirSync(home);
  writeDumps(few, form, sizes.dumps);
  const bytes = writeDumps(many, form, sizes.dumps * 10);
  const command = `${REPLAY} --format json`;
  const { ours, theirs, ratio } = await pair(`${command} ${many}`, `${command} ${few}`, sizes.runs);
  const what = `${sizes.dumps * 10} pods, ${sizes.dumps * 100} events, ${form}`;
  const limit = 1 + (DUMP_SECONDS[form] * sizes.dumps) / 1000;
  const size = `${(bytes / MB).toFixed(0)} MB`;
  tell(`${what}: CPU`, `${ours.cpu.toFixed(2)} s (limit ${limit.toFixed(0)}), ${size}`, ours.cpu <= limit);
  tell(`${what}: memory`, `${ours.rss.toFixed(0)} MiB (limit 256)`, ours.rss > 0 && ours.rss <= 256);
  const growth = `${theirs.cpu.toFixed(2)} s for a tenth: ratio ${ratio.toFixed(2)} (limit 11.5)`;
  tell(`${what}: growth`, growth, ratio <= 11.5 && ours.status === 0);
  for (const home of [few, many]) rmSync(home, { recursive: true });
}

async function memory(folder: string, sizes: Sizes): Promise<void> {
  const big = join(folder, 'big.log');
  await writeLog(big, sizes.big, 20);
  const { rss, cpu } = await measure(`${REPLAY} ${big}`);
  tell(
    `${sizes.big / MB} MB, 20 starts: memory`,
    `${rss.toFixed(0)} MiB (limit 150), ${cpu.toFixed(2)} s CPU`,
    rss > 0 && rss <= 150,
  );
  rmSync(big);
}

interface Written {
  readonly what: string;
  readonly write: (path: string, bytes: number) => void;
  /** MiB at the full size. */
  readonly most: number;
}

const audit = (whose: Whose) => (path: string, bytes: number) =>
  writeAudit(path, bytes, { whose, whole: true });

/** `one`: a single pod, written again and again, grows by what differs only. */
const WRITTEN: readonly Written[] = [
  { what: 'audit log of many pods', write: audit('many'), most: 220 },
  { what: 'audit log of one pod', write: audit('one'), most: 300 },
  { what: 'watch of many pods', write: (path, bytes) => writeWatch(path, bytes, 'many'), most: 260 },
  { what: 'watch of one pod', write: (path, bytes) => writeWatch(path, bytes, 'one'), most: 430 },
];

/** Memory as such, and against a quarter of it: four times the evidence may take two and a half times the memory. */
async function written(folder: string, { what, write, most }: Written, sizes: Sizes): Promise<void> {
  const [few, many] = [join(folder, 'few.log'), join(folder, 'many.log')];
  write(few, sizes.written / 4);
  write(many, sizes.written);
  const { ours, theirs } = await pair(`${REPLAY} ${many}`, `${REPLAY} ${few}`, 1);
  const size = `${sizes.written / MB} MB, ${what}`;
  tell(`${size}: memory`, `${ours.rss.toFixed(0)} MiB (limit ${most})`, ours.rss > 0 && ours.rss <= most);
  const ratio = ours.rss / Math.max(1, theirs.rss);
  const growth = `${theirs.rss.toFixed(0)} MiB for a quarter: ratio ${ratio.toFixed(2)} (limit 2.5)`;
  tell(`${size}: growth`, growth, ratio <= 2.5 && ours.status !== 2);
  for (const path of [few, many]) rmSync(path);
}

async function everyWritten(folder: string, sizes: Sizes): Promise<void> {
  for (const one of WRITTEN) await written(folder, one, sizes);
}

/** Only what a command needs is loaded. */
async function starting(folder: string, { runs }: Sizes): Promise<void> {
  const line = join(folder, 'line.log');
  await writeLog(line, 1, 1);
  const commands = [
    '--version',
    '--help',
    `replay ${line}`,
    `replay --format json ${line}`,
    `replay --format otlp-json ${line}`,
  ];
  for (const command of commands) {
    const { ours, theirs } = await pair(`${COMMAND} ${command}`, `${NODE} -e 0`, runs);
    note(
      `coldtrace ${command.replace(folder, '…')}`,
      `${ours.cpu.toFixed(2)} s CPU, ${ours.rss.toFixed(0)} MiB (node -e 0: ${theirs.cpu.toFixed(2)} s)`,
    );
  }
}

async function everything(folder: string, sizes: Sizes): Promise<void> {
  await plain(folder, sizes, 'served');
  await plain(folder, sizes, 1);
  await plain(folder, sizes, 'crash loop');
  await pods(folder, sizes);
  await everyDump(folder, sizes);
  await everyWritten(folder, sizes);
  await memory(folder, sizes);
  await starting(folder, sizes);
}

/** These runs are long: fewer of them tell as much. */
async function everyDump(folder: string, sizes: Sizes): Promise<void> {
  const fewer = { ...sizes, runs: Math.min(sizes.runs, 3) };
  await dumps(folder, 'json', fewer);
  await dumps(folder, 'yaml', fewer);
}

async function measured(what: typeof everything, sizes: Sizes): Promise<void> {
  execFileSync(NODE, ['.ci/build.ts'], { stdio: 'ignore' });
  const folder = mkdtempSync(join(tmpdir(), 'coldtrace-bench-'));
  try {
    process.stdout.write(`CPU seconds of whole processes, medians of ${sizes.runs} runs in turn\n`);
    await what(folder, sizes);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const sizes = process.argv.includes('smoke') ? SMOKE : FULL;
const chosen = process.argv.includes('pods') ? everyDump : everything;
await measured(process.argv.includes('audit') ? everyWritten : chosen, sizes);
process.exitCode = over > 0 ? 1 : 0;
