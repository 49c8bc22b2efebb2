// How every bundle is made: for which Node, in which form, with whose licences.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import type { BuildOptions, Metafile, Plugin } from 'esbuild';

/** A long alias: a short one collides with a minified name of the bundle. */
const REQUIRE =
  "import{createRequire as coldtraceCreateRequire}from'node:module';const require=coldtraceCreateRequire(import.meta.url);";

const WHEN_USED: ReadonlySet<string> = new Set(['require-call', 'dynamic-import']);

/**
 * Node's own modules are loaded where they are used. esbuild would hoist their imports out of the lazily
 * run parts: `coldtrace --version` then loaded HTTP, TLS and fetch (30 ms of CPU).
 */
export const BUILTINS_WHEN_USED: Plugin = {
  name: 'builtins-when-used',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z:/_0-9]+$/ }, ({ path, kind }) => {
      if (!isBuiltin(path)) return undefined;
      // One that is imported when it is used stays as it is: as a chunk of its own it would lose its named exports.
      return WHEN_USED.has(kind) ? { path, external: true } : { path, namespace: 'builtin' };
    });
    onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(path)});`,
    }));
  },
};

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

export function writeLicences(file: string, bundles: readonly Metafile[]): void {
  const licences = packagesOf(bundles).map(licenceOf);
  writeFileSync(file, licences.join(`\n${'-'.repeat(80)}\n\n`));
}

export const COMMON = {
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
