// The closing lines of .ci/run.

import { expect, it } from 'vitest';
import { summaryOf } from '../../.ci/summary.ts';

const file = (status: string, ...statuses: readonly string[]) => ({
  name: `${process.cwd()}/test/a.test.ts`,
  status,
  assertionResults: statuses.map((each, index) => ({ status: each, fullName: `adds\n ${index}` })),
});

it.each([
  [[file('passed', 'passed', 'passed')], true, ['2 passed, 0 failed']],
  [[file('failed', 'passed', 'failed')], false, ['failed: test/a.test.ts > adds 1', '1 passed, 1 failed']],
  [
    [file('passed', 'passed', 'skipped', 'pending', 'todo')],
    true,
    [
      'skipped: test/a.test.ts > adds 1',
      'skipped: test/a.test.ts > adds 2',
      'skipped: test/a.test.ts > adds 3',
      '1 passed, 0 failed, 3 skipped',
    ],
  ],
  [[file('failed')], false, ['failed: test/a.test.ts (the file as a whole)', '0 passed, 1 failed']],
  [[file('failed', 'passed')], false, ['failed: test/a.test.ts (the file as a whole)', '1 passed, 1 failed']],
  [[], false, ['0 passed, 0 failed']],
])('%o', (files, isGood, lines) => {
  expect(summaryOf(files)).toEqual({ lines, isGood });
});
