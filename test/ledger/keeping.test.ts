// What is kept between runs: keys, slices, open pods, evidence, dead letters, reports.

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duration, instant, SECOND } from '../../lib/base/instant.ts';
import { type DeadLetter, deadLetters } from '../../lib/ledger/dead-letters.ts';
import { appendEvidence, readEvidence, type Snapshot } from '../../lib/ledger/evidence.ts';
import { entryFile } from '../../lib/ledger/export-entry.ts';
import { asKey, instantOfStamp, type Key, keyOf, segment, stampOf } from '../../lib/ledger/key.ts';
import { closePod, keepOpen, type OpenPod, openPods } from '../../lib/ledger/open-pods.ts';
import { reportsOf, writeReport } from '../../lib/ledger/run-reports.ts';
import { readSlices, recordSlice } from '../../lib/ledger/slices.ts';
import { slicesOf } from '../../lib/ledger/window.ts';
import { podUid } from '../../lib/model/ids.ts';
import { storePlaceOf } from '../../lib/open-store.ts';
import { aLedger, second } from './a-ledger.ts';
import { memoryStore } from './memory-store.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom('..', '.', 'a/b', 'a=2fb', ''),
);

describe('keys', () => {
  it('different texts are different segments, and every one is safe', () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        expect(segment(a)).toMatch(/^[A-Za-z0-9_=-][\w.=-]{0,199}$/);
        if (Buffer.compare(Buffer.from(a), Buffer.from(b)) !== 0) expect(segment(a)).not.toBe(segment(b));
        expect(asKey(keyOf('v1/x', [a, b], '.json'))).toBeDefined();
      }),
    );
  });

  it('no key is also a folder of another: some stores refuse that', () => {
    const names = ['a', 'a.json', '0-spans-b', 'ab'];
    const keys: string[] = names.flatMap((a) =>
      names.flatMap((b) => [
        keyOf('v1/lease', [a], '.json'),
        keyOf('v1/slices', [a, b], '.json'),
        keyOf('v1/dlq', [a, b], '.json'),
        keyOf('v1/quarantine', [a, b], '.bin'),
        keyOf('v1/evidence', [a, '2026-01-01', b], '.ndjson.gz'),
        entryFile({ uid: a, attempt: 0, signal: 'spans', destination: b }).key,
      ]),
    );
    for (const key of keys) expect(keys.filter((other) => other.startsWith(`${key}/`))).toEqual([]);
  });

  it('stamps sort by time and come back', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 4_000_000_000n * 10n ** 9n),
        fc.bigInt(0n, 4_000_000_000n * 10n ** 9n),
        (a, b) => {
          expect(instantOfStamp(stampOf(instant(a)))).toBe(a);
          expect(stampOf(instant(a)) < stampOf(instant(b))).toBe(a < b);
        },
      ),
    );
    expect(instantOfStamp('20261399T000000.000000000Z')).toBeUndefined();
  });
});

it.each([
  ['s3://state/prod/eu', { kind: 's3', bucket: 'state', prefix: 'prod/eu/', region: 'eu-west-1' }],
  ['s3://state', { kind: 's3', bucket: 'state', prefix: '', region: 'eu-west-1' }],
  ['s3://state/', { kind: 's3', bucket: 'state', prefix: '', region: 'eu-west-1' }],
  ['s3://Not A Bucket', undefined],
  ['', undefined],
  ['/var/lib/coldtrace', { kind: 'folder', path: '/var/lib/coldtrace' }],
])('state at %j', (text, place) => {
  expect(storePlaceOf(text, 'eu-west-1')).toEqual(place);
});

