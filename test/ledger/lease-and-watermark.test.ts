// One run at a time, and a watermark that only the newest holder moves, and only forward.

import { describe, expect, it } from 'vitest';
import { duration, SECOND } from '../../lib/base/instant.ts';
import type { ObjectStore } from '../../lib/ledger/contract.ts';
import type { Key } from '../../lib/ledger/key.ts';
import { acquireLease, isHeld, type Lease, releaseLease, renewLease } from '../../lib/ledger/lease.ts';
import type { Ledger } from '../../lib/ledger/ledger.ts';
import {
  advanceWatermark,
  claimWatermark,
  resetWatermark,
  startWatermark,
  type Watermark,
} from '../../lib/ledger/watermark.ts';
import { aLedger, second } from './a-ledger.ts';

/** A source that was never leased begins with the seconds of the clock, and one more. */
const FIRST = Number(second(0) / SECOND) + 1;

const TERMS = { ttl: duration(60n * SECOND), skew: duration(5n * SECOND) };

async function leased(ledger: Ledger): Promise<Lease> {
  const acquired = await acquireLease(ledger, 'logs', TERMS);
  if (acquired.status !== 'acquired') throw new Error(acquired.status);
  return acquired.lease;
}

async function claimed(ledger: Ledger, lease: Lease): Promise<Watermark & { restored?: string }> {
  const claim = await claimWatermark(ledger, lease);
  if (claim.status !== 'claimed') throw new Error(JSON.stringify(claim.status));
  return { ...claim.watermark, ...(claim.restored === undefined ? {} : { restored: claim.restored }) };
}

async function spoil(store: ObjectStore, key: string, text: string): Promise<void> {
  const found = await store.get(key as Key);
  if (found.status !== 'found') throw new Error(found.status);
  await store.replace(key as Key, Buffer.from(text), found.tag);
}

describe('the lease', () => {
  it('is held by one, and by the next when its time and the skew are over', async () => {
    const a = aLedger('a');
    const b = a.as('b');
    expect((await leased(a)).generation).toBe(FIRST);
    a.clock = second(64);
    expect(await acquireLease(b, 'logs', TERMS)).toEqual({ status: 'held', by: 'a', until: second(65) });
    a.clock = second(65);
    expect(await leased(b)).toMatchObject({
      generation: FIRST + 1,
      expires: second(125),
      freeAt: second(130),
    });
  });

  it('other sources have others', async () => {
    const a = aLedger('a');
    await leased(a);
    expect(await acquireLease(a.as('b'), 'other', TERMS)).toMatchObject({ status: 'acquired' });
  });

  it('ends for its holder before it is free for others', async () => {
    const a = aLedger('a');
    const lease = await leased(a);
    expect(isHeld(lease, second(59))).toBe(true);
    expect(isHeld(lease, second(60))).toBe(false);
  });

  it('released: the next need not wait, and generations go on', async () => {
    const a = aLedger('a');
    await releaseLease(a, await leased(a));
    expect((await leased(a.as('b'))).generation).toBe(FIRST + 1);
  });

  it('renewed: the same generation, more time; also late, while nobody has taken it', async () => {
    const a = aLedger('a');
    const lease = await leased(a);
    a.clock = second(100);
    const renewed = await renewLease(a, lease, TERMS);
    expect(renewed).toMatchObject({ status: 'renewed', lease: { generation: FIRST, expires: second(160) } });
    expect(await acquireLease(a.as('b'), 'logs', TERMS)).toMatchObject({ status: 'held' });
  });

  it('taken by another: its holder sees that on renewing, and cannot release it', async () => {
    const a = aLedger('a');
    const lease = await leased(a);
    a.clock = second(65);
    await leased(a.as('b'));
    expect(await renewLease(a, lease, TERMS)).toEqual({ status: 'lost' });
    expect(await releaseLease(a, lease)).toEqual({ status: 'conflict' });
  });

  it('a renewal of which the answer was lost is no loss', async () => {
    const a = aLedger('a');
    const lease = await leased(a);
    await renewLease(a, lease, TERMS);
    expect(await renewLease(a, lease, TERMS)).toMatchObject({
      status: 'renewed',
      lease: { generation: FIRST },
    });
  });

  it('lost: the next generation is above all before, so that the watermark does not fence it off', async () => {
    const a = aLedger('a');
    const lease = await leased(a);
    await startWatermark(a, lease, second(0));
    await a.store.remove('v1/lease/logs.json' as Key, lease.tag);
    a.clock = second(300);
    const next = await leased(a.as('b'));
    expect(next.generation).toBeGreaterThan(lease.generation);
    expect(await claimWatermark(a.as('b'), next)).toMatchObject({ status: 'claimed' });
  });

  it('one that cannot be read is nobody’s: told, copied aside, not taken', async () => {
    const a = aLedger('a');
    await leased(a);
    await spoil(a.store, 'v1/lease/logs.json', '{"state":"lea');
    expect(await acquireLease(a, 'logs', TERMS)).toMatchObject({ status: 'unreadable', why: 'corrupt' });
  });
});

