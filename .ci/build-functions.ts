// Makes dist/functions: one module for each Lambda function, and the chunks that several need or few load.
//
//   node .ci/build-functions.ts [folder]   instead of dist/functions/
//
// What a cold start of `analyze` reads before its first line is its entry with everything that it imports at once:
// more than LARGEST_ENTRY bytes of it, and the build fails. Clients are loaded when they are used.

import { existsSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { BUILTINS_WHEN_USED, COMMON, writeLicences } from './bundling.ts';

const NAMES = ['collect', 'analyze', 'backfill', 'work'] as const;

const LARGEST_ENTRY = 600_000;

/** The runtime of Lambda is Node 24; the command line's bundle has an older one to serve. */
const TARGET = 'node24';

const directory = process.argv[2] ?? join('dist', 'functions');
if (!existsSync('functions')) throw new Error("expected to run in the project's folder");
rmSync(directory, { recursive: true, force: true });

const { metafile } = await build({
  ...COMMON,
  target: TARGET,
  entryPoints: NAMES.map((name) => `functions/${name}.ts`),
  outdir: directory,
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunks/[name]-[hash]',
  splitting: true,
  plugins: [BUILTINS_WHEN_USED],
});
writeLicences(join(directory, 'LICENSES.txt'), [metafile]);

/** Bytes of a module and of all that it imports when it is loaded. */
function loadedAtOnce(entry: string, { outputs }: Metafile, seen = new Set<string>()): number {
  if (seen.has(entry)) return 0;
  seen.add(entry);
  const output = outputs[entry];
  const next = (output?.imports ?? []).filter(
    ({ kind, external }) => kind === 'import-statement' && external !== true,
  );
  return next.reduce(
    (sum, { path }) => sum + loadedAtOnce(path, { inputs: {}, outputs }, seen),
    output?.bytes ?? 0,
  );
}

const sizes = NAMES.map((name) => {
  const path = relative('.', join(directory, `${name}.mjs`));
  return { name, bytes: loadedAtOnce(path, metafile) };
});
const whole = Object.keys(metafile.outputs).reduce((sum, path) => sum + statSync(path).size, 0);
const told = sizes.map(({ name, bytes }) => `${name} ${(bytes / 1000).toFixed(0)} kB`);
process.stdout.write(`${told.join(', ')} at once, of ${(whole / 1000).toFixed(0)} kB in ${directory}\n`);
const heavy = sizes.find(({ name, bytes }) => name === 'analyze' && bytes > LARGEST_ENTRY);
if (heavy !== undefined)
  throw new Error(`analyze: expected at most ${LARGEST_ENTRY} bytes at once, got ${heavy.bytes}`);