describe('slices', () => {
  const step = duration(300n * SECOND);
  const plan = slicesOf({ from: second(0), to: second(900) }, step);
  const lease = { source: 'logs', generation: 1 };
  const reading = { readAt: second(1000), status: 'done', counts: { 'lines.read': 3 } } as const;

  it('are known as read once they are recorded', async () => {
    const ledger = aLedger();
    const [first, , third] = plan;
    if (first === undefined || third === undefined) throw new Error('no plan');
    await recordSlice(ledger, lease, { ...first, ...reading });
    await recordSlice(ledger, { ...lease, source: 'other' }, { ...third, ...reading });
    expect(await readSlices(ledger, 'logs', plan)).toEqual({
      status: 'slices',
      slices: [{ ...first, readAt: second(1000), counts: reading.counts }],
      unreadable: [],
    });
  });

  it('keep the latest reading, whoever comes last', async () => {
    const ledger = aLedger();
    const [slice] = plan;
    if (slice === undefined) throw new Error('no plan');
    await recordSlice(ledger, lease, { ...slice, ...reading });
    expect(await recordSlice(ledger, lease, { ...slice, ...reading, readAt: second(900) })).toEqual({
      status: 'superseded',
    });
    expect(await recordSlice(ledger, lease, { ...slice, ...reading, readAt: second(2000) })).toEqual({
      status: 'recorded',
    });
    expect(await readSlices(ledger, 'logs', plan)).toMatchObject({ slices: [{ readAt: second(2000) }] });
  });

  it('whose marker is corrupt count as not read, are told, and are recorded anew', async () => {
    const ledger = aLedger();
    const [slice] = plan;
    if (slice === undefined) throw new Error('no plan');
    const key = keyOf('v1/slices', ['logs', `${stampOf(slice.from)}-${stampOf(slice.to)}`], '.json');
    await ledger.store.create(key, Buffer.from('\u0000\u0000'));
    expect(await readSlices(ledger, 'logs', plan)).toMatchObject({
      slices: [],
      unreadable: [{ key, why: 'corrupt' }],
    });
    expect(await recordSlice(ledger, lease, { ...slice, ...reading })).toEqual({ status: 'recorded' });
    expect(await readSlices(ledger, 'logs', plan)).toMatchObject({ slices: [slice], unreadable: [] });
  });
});

describe('open pods', () => {
  const pod: OpenPod = {
    uid: 'uid-1',
    source: 'logs',
    first_evidence: second(0),
    last_evidence: second(10),
    why: 'starting',
    digest: 'd1',
  };

  it('stay until they are closed; the first evidence never moves forward', async () => {
    const ledger = aLedger();
    await keepOpen(ledger, pod);
    const later = { ...pod, first_evidence: second(5), last_evidence: second(20), digest: 'd2' };
    expect(await keepOpen(ledger, later)).toEqual({ status: 'kept' });
    expect(await openPods(ledger)).toMatchObject({
      pods: [{ ...later, first_evidence: second(0) }],
      isCut: false,
    });
    expect(await closePod(ledger, podUid('uid-1'))).toEqual({ status: 'removed' });
    expect(await closePod(ledger, podUid('uid-1'))).toEqual({ status: 'removed' });
    expect(await openPods(ledger)).toMatchObject({ pods: [] });
  });

  it('that say the same are not written again', async () => {
    const ledger = aLedger();
    await keepOpen(ledger, pod);
    const before = await ledger.store.get('v1/open/uid-1.json' as Key);
    await keepOpen(ledger, pod);
    expect(await ledger.store.get('v1/open/uid-1.json' as Key)).toEqual(before);
  });
});

