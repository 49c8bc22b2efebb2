// A run without any fault: what all scenarios are held against.

import { describe, expect, it } from 'vitest';
import { sink, taken } from '../exporters/sink.ts';
import { expectDelivered } from './delivered.ts';
import { openScene, RECORDINGS, recover, runOnce, targetOf, toldBy } from './scene.ts';

describe('without a fault', () => {
  it('one run tells all, the next ones nothing, and the watermark follows', async () => {
    await using destination = await sink(taken);
    const scene = await openScene({ url: destination.url });
    const startups = await toldBy(RECORDINGS);
    const told = await runOnce(scene);
    expect(told).toMatchObject({ status: 'ok', complete: true, watermark: { to: targetOf(scene.clock) } });
    expectDelivered(destination.received, startups);
    const requests = destination.received.length;
    const [again] = await recover(scene);
    expect(again).toMatchObject({ status: 'ok', watermark: { to: targetOf(scene.clock) } });
    expect(destination.received).toHaveLength(requests);
    expect(startups.length).toBeGreaterThan(RECORDINGS.length);
  });
});
