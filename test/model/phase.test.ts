// The phase table: a tree with one root, parents before children.

import { expect, test } from 'vitest';
import {
  childrenOf,
  depthOf,
  isPhaseName,
  PHASE_NAMES,
  parentOf,
  phaseRank,
  ROOT,
} from '../../lib/model/phase.ts';

test('one root', () => {
  expect(PHASE_NAMES.filter((name) => parentOf(name) === undefined)).toEqual([ROOT]);
});

test.each(PHASE_NAMES.filter((name) => name !== ROOT))(
  '%s hangs below something that comes before it',
  (name) => {
    const parent = parentOf(name) ?? name;
    expect(isPhaseName(parent)).toBe(true);
    expect(phaseRank(parent)).toBeLessThan(phaseRank(name));
    expect(childrenOf(parent)).toContain(name);
    expect(depthOf(name)).toBe(depthOf(parent) + 1);
  },
);

test('strangers are no phases', () => {
  expect(['toString', '__proto__', 'constructor', '', 'weights'].filter(isPhaseName)).toEqual([]);
});
