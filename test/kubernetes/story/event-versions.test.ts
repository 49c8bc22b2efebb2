// One event from many tellers: dumps, requests without a uid, patches without anything.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { instant, MICROSECOND, SECOND } from '../../../lib/base/instant.ts';
import type { JsonObject } from '../../../lib/base/json.ts';
import type { EventPatchRecord } from '../../../lib/kubernetes/objects/event-patch-record.ts';
import { type EventRecord, eventRecord } from '../../../lib/kubernetes/objects/event-record.ts';
import { mergeEvents, withRepetitions } from '../../../lib/kubernetes/story/event-versions.ts';
import { event, nanos } from '../pods.ts';

function record(object: JsonObject): EventRecord {
  const made = eventRecord(object);
  if (made?.kind !== 'event') throw new Error('expected an event');
  return made;
}

const started = { reason: 'Started', message: 'Container started', at: 4.506 };
const NAME = `demo.${nanos(started.at).toString(16)}`;

/** As the body of a request: it has no uid yet, nor a version. */
function withoutUid(object: JsonObject): EventRecord {
  return record({ ...object, metadata: { name: NAME, namespace: 'ns' } });
}

const repeated = (count: number, at: number, last?: number): EventPatchRecord => ({
  kind: 'event_patch',
  namespace: 'ns',
  name: NAME,
  count,
  last: last === undefined ? undefined : { at: instant(nanos(last)), precision: SECOND },
  message: undefined,
  at: { at: instant(nanos(at)), precision: MICROSECOND },
  proof: { source: `audit/${at}`, text: 'patch events by x: 200', rule: 'audit.event_patch' },
});

const told = (events: readonly EventRecord[], patches: readonly EventPatchRecord[] = []) =>
  mergeEvents(withRepetitions(events, patches));

const times = (events: readonly EventRecord[], patches: readonly EventPatchRecord[] = []) =>
  told(events, patches).map(({ count, occurrences }) => [
    count,
    occurrences.map(({ index, at }) => [index, at.at, at.precision]),
  ]);

describe('one event', () => {
  test('from a dump and from the request that made it', () => {
    const events = [record(event({ ...started, count: 3, last: 33 })), withoutUid(event(started))];
    expect(times(events)).toEqual([
      [
        3,
        [
          [0, nanos(4.506), 1n],
          [2, nanos(33), SECOND],
        ],
      ],
    ]);
  });

  test('made anew when it had expired: its name and first moment stay', () => {
    const dump = event({ ...started, count: 9, last: 4000 });
    const anew = record({
      ...dump,
      metadata: { name: NAME, namespace: 'ns', uid: 'other', resourceVersion: '9' },
    });
    expect(told([record(event(started)), anew])).toHaveLength(1);
  });

  test('and its repetitions, each at its own microsecond', () => {
    const patches = [repeated(2, 15.440517, 15), repeated(3, 34.041409, 34), repeated(4, 65.809097, 65)];
    expect(times([withoutUid(event(started))], patches)).toEqual([
      [
        4,
        [
          [0, nanos(4.506), 1n],
          [1, nanos(15.440517), MICROSECOND],
          [2, nanos(34.041409), MICROSECOND],
          [3, nanos(65.809097), MICROSECOND],
        ],
      ],
    ]);
  });

  test('and a dump of its last repetition: the finer witness is believed', () => {
    const dump = record(event({ ...started, count: 2, last: 15 }));
    expect(times([dump], [repeated(2, 15.44, 15)])).toEqual([
      [
        2,
        [
          [0, nanos(4.506), 1n],
          [1, nanos(15.44), MICROSECOND],
        ],
      ],
    ]);
  });

  test('a repetition that was told late is of the second that its reporter names', () => {
    expect(times([withoutUid(event(started))], [repeated(2, 18.2, 15)])).toEqual([
      [
        2,
        [
          [0, nanos(4.506), 1n],
          [1, nanos(15), SECOND],
        ],
      ],
    ]);
  });

  test('a repetition without a second of its own', () => {
    expect(times([withoutUid(event(started))], [repeated(2, 18.2)])).toEqual([
      [
        2,
        [
          [0, nanos(4.506), 1n],
          [1, nanos(18.2), MICROSECOND],
        ],
      ],
    ]);
  });

  test('has the words of its last repetition', () => {
    const [only] = told([withoutUid(event(started))], [{ ...repeated(2, 15.4, 15), message: 'again' }]);
    expect(only?.message).toBe('again');
  });
});

describe('not one event', () => {
  const named = (name: string, uid: string, first: number): EventRecord => ({
    ...record(event({ ...started, at: first })),
    name,
    uid,
  });

  test('names that come again: each has its own first moment', () => {
    expect(told([named('demo-scaled', 'a', 5), named('demo-scaled', 'b', 9)])).toHaveLength(2);
  });

  test('the same from requests, which have no uid', () => {
    expect(told([named('x', 'ns/x', 5), named('x', 'ns/x', 9)])).toHaveLength(2);
  });

  test('a repetition of a name that several events had is nobody’s', () => {
    const events = [named(NAME, 'a', 5), named(NAME, 'b', 9)];
    expect(told(events, [repeated(2, 15.4, 15)]).map(({ count }) => count)).toEqual([1, 1]);
  });

  test('a repetition in another namespace', () => {
    const patch = { ...repeated(2, 15.4, 15), namespace: 'other' };
    expect(told([record(event(started))], [patch]).map(({ count }) => count)).toEqual([1]);
  });

  test('a repetition that does not count', () => {
    const patch = { ...repeated(2, 15.4, 15), count: undefined };
    expect(told([record(event(started))], [patch]).map(({ count }) => count)).toEqual([1]);
  });

  test('events without a name', () => {
    expect(told([named('', 'a', 5), named('', 'b', 5)])).toHaveLength(2);
  });
});

test('order and repetition change nothing', () => {
  const moment = fc.integer({ min: 5, max: 60 });
  const events = [withoutUid(event(started)), record(event({ ...started, count: 4, last: 40 }))];
  const patches = fc.array(
    fc.tuple(fc.integer({ min: 2, max: 6 }), moment).map(([count, at]) => repeated(count, at + 0.25, at)),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(patches, fc.boolean(), (list, isTurned) => {
      const again = [...list, ...list.slice(0, 4)].reverse();
      const both = isTurned ? [...events].reverse() : [...events, ...events];
      expect(told(both, again)).toEqual(told(events, list));
    }),
  );
});
