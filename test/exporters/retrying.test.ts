// How long is waited for, and when it is enough.

import { expect, it } from 'vitest';
import { type Duration, seconds, toSeconds } from '../../lib/base/instant.ts';
import { retrying } from '../../lib/exporters/retrying.ts';
import type { Answer } from '../../lib/exporters/sender.ts';

const ACCEPTED: Answer = { kind: 'accepted', rejected: 0, reason: '' };

async function run(answers: readonly Answer[], chance: number) {
  const waits: number[] = [];
  const left = [...answers];
  const send = retrying(async () => left.shift() ?? ACCEPTED, {
    sleep: async (wait: Duration) => {
      waits.push(toSeconds(wait));
    },
    random: () => chance,
  });
  return { answer: await send([]), waits, unused: left.length };
}

const later = (after?: number): Answer => ({
  kind: 'later',
  reason: 'busy',
  ...(after !== undefined && { after: seconds(after) }),
});

it.each([
  [0, [0.5, 1, 2]],
  [0.5, [0.75, 1.5, 3]],
  [1, [1, 2, 4]],
])('with chance %d waits %j s', async (chance, waits) => {
  expect(await run([later(), later(), later(), later(), later()], chance)).toMatchObject({
    waits,
    unused: 1,
  });
});

it.each([
  [30, 'accepted'],
  [31, 'later'],
])('asked to wait %i s: %s', async (after, kind) => {
  expect((await run([later(after)], 0)).answer.kind).toBe(kind);
});

it.each(['unclear', 'malformed', 'denied', 'refused'] as const)('%s is final', async (kind) => {
  expect(await run([{ kind, reason: 'no' }], 0)).toMatchObject({ answer: { kind, reason: 'no' }, waits: [] });
});
