// Makes dist/coldtrace.mjs: one file that runs on Node ≥ 22.15 without the sources and without node_modules;
// and beside it the clients that few commands load: dist/kubernetes.mjs, dist/s3.mjs, dist/cloudwatch-logs.mjs.
// dist/start.mjs is what an installed `coldtrace` starts.
//
//   node .ci/build.ts [folder]   instead of dist/

import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';

/** A long alias: a short one collides with a minified name of the bundle. */
const REQUIRE =
  "import{createRequire as coldtraceCreateRequire}from'node:module';const require=coldtraceCreateRequire(import.meta.url);";

/**
 * Node's own modules are loaded where they are used. esbuild would hoist their imports out of the lazily
 * run parts: `coldtrace --version` then loaded HTTP, TLS and fetch (30 ms of CPU).
 */
const BUILTINS_WHEN_USED: Plugin = {
  name: 'builtins-when-used',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z:/_0-9]+$/ }, ({ path, kind }) => {
      if (!isBuiltin(path)) return undefined;
      return kind === 'require-call' ? { path, external: true } : { path, namespace: 'builtin' };
    });
    onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

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

/** The folders of the packages that gave something to the bundles. */
function packagesOf(bundles: readonly Metafile[]): readonly string[] {
  const folders = bundles
    .flatMap(({ inputs }) => Object.keys(inputs))
    .flatMap(
      (path) => /^(?:.{1,999}\/)?node_modules\/(?:@[^/]{1,99}\/)?[^/]{1,99}(?=\/)/.exec(path)?.[0] ?? [],
    );
  return [...new Set(folders)].sort();
}

/** Their licences ask to be handed on with every copy. */
function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file === undefined ? '' : readFileSync(join(folder, file), 'utf8').trim();
  return `${name} ${version} (${license})\n\n${text}\n`;
}

const directory = process.argv[2] ?? 'dist';
if (!existsSync('bin/coldtrace.ts')) throw new Error("expected to run in the project's folder");

rmSync(directory, { recursive: true, force: true });
const common = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22.15',
  // The OpenTelemetry packages have an ES build under these names; of it only what is used gets in.
  mainFields: ['module', 'main'],
  conditions: ['module'],
  minify: true,
  metafile: true,
  banner: { js: REQUIRE },
  logLevel: 'warning',
} as const satisfies BuildOptions;

const bundle = join(directory, 'coldtrace.mjs');
const clients = CLIENTS.map(({ entry, file }) => ({ entry, outfile: join(directory, file) }));
const built = await Promise.all([
  build({
    ...common,
    entryPoints: ['bin/coldtrace.ts'],
    outfile: bundle,
    plugins: [CLIENTS_BESIDE, BUILTINS_WHEN_USED],
  }),
  ...clients.map(({ entry, outfile }) =>
    build({ ...common, entryPoints: [entry], outfile, plugins: [BUILTINS_WHEN_USED] }),
  ),
]);
const start = join(directory, 'start.mjs');
writeFileSync(start, START);
for (const path of [bundle, start]) chmodSync(path, 0o755);
writeFileSync(
  join(directory, 'LICENSES.txt'),
  packagesOf(built.map(({ metafile }) => metafile))
    .map(licenceOf)
    .join(`\n${'-'.repeat(80)}\n\n`),
);
const told = [bundle, ...clients.map(({ outfile }) => outfile)].map(
  (path) => `${path} ${(statSync(path).size / 1000).toFixed(0)} kB`,
);
process.stdout.write(`${told.join(', ')}\n`);
