// Makes dist/coldtrace.mjs: one file that runs on Node ≥ 22.15 without the sources and without node_modules;
// and beside it the clients that few commands load: dist/kubernetes.mjs, dist/s3.mjs, dist/cloudwatch-logs.mjs.
// dist/start.mjs is what an installed `coldtrace` starts.
//
//   node .ci/build.ts [folder]   instead of dist/

import { chmodSync, existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { BUILTINS_WHEN_USED, COMMON, writeLicences } from './bundling.ts';

/** Modules that load a client bigger than all the rest, each a file of its own. */
const CLIENTS = [
  { entry: 'lib/sources/kube/kube-config.ts', file: 'kubernetes.mjs' },
  { entry: 'lib/s3-client.ts', file: 's3.mjs' },
  { entry: 'lib/sources/cloudwatch-logs/client.ts', file: 'cloudwatch-logs.mjs' },
] as const;

const CLIENTS_BESIDE: Plugin = {
  name: 'clients-beside',
  setup({ onResolve }) {
    onResolve({ filter: /\.ts$/ }, ({ kind, path }) => {
      const client = CLIENTS.find(({ entry }) => entry.endsWith(path.replace(/^\.\.?(?=\/)/, '')));
      return kind === 'dynamic-import' && client !== undefined
        ? { path: `./${client.file}`, external: true }
        : undefined;
    });
  },
};

/**
 * A third of a short run was compiling the bundle: so the installed command lets Node keep the compiled code in the
 * temporary folder (NODE_DISABLE_COMPILE_CACHE=1 forbids it). It must stand in front of the bundle: a module that is
 * being read is compiled already.
 */
const START = `#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
enableCompileCache();
await import('./coldtrace.mjs');
`;

const directory = process.argv[2] ?? 'dist';
if (!existsSync('bin/coldtrace.ts')) throw new Error("expected to run in the project's folder");

rmSync(directory, { recursive: true, force: true });
const bundle = join(directory, 'coldtrace.mjs');
const clients = CLIENTS.map(({ entry, file }) => ({ entry, outfile: join(directory, file) }));
const built = await Promise.all([
  build({
    ...COMMON,
    entryPoints: ['bin/coldtrace.ts'],
    outfile: bundle,
    plugins: [CLIENTS_BESIDE, BUILTINS_WHEN_USED],
  }),
  ...clients.map(({ entry, outfile }) =>
    build({ ...COMMON, entryPoints: [entry], outfile, plugins: [BUILTINS_WHEN_USED] }),
  ),
]);
const start = join(directory, 'start.mjs');
writeFileSync(start, START);
for (const path of [bundle, start]) chmodSync(path, 0o755);
writeLicences(
  join(directory, 'LICENSES.txt'),
  built.map(({ metafile }) => metafile),
);
const told = [bundle, ...clients.map(({ outfile }) => outfile)].map(
  (path) => `${path} ${(statSync(path).size / 1000).toFixed(0)} kB`,
);
process.stdout.write(`${told.join(', ')}\n`);
