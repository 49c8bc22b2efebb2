// Writes what documentation can be made of the code; with --check only says what is stale, and exits 1.

import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportJsonSchema } from '../lib/reports/schema.ts';
import { exportConfigSchema } from '../lib/settings/schema.ts';
import { destinationsPage } from './destinations-page.ts';
import { formatsPage } from './formats-page.ts';
import { journalPage } from './journal-page.ts';
import { settingsTable } from './settings-table.ts';

const ROOT = join(import.meta.dirname, '..');

/** Every page that is made of the code, by its path in the checkout, and how it is made. */
export const PAGES: Readonly<Record<string, () => string>> = {
  'docs/formats.md': formatsPage,
  'docs/journal-lines.md': journalPage,
  'docs/coldtrace-v1.schema.json': exportJsonSchema,
  'docs/coldtrace-config.schema.json': exportConfigSchema,
  'docs/destinations.md': destinationsPage,
  'docs/configuration.md': () => within('settings', 'docs/configuration.md', settingsTable()),
  'README.md': () => within('demo', 'README.md', `\`\`\`text\n${demo()}\`\`\`\n`),
};

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

/** Throws when the page has lost its fences: then it would be stale for ever without saying so. */
function within(fence: string, path: string, made: string): string {
  const page = read(path);
  const between = new RegExp(`(?<=<!-- ${fence} -->\\n)[\\s\\S]*?(?=<!-- /${fence} -->)`);
  if (!between.test(page))
    throw new Error(`${path}: expected <!-- ${fence} --> and <!-- /${fence} -->, got neither or one`);
  return page.replace(between, () => made);
}

function main(words: readonly string[]): void {
  const isCheck = words.includes('--check');
  const made = Object.entries(PAGES).map(([path, make]) => ({ path, text: make() }));
  const stale = made.filter(({ path, text }) => read(path) !== text);
  for (const { path, text } of stale) {
    if (!isCheck) writeFileSync(join(ROOT, path), text);
    process.stdout.write(`${path}: ${isCheck ? 'stale: run npm run docs' : 'written'}\n`);
  }
  if (stale.length === 0) process.stdout.write('the documentation made of the code is current\n');
  if (isCheck && stale.length > 0) process.exitCode = 1;
}

if (import.meta.main) main(process.argv.slice(2));
