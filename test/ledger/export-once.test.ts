// One export after another: what is sent, what is not, and what is remembered.

import { describe, expect, it } from 'vitest';
import { duration, SECOND } from '../../lib/base/instant.ts';
import type { Parts, Signal } from '../../lib/ledger/export-entry.ts';
import { type ExportJob, exportOnce, type SendOutcome } from '../../lib/ledger/export-once.ts';
import type { Key } from '../../lib/ledger/key.ts';
import { aLedger, second, type TestLedger } from './a-ledger.ts';

const COUNT = { replaces: true, onAmbiguous: 'count' } as const;

interface Case {
  readonly parts: Parts;
  readonly outcome?: SendOutcome;
  readonly policy?: ExportJob['policy'];
  readonly generation?: number;
  readonly source?: string;
}

/** Exports `signal` of one pod; returns the result and what the destination was given. */
function exporter(ledger: TestLedger, signal: Signal) {
  return async ({ parts, outcome = { status: 'delivered' }, policy = COUNT, ...lease }: Case) => {
    const given: (readonly string[])[] = [];
    const { generation = 1, source = 'logs' } = lease;
    const [expires, freeAt] = [second(3600), second(3605)];
    const result = await exportOnce(ledger, {
      key: { uid: 'uid-1', attempt: 0, signal, destination: 'otlp' },
      parts,
      policy,
      lease: { source, generation, expires, freeAt },
      send: async (shipment) => {
        given.push(shipment.parts);
        return outcome;
      },
    });
    return { ...result, given };
  };
}

/** Leaves a pending entry behind, as a run does that dies while it sends. */
async function dying(ledger: TestLedger, signal: Signal, parts: Parts): Promise<void> {
  const [expires, freeAt] = [second(3600), second(3605)];
  const dead = exportOnce(ledger, {
    key: { uid: 'uid-1', attempt: 0, signal, destination: 'otlp' },
    parts,
    policy: COUNT,
    lease: { source: 'logs', generation: 1, expires, freeAt },
    send: () => Promise.reject(new Error('dead')),
  });
  await expect(dead).rejects.toThrow('dead');
}

