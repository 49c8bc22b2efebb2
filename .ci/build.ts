// Makes dist/coldtrace.mjs: one file that runs on Node ≥ 22.15 without the sources.

import { chmodSync, readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

rmSync('dist', { recursive: true, force: true });
const result = await build({
  entryPoints: ['bin/coldtrace.ts'],
  outfile: 'dist/coldtrace.mjs',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node22.15',
  minifySyntax: true,
  legalComments: 'linked',
  metafile: true,
  // A long alias: a short one collides with a minified name of the bundle.
  banner: { js: "import{createRequire as coldtraceCreateRequire}from'node:module';const require=coldtraceCreateRequire(import.meta.url);" },
  define: { COLDTRACE_VERSION: JSON.stringify(version) },
  logLevel: 'warning',
});
chmodSync('dist/coldtrace.mjs', 0o755);
const bytes = Object.values(result.metafile.outputs).reduce((sum, output) => sum + output.bytes, 0);
process.stdout.write(`dist/coldtrace.mjs ${(bytes / 1e6).toFixed(2)} MB\n`);
