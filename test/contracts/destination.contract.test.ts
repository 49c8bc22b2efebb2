// What every destination profile says of itself.

import { describe, expect, it } from 'vitest';
import { DESTINATIONS } from '../../lib/exporters/destinations/index.ts';
import { DESTINATION_NAMES } from '../../lib/model/destination.ts';

it('there is one for every name, and no other', () => {
  expect(Object.keys(DESTINATIONS).sort()).toEqual([...DESTINATION_NAMES].sort());
});

describe.each(Object.entries(DESTINATIONS))('%s', (name, profile) => {
  it('is found under its own name, takes something, and is named for people', () => {
    expect(profile.name).toBe(name);
    expect(profile.title).not.toBe('');
    expect(profile.spans ?? profile.points).toBeDefined();
  });

  it('has no limit of nothing, and a historical past that is longer than the usual one', () => {
    const windows = [profile.spans ?? {}, ...Object.values(profile.points?.windows ?? {})];
    for (const { past = 1n, future = 1n } of windows) expect([past > 0n, future > 0n]).toEqual([true, true]);
    const { kinds = [], past = 0n } = profile.points?.historical ?? {};
    for (const kind of kinds) expect(past).toBeGreaterThan(profile.points?.windows[kind].past ?? past);
  });

  it('says where each fact was read, and when', () => {
    expect(profile.sources.length).toBeGreaterThan(0);
    for (const { fact, page, read } of profile.sources) {
      expect(fact).not.toBe('');
      expect(page).toMatch(/\w+\/\w+|measured/);
      expect(read).toMatch(/^2026-\d\d-\d\d$/);
    }
  });

  it('has a source for each limit', () => {
    const limits = [profile.spans?.past, profile.spans?.future, profile.points?.windows.histogram.past];
    const facts = profile.sources.map(({ fact }) => fact).join('\n');
    for (const limit of limits.filter((one) => one !== undefined)) {
      const minutes = Number(limit / 60_000_000_000n);
      expect(facts).toMatch(new RegExp(`\\b(?:${minutes} min|${minutes / 60} h)\\b`));
    }
  });
});