describe('evidence', () => {
  const snapshot = (n: number, object: Snapshot['object'] = { kind: 'Pod', n }): Snapshot => ({
    arrival: second(n),
    type: 'MODIFIED',
    object,
  });

  async function linesIn(
    ledger: ReturnType<typeof aLedger>,
    from: number,
    to: number,
  ): Promise<readonly string[]> {
    const lines: string[] = [];
    for await (const batch of readEvidence(ledger, 'eks/prod', { from: second(from), to: second(to) })) {
      if (batch.status !== 'lines') throw new Error(batch.reason);
      lines.push(...batch.text.trimEnd().split('\n'));
    }
    return lines;
  }

  it('comes back line by line, across midnight, without loss of a nanosecond', async () => {
    const ledger = aLedger();
    const odd = { ...snapshot(0), arrival: instant(second(0) + 123_456_789n) };
    const appended = await appendEvidence(ledger, 'eks/prod', [snapshot(86_400), odd, snapshot(3)]);
    expect(appended).toMatchObject({ status: 'appended' });
    expect(appended.keys).toHaveLength(2);
    expect(await linesIn(ledger, 0, 100_000)).toEqual([
      '{"arrival_ns":"1790000100123456789","type":"MODIFIED","object":{"kind":"Pod","n":0}}',
      '{"arrival_ns":"1790000103000000000","type":"MODIFIED","object":{"kind":"Pod","n":3}}',
      '{"arrival_ns":"1790086500000000000","type":"MODIFIED","object":{"kind":"Pod","n":86400}}',
    ]);
    expect(await linesIn(ledger, 50_000, 100_000)).toHaveLength(1);
  });

  it('depends on what is stored, not on its order or repetition', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4, 5], { minLength: 6 }), async (order) => {
        const [a, b] = [memoryStore(), memoryStore()];
        const all = order.map((n) => snapshot(n * 20_000));
        await appendEvidence(aLedger('a', a), 'c', all);
        await appendEvidence(aLedger('b', b), 'c', [...all, ...all].toReversed());
        await appendEvidence(aLedger('c', b), 'c', all);
        expect([...b.objects.keys()].sort()).toEqual([...a.objects.keys()].sort());
      }),
      { numRuns: 30 },
    );
  });

  it('holds no secret', async () => {
    const store = memoryStore();
    const env = [{ name: 'HF_TOKEN', value: 'canary-9f3' }];
    const args = ['--api-key', 'canary-9f3'];
    const object = { kind: 'Pod', spec: { containers: [{ env, args }] } };
    const ledger = aLedger('a', store);
    await appendEvidence(ledger, 'eks/prod', [snapshot(0, object)]);
    const [line = ''] = await linesIn(ledger, 0, 10);
    expect(line).toContain('[redacted]');
    expect(line).not.toContain('canary');
  });

  it('that is damaged is told and copied aside; the rest is read', async () => {
    const store = memoryStore();
    const ledger = aLedger('a', store);
    await appendEvidence(ledger, 'c', [snapshot(0)]);
    await appendEvidence(ledger, 'c', [snapshot(1)]);
    const [first] = [...store.objects.keys()].sort();
    store.objects.set(first as Key, Buffer.from('no gzip'));
    const statuses = [];
    for await (const batch of readEvidence(ledger, 'c', { from: second(0), to: second(9) }))
      statuses.push(batch.status);
    expect(statuses).toEqual(['unreadable', 'lines']);
    expect([...store.objects.keys()].filter((key) => key.startsWith('v1/quarantine/'))).toHaveLength(1);
  });
});

describe('dead letters', () => {
  const letter: DeadLetter = {
    source: 'logs',
    locator: { group: '/aws/eks', event_id: '123' },
    reason: 'not JSON',
    excerpt: 'HF_TOKEN=canary-9f3 {"broken',
  };

  it('are one per poison, redacted, and no more than a run may lay', async () => {
    const store = memoryStore();
    const { lay } = deadLetters(aLedger('a', store), 2);
    expect(await lay(letter)).toEqual({ status: 'laid' });
    expect(await lay(letter)).toEqual({ status: 'known' });
    expect(await lay({ ...letter, reason: 'other' })).toEqual({ status: 'over_limit' });
    const [body] = store.objects.values();
    expect(Buffer.from(body ?? []).toString()).not.toContain('canary');
  });
});

describe('run reports', () => {
  it('are read back by day, in order', async () => {
    const ledger = aLedger();
    const report = {
      source: 'logs',
      generation: 1,
      ended: second(9),
      status: 'ok',
      counts: {},
      notes: [],
    } as const;
    await writeReport(ledger, { ...report, run: 'b', started: second(5) });
    await writeReport(ledger, { ...report, run: 'a', started: second(7), notes: ['token=canary-9f3'] });
    const read = await reportsOf(ledger, '2026-09-21');
    expect(read).toMatchObject({
      reports: [{ run: 'b' }, { run: 'a', notes: ['token=[redacted]'] }],
      unreadable: [],
    });
    expect(await reportsOf(ledger, '2026-09-22')).toMatchObject({ reports: [] });
  });
});
