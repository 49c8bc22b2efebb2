// The budget of calls: even, halved when the server says no, and back to the rate.

import { expect, it } from 'vitest';
import { after, type Duration, instant } from '../../../lib/base/instant.ts';
import { logsBudget } from '../../../lib/sources/cloudwatch-logs/budget.ts';

function budgetWithClock() {
  let now = instant(0n);
  const budget = logsBudget({
    now: () => now,
    sleep: async (time: Duration) => {
      now = after(now, time);
    },
  });
  const take = async (): Promise<number> => {
    await budget.take('filterLogEvents');
    return Number(now) / 1e9;
  };
  return { budget, take };
}

it('four calls a second, evenly', async () => {
  const { take } = budgetWithClock();
  expect([await take(), await take(), await take(), await take(), await take()]).toEqual([
    0, 0.25, 0.5, 0.75, 1,
  ]);
});

it('half as often after each refusal, never more rarely than every ten seconds, and back again', async () => {
  const { budget, take } = budgetWithClock();
  await take();
  budget.throttled('filterLogEvents');
  const first = await take();
  expect(first).toBe(0.5);
  expect((await take()) - first).toBe(0.5);
  for (let refusals = 0; refusals < 20; refusals += 1) budget.throttled('filterLogEvents');
  await take();
  const slow = await take();
  expect((await take()) - slow).toBe(10);
  for (let answers = 0; answers < 100; answers += 1) budget.answered('filterLogEvents');
  await take();
  const fast = await take();
  expect((await take()) - fast).toBeCloseTo(0.25, 6);
});

it('another call has a quota of its own', async () => {
  const { budget, take } = budgetWithClock();
  await take();
  await budget.take('getLogEvents');
  expect(await take()).toBe(0.25);
});
