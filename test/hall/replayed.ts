// The real pipeline on real folders: what a test writes down is what coldtrace reads.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parseInstant } from '../../lib/base/instant.ts';
import { replay } from '../../lib/pipeline.ts';
import type { Answer, ReplayRequest } from '../../lib/pipeline-types.ts';
import { jsonReport } from '../../lib/reports/json.ts';

export type Asked = Partial<Omit<ReplayRequest, 'paths'>>;

const NOW = parseInstant('2026-11-23T00:00:00Z');
if (NOW === undefined) throw new Error('the fixed time of the tests cannot be read');

/** Content by path below a folder. */
export type Tree = Readonly<Record<string, string | Uint8Array>>;

const deps = (stdin: readonly Uint8Array[]) => ({
  now: () => NOW,
  stdin: (async function* () {
    yield* stdin;
  })(),
  progress: () => {},
});

/** The answer for these paths; clocks without a year are of 2026. */
export const replayed = (paths: readonly string[], asked: Asked = {}): Promise<Answer> =>
  replay({ filters: {}, identity: {}, clock: { year: 2026 }, ...asked, paths }, deps([]));

/** The same for what comes through a pipe, whole or in chunks. */
export function piped(
  given: string | Uint8Array | readonly Uint8Array[],
  asked: Asked = {},
): Promise<Answer> {
  const chunks =
    typeof given === 'string' ? [Buffer.from(given)] : given instanceof Uint8Array ? [given] : given;
  return replay({ filters: {}, identity: {}, clock: { year: 2026 }, ...asked, paths: ['-'] }, deps(chunks));
}

/** A new folder with this content. */
export function folderOf(tree: Tree): string {
  const root = mkdtempSync(join(tmpdir(), 'coldtrace-test-'));
  for (const [path, content] of Object.entries(tree)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

export const replayedTree = (tree: Tree, asked: Asked = {}): Promise<Answer> =>
  replayed([folderOf(tree)], asked);

/** The startups as they are told, byte for byte: the tally may differ, these may not. */
export const startupsText = (answer: Answer): string =>
  jsonReport({ ...answer, tally: new Map(), problems: [] }, { traceIdScheme: 'md5' });

/** Every file below a folder, by its path in it. */
export function treeOf(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.map((file) => [relative(folder, file), readFileSync(file, 'utf8')]));
}

/** Names of the fixtures that hold evidence. */
export const CASES: readonly string[] = readdirSync('fixtures', { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && readdirSync(join('fixtures', entry.name)).includes('evidence'))
  .map(({ name }) => name)
  .sort();

export const evidenceOf = (name: string): string => join('fixtures', name, 'evidence');