describe.each<Signal>(['spans', 'metrics'])('%s', (signal) => {
  it('are sent once, however often they are told, in whatever order', async () => {
    const send = exporter(aLedger(), signal);
    expect(await send({ parts: { a: '1', b: '2' } })).toMatchObject({
      status: 'sent',
      revision: 0,
      parts: 2,
      given: [['a', 'b']],
    });
    expect(await send({ parts: { b: '2', a: '1' } })).toEqual({ status: 'already', given: [] });
  });

  it('that surely did not arrive are sent by a later run, not before they are wanted', async () => {
    const ledger = aLedger();
    const send = exporter(ledger, signal);
    const wait = duration(30n * SECOND);
    const refusedNow = { status: 'unsent', reason: 'HTTP 429', after: wait } as const;
    expect(await send({ parts: { a: '1' }, outcome: refusedNow })).toMatchObject({
      status: 'parked',
      notBefore: second(30),
    });
    expect(await send({ parts: { a: '1' } })).toEqual({
      status: 'waiting',
      why: 'parked',
      until: second(30),
      given: [],
    });
    ledger.clock = second(30);
    expect(await send({ parts: { a: '1' } })).toMatchObject({ status: 'sent', given: [['a']] });
  });

  it('that are refused are not sent again until they say something else', async () => {
    const send = exporter(aLedger(), signal);
    const no = { status: 'refused', reason: 'HTTP 400 api_key=abcdef' } as const;
    expect(await send({ parts: { a: '1' }, outcome: no })).toMatchObject({ status: 'refused' });
    expect(await send({ parts: { a: '1' } })).toMatchObject({ status: 'already' });
    expect(await send({ parts: { a: '2' } })).toMatchObject({ status: 'sent', given: [['a']] });
  });

  it('of which some were rejected are not sent again', async () => {
    const send = exporter(aLedger(), signal);
    const some = { status: 'partial', rejected: 7, reason: 'too old' } as const;
    expect(await send({ parts: { a: '1' }, outcome: some })).toMatchObject({ status: 'sent', rejected: 7 });
    expect(await send({ parts: { a: '1' } })).toMatchObject({ status: 'already' });
  });

  it('that a living run is sending are left to it', async () => {
    const ledger = aLedger();
    await dying(ledger, signal, { a: '1' });
    const send = exporter(ledger, signal);
    const busy = { status: 'waiting', why: 'busy', until: second(3605), given: [] };
    expect(await send({ parts: { a: '1' } })).toEqual(busy);
    // A later generation of another source proves nothing about this one.
    expect(await send({ parts: { a: '1' }, source: 'backfill', generation: 9 })).toEqual(busy);
  });

  it('are not sent when the time is over', async () => {
    const ledger = aLedger();
    ledger.clock = second(3600);
    expect(await exporter(ledger, signal)({ parts: { a: '1' } })).toEqual({
      status: 'lease_lost',
      given: [],
    });
  });

  it('whose entry is corrupt are not sent: it alone knows what was', async () => {
    const ledger = aLedger();
    const send = exporter(ledger, signal);
    await send({ parts: { a: '1' } });
    const key = `v1/ledger/ui/uid-1/0-${signal}-otlp.json` as Key;
    const found = await ledger.store.get(key);
    if (found.status === 'found') await ledger.store.replace(key, Buffer.from('{}'), found.tag);
    expect(await send({ parts: { a: '1' } })).toMatchObject({
      status: 'unreadable',
      why: 'corrupt',
      copy: expect.stringMatching(/^v1\/quarantine\//),
      given: [],
    });
  });

  it('that another run took over meanwhile are told as unrecorded', async () => {
    const ledger = aLedger();
    const [expires, freeAt] = [second(3600), second(3605)];
    const result = await exportOnce(ledger, {
      key: { uid: 'uid-1', attempt: 0, signal, destination: 'otlp' },
      parts: { a: '1' },
      policy: COUNT,
      lease: { source: 'logs', generation: 1, expires, freeAt },
      send: async () => {
        await exporter(ledger.as('next'), signal)({ parts: { a: '1' }, generation: 2 });
        return { status: 'delivered' };
      },
    });
    expect(result).toMatchObject({ status: 'unrecorded', outcome: { status: 'delivered' } });
  });
});

describe('spans', () => {
  it('of a dead run are sent again', async () => {
    const ledger = aLedger();
    await dying(ledger, 'spans', { a: '1' });
    const again = await exporter(ledger, 'spans')({ parts: { a: '1' }, generation: 2 });
    expect(again).toMatchObject({ status: 'sent', ambiguous: 0, given: [['a']] });
  });

  it('of which nobody knows are sent again', async () => {
    const send = exporter(aLedger(), 'spans');
    const outcome = { status: 'unknown', reason: 'ECONNRESET' } as const;
    expect(await send({ parts: { a: '1' }, outcome })).toMatchObject({ status: 'parked' });
    expect(await send({ parts: { a: '1' } })).toMatchObject({ status: 'sent', given: [['a']] });
  });

  it('that say something else are a revision: only those are sent, and only where the same id replaces', async () => {
    const send = exporter(aLedger(), 'spans');
    await send({ parts: { a: '1', b: '2' } });
    expect(await send({ parts: { a: '1', b: '3', c: '4' } })).toMatchObject({
      status: 'sent',
      revision: 1,
      given: [['c', 'b']],
    });
    const policy = { replaces: false, onAmbiguous: 'count' } as const;
    const kept = await send({ parts: { a: '9', b: '3', c: '4', d: '5' }, policy });
    expect(kept).toEqual({ status: 'noted', ambiguous: 0, corrected: 1, given: [] });
    expect(await send({ parts: { a: '9', b: '3', c: '4', d: '5' }, policy })).toMatchObject({
      status: 'already',
    });
  });
});

describe('metrics', () => {
  it('of a dead run are not sent again: they are ambiguous, once', async () => {
    const ledger = aLedger();
    await dying(ledger, 'metrics', { a: '1' });
    const send = exporter(ledger, 'metrics');
    expect(await send({ parts: { a: '1' }, generation: 2 })).toEqual({
      status: 'noted',
      ambiguous: 1,
      corrected: 0,
      given: [],
    });
    expect(await send({ parts: { a: '1' }, generation: 3 })).toEqual({ status: 'already', given: [] });
  });

  it('of a dead run are sent again where the policy says so', async () => {
    const ledger = aLedger();
    await dying(ledger, 'metrics', { a: '1' });
    const policy = { replaces: true, onAmbiguous: 'resend' } as const;
    const again = await exporter(ledger, 'metrics')({ parts: { a: '1' }, generation: 2, policy });
    expect(again).toMatchObject({ status: 'sent', given: [['a']] });
  });

  it('of which nobody knows are ambiguous; what was not among them is still sent', async () => {
    const send = exporter(aLedger(), 'metrics');
    const outcome = { status: 'unknown', reason: 'no answer in 10 s' } as const;
    expect(await send({ parts: { a: '1' }, outcome })).toMatchObject({ status: 'ambiguous', ambiguous: 1 });
    expect(await send({ parts: { a: '1', b: '2' } })).toMatchObject({ status: 'sent', given: [['b']] });
  });

  it('of a counted phase are never sent again: what is new is sent, what is different is counted as corrected', async () => {
    const send = exporter(aLedger(), 'metrics');
    await send({ parts: { a: '1', b: '2' } });
    expect(await send({ parts: { a: '5', b: '2', c: '3' } })).toMatchObject({
      status: 'sent',
      corrected: 1,
      given: [['c']],
    });
    expect(await send({ parts: { a: '6', b: '2', c: '3' } })).toMatchObject({
      status: 'noted',
      corrected: 1,
    });
    expect(await send({ parts: { a: '6', b: '2', c: '3' } })).toMatchObject({ status: 'already' });
  });
});
