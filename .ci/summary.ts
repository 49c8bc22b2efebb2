// Tells what a run of vitest came to, from its JSON report: failed and skipped tests by name, then the counts.
//
//   node .ci/summary.ts report.json     the last line is `N passed, N failed` or `N passed, N failed, N skipped`

import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

interface Test {
  readonly status: string;
  readonly fullName: string;
}

interface File {
  readonly name: string;
  readonly status: string;
  readonly assertionResults: readonly Test[];
}

export interface Summary {
  readonly lines: readonly string[];
  readonly isGood: boolean;
}

/** A file that could not even be loaded has no tests, and counts as one that failed. */
export function summaryOf(files: readonly File[]): Summary {
  const tests = files.flatMap(testsOf);
  const passed = tests.filter(({ status }) => status === 'passed');
  const failed = tests.filter(({ status }) => status === 'failed');
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed');
  const counts = [`${passed.length} passed`, `${failed.length} failed`];
  if (skipped.length > 0) counts.push(`${skipped.length} skipped`);
  return {
    lines: [
      ...failed.map(({ fullName }) => `failed: ${fullName}`),
      ...skipped.map(({ fullName }) => `skipped: ${fullName}`),
      counts.join(', '),
    ],
    isGood: failed.length === 0 && passed.length > 0,
  };
}

function testsOf({ name, status, assertionResults }: File): readonly Test[] {
  const path = relative(process.cwd(), name);
  const tests = assertionResults.map((test) => ({
    ...test,
    fullName: `${path} > ${oneLine(test.fullName)}`,
  }));
  const isBroken = status === 'failed' && !tests.some((test) => test.status === 'failed');
  return isBroken ? [...tests, { status: 'failed', fullName: `${path} (the file as a whole)` }] : tests;
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 160);

/** No report at all: vitest did not get that far. */
function filesOf(path: string): readonly File[] {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).testResults;
  } catch {
    return [{ name: 'test', status: 'failed', assertionResults: [] }];
  }
}

if (import.meta.main) {
  const { lines, isGood } = summaryOf(filesOf(process.argv[2] ?? ''));
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = isGood ? 0 : 1;
}
