// Writes what documentation can be made of the code; with --check only says what is stale, and exits 1.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJsonSchema } from '../lib/reports/schema.ts';
import { formatsPage } from './formats-page.ts';

const ROOT = join(import.meta.dirname, '..');

export interface Page {
  /** Relative to the checkout. */
  readonly path: string;
  /** What it should hold. */
  readonly text: string;
}

/** Every page that is made of the code, as it should be now. */
export const pages = (): readonly Page[] => [
  { path: 'docs/formats.md', text: formatsPage() },
  { path: 'docs/coldtrace-v1.schema.json', text: exportJsonSchema() },
  { path: 'README.md', text: withDemo(read('README.md'), demo()) },
];

/** The pages that are not as they should be. */
export const stale = (): readonly Page[] => pages().filter(({ path, text }) => read(path) !== text);

function read(path: string): string {
  try {
    return readFileSync(join(ROOT, path), 'utf8');
  } catch {
    return '';
  }
}

/** What `npm run demo` prints on stdout when it is piped: 80 columns, no colours. */
function demo(): string {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: { demo: string } };
  const [, ...words] = scripts.demo.split(' ');
  const env = { PATH: process.env['PATH'], NO_COLOR: '1', LC_ALL: 'C.UTF-8' };
  return execFileSync(process.execPath, words, {
    cwd: ROOT,
    env,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

const FENCE = /(?<=<!-- demo -->\n)[\s\S]*?(?=<!-- \/demo -->)/;

/** Throws when the README has lost its fences: then it would be stale for ever without saying so. */
function withDemo(readme: string, printed: string): string {
  if (!FENCE.test(readme))
    throw new Error('README.md: expected <!-- demo --> and <!-- /demo -->, got neither or one');
  return readme.replace(FENCE, () => `\`\`\`text\n${printed}\`\`\`\n`);
}

function main(words: readonly string[]): void {
  const found = stale();
  const isCheck = words.includes('--check');
  for (const { path, text } of found) {
    if (!isCheck) writeFileSync(join(ROOT, path), text);
    process.stdout.write(`${path}: ${isCheck ? 'stale: run npm run docs' : 'written'}\n`);
  }
  if (found.length === 0) process.stdout.write('the generated documentation is current\n');
  if (isCheck && found.length > 0) process.exitCode = 1;
}

if (import.meta.main) main(process.argv.slice(2));
