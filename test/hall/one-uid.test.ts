// A uid is one pod's for ever: dumps that give it two names are told, whichever is read first.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { folderOf, replayed, startupsText } from './replayed.ts';

const dump = JSON.parse(readFileSync('fixtures/crashloop/evidence/pods.json', 'utf8'));
const [pod] = dump.items ?? [dump];
const renamed = { ...pod, metadata: { ...pod.metadata, name: 'other' } };

const conflictsOf = async (files: Readonly<Record<string, string>>): Promise<readonly unknown[]> => {
  const { startups } = JSON.parse(startupsText(await replayed([folderOf(files)])));
  return startups.flatMap(({ conflicts = [] }: { conflicts?: readonly unknown[] }) => conflicts);
};

describe('one uid under two names', () => {
  it.each([
    ['one', 'two'],
    ['two', 'one'],
  ])('is told once, with both names (%s first)', async (first, second) => {
    const files = { [`${first}.json`]: JSON.stringify(pod), [`${second}.json`]: JSON.stringify(renamed) };
    const identity = (await conflictsOf(files)).filter((one) => JSON.stringify(one).includes('identity'));
    expect(identity).toHaveLength(1);
    expect(JSON.stringify(identity)).toContain(`/${pod.metadata.name}`);
    expect(JSON.stringify(identity)).toContain('/other');
  });

  it('is no matter where all say the same', async () => {
    expect(
      JSON.stringify(await conflictsOf({ 'one.json': JSON.stringify(pod), 'two.json': JSON.stringify(pod) })),
    ).not.toContain('identity');
  });
});