describe('the watermark', () => {
  const at = async (ledger: Ledger) => {
    const lease = await leased(ledger);
    const started = await startWatermark(ledger, lease, second(0));
    if (started.status !== 'claimed') throw new Error(started.status);
    return { lease, mark: started.watermark };
  };

  it('is absent at first, begins once, and goes forward only', async () => {
    const a = aLedger('a');
    const lease = await leased(a);
    expect(await claimWatermark(a, lease)).toEqual({ status: 'absent' });
    const started = await startWatermark(a, lease, second(0));
    expect(started).toMatchObject({ status: 'claimed', watermark: { at: second(0) } });
    expect(await startWatermark(a, lease, second(-100))).toEqual({ status: 'fenced' });
    const mark = await claimed(a, lease);
    const advanced = await advanceWatermark(a, mark, second(300));
    if (advanced.status !== 'advanced') throw new Error(advanced.status);
    expect(await advanceWatermark(a, advanced.watermark, second(299))).toEqual({ status: 'kept' });
    expect((await claimed(a, lease)).at).toBe(second(300));
  });

  it('a holder that overslept cannot move it: the next one has claimed it', async () => {
    const a = aLedger('a');
    const { lease, mark } = await at(a);
    a.clock = second(65);
    const b = a.as('b');
    const next = await claimed(b, await leased(b));
    expect(await advanceWatermark(a, mark, second(600))).toEqual({ status: 'fenced' });
    expect(await claimWatermark(a, lease)).toEqual({ status: 'fenced' });
    expect(await advanceWatermark(b, next, second(300))).toMatchObject({ status: 'advanced' });
  });

  it('corrupt: goes on from the one before, says so, and keeps the bytes', async () => {
    const a = aLedger('a');
    const { lease, mark } = await at(a);
    const first = await advanceWatermark(a, mark, second(300));
    if (first.status !== 'advanced') throw new Error(first.status);
    await advanceWatermark(a, first.watermark, second(600));
    await spoil(a.store, 'v1/watermark/logs.json', 'half a fi');
    const restored = await claimed(a, lease);
    expect(restored.at).toBe(second(300));
    expect(restored.restored).toMatch(
      /was corrupt .* bytes are in v1\/quarantine\/.*reading again from 2026-09-21T14:20/,
    );
    const copies = await a.store.list('v1/quarantine/');
    const [copy] = copies.status === 'page' ? copies.keys : [];
    const bytes = await a.store.get(copy ?? ('' as Key));
    expect(bytes.status === 'found' && Buffer.from(bytes.body).toString()).toBe('half a fi');
  });

  it('gone: goes on from the one before, never from the beginning', async () => {
    const a = aLedger('a');
    const { lease, mark } = await at(a);
    await advanceWatermark(a, mark, second(300));
    const found = await a.store.get('v1/watermark/logs.json' as Key);
    if (found.status === 'found') await a.store.remove('v1/watermark/logs.json' as Key, found.tag);
    expect(await claimed(a, lease)).toMatchObject({
      at: second(0),
      restored: expect.stringMatching(/was gone/),
    });
  });

  it('corrupt without one before: stops, until a person names a moment', async () => {
    const a = aLedger('a');
    const { lease } = await at(a);
    await spoil(a.store, 'v1/watermark/logs.json', '[]');
    const lost = await claimWatermark(a, lease);
    if (lost.status !== 'unreadable') throw new Error(lost.status);
    expect(lost.why).toBe('corrupt');
    const reset = await resetWatermark(a, lease, { at: second(-600), over: lost });
    expect(reset).toMatchObject({ status: 'claimed', watermark: { at: second(-600) } });
  });

  it('of a newer version: stops, and leaves everything as it is', async () => {
    const a = aLedger('a');
    const { lease, mark } = await at(a);
    await advanceWatermark(a, mark, second(300));
    const newer = '{"state":"watermark","version":2,"value":{"anything":1}}';
    await spoil(a.store, 'v1/watermark/logs.json', newer);
    expect(await claimWatermark(a, lease)).toMatchObject({ status: 'unreadable', why: 'newer' });
    const found = await a.store.get('v1/watermark/logs.json' as Key);
    expect(found.status === 'found' && Buffer.from(found.body).toString()).toBe(newer);
  });
});
