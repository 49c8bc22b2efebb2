// Event times: the nanoseconds in the name, and when not to believe them.

import { expect, test } from 'vitest';
import { formatInstant } from '../../../lib/base/instant.ts';
import { firstMoment, momentOf } from '../../../lib/kubernetes/objects/moments.ts';

/** 18ea3a7aacd231e0 = 2026-11-22T01:41:40.020441568Z (recording a_cold, Pulling). */
const NAME = 'demo.18ea3a7aacd231e0';
const NAMED = '2026-11-22T01:41:40.020441568Z';

test.each([
  ['agrees with firstTimestamp', NAME, '2026-11-22T01:41:40Z', null, NAMED, 1n],
  ['one second early', NAME, '2026-11-22T01:41:41Z', null, '2026-11-22T01:41:41.000000000Z', 1_000_000_000n],
  ['one second late', NAME, '2026-11-22T01:41:39Z', null, '2026-11-22T01:41:39.000000000Z', 1_000_000_000n],
  ['near eventTime', NAME, null, '2026-11-22T01:41:40.020430Z', NAMED, 1n],
  ['far from eventTime', NAME, null, '2026-11-22T01:41:40.030000Z', '2026-11-22T01:41:40.030000000Z', 1_000n],
  [
    'a UUID (1.33 and later)',
    '3ea3ef66-5f89-43b7-b88b-6ee26f5b18a4',
    '2026-11-22T01:41:40Z',
    null,
    '2026-11-22T01:41:40.000000000Z',
    1_000_000_000n,
  ],
  [
    'too few digits',
    'demo.18ea3a7aacd2',
    '2026-11-22T01:41:40Z',
    null,
    '2026-11-22T01:41:40.000000000Z',
    1_000_000_000n,
  ],
])('%s', (_, name, firstTimestamp, eventTime, at, precision) => {
  const moment = firstMoment({ name, firstTimestamp, eventTime, created: '2026-11-22T01:41:50Z' });
  expect(moment && [formatInstant(moment.at), moment.precision]).toEqual([at, precision]);
});

test('without any time of its own, the creation of the object', () => {
  const moment = firstMoment({
    name: NAME,
    firstTimestamp: null,
    eventTime: null,
    created: '2026-11-22T01:41:40Z',
  });
  expect(moment?.precision).toBe(1_000_000_000n);
});

test.each([null, undefined, '', 'now', '0001-01-01T00:00:00Z', '1970-01-01T00:00:00Z', 5, {}])(
  '%s is no moment',
  (value) => {
    expect(momentOf(value)).toBeUndefined();
  },
);
