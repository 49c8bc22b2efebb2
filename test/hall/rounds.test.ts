// Rounds: whatever the jobs do, each cargo goes out exactly once, and everybody gets the outcome of his own.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Handing, inRound } from '../../lib/rounds.ts';

/** A job hands over so many, pausing so many turns before each, and may throw at its end. */
const jobs = fc.array(
  fc.record({ pauses: fc.array(fc.nat({ max: 5 }), { maxLength: 4 }), throws: fc.boolean() }),
  { maxLength: 8 },
);

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
};

it('every cargo once, its own outcome to each, no deadlock, one delivery at a time', async () => {
  await fc.assert(
    fc.asyncProperty(jobs, fc.nat({ max: 3 }), async (plans, slowness) => {
      const delivered: string[] = [];
      const answers: string[] = [];
      let open = 0;
      const deliver = async (cargos: readonly string[]): Promise<readonly string[]> => {
        open += 1;
        expect(open).toBe(1);
        await turns(slowness);
        delivered.push(...cargos);
        open -= 1;
        return cargos.map((cargo) => `of ${cargo}`);
      };
      const act = plans.map(({ pauses, throws }, job) => async (hand: Handing<string, string>) => {
        for (const [index, pause] of pauses.entries()) {
          await turns(pause);
          const cargo = `${job}/${index}`;
          expect(await hand(cargo)).toBe(`of ${cargo}`);
          answers.push(cargo);
        }
        if (throws) throw new Error(`job ${job}`);
      });
      const firstThrown = plans.findIndex(({ throws }) => throws);
      const round = inRound(act, deliver);
      if (firstThrown < 0) await round;
      else await expect(round).rejects.toThrow(`job ${firstThrown}`);
      const all = plans.flatMap(({ pauses }, job) => pauses.map((_, index) => `${job}/${index}`)).sort();
      expect(delivered.toSorted()).toEqual(all);
      expect(answers.toSorted()).toEqual(all);
    }),
  );
});

it('jobs that wait together go out together', async () => {
  const sizes: number[] = [];
  const deliver = async (cargos: readonly number[]) => {
    sizes.push(cargos.length);
    return cargos;
  };
  const job = (times: number) => async (hand: Handing<number, number>) => {
    for (let time = 0; time < times; time += 1) await hand(time);
  };
  await inRound([job(1), job(2), job(3), job(0)], deliver);
  expect(sizes).toEqual([3, 2, 1]);
});

it.each([
  ['throws', async () => Promise.reject(new Error('down'))],
  ['has no outcome for a cargo', async () => []],
])('a delivery that %s ends every job that waits for it', async (_, deliver) => {
  let ended = 0;
  const job = async (hand: Handing<number, number>) => {
    try {
      await hand(1);
    } finally {
      ended += 1;
    }
  };
  await expect(inRound([job, job], deliver)).rejects.toThrow();
  expect(ended).toBe(2);
});
