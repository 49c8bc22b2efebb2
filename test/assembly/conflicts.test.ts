import { describe, expect, it } from 'vitest';
import { conflictsOf, type Testimony } from '../../lib/assembly/conflicts.ts';
import { SECOND } from '../../lib/base/instant.ts';
import type { Moment } from '../../lib/model/mark.ts';
import type { Phase } from '../../lib/model/startup.ts';
import { moment } from '../moments.ts';
import { edge } from './marks.ts';

const phase = (start: number, line?: number): Phase => ({
  name: 'model_config',
  parent: 'vllm_init',
  occurrence: 0,
  container: 'main',
  restart: 0,
  process: 0,
  start: moment(start),
  end: moment(start + 1),
  certainty: 'observed',
  evidence: [
    { at: 'start', source: 'main.log', text: 'x', rule: 'r', ...(line === undefined ? {} : { line }) },
  ],
  attributes: {},
});

const NOTHING: Testimony = {
  attempt: { tale: undefined, run: undefined, process: 0 },
  ending: { end: undefined },
  start: edge(0),
  drafts: [],
  phases: [],
  container: undefined,
};

const told = (start: Moment, phases: readonly Phase[]) =>
  conflictsOf({ ...NOTHING, start: { ...edge(0), when: start }, phases });

describe('a phase before the start it belongs to', () => {
  it('is a conflict of clocks; the earliest is told, with its line', () => {
    const [conflict, ...more] = told(moment(0), [phase(5), phase(-3600, 7), phase(-3590, 8)]);
    expect(more).toEqual([]);
    expect(conflict?.what).toBe('clocks');
    expect(conflict?.says).toContain('model_config began 2026-08-21T09:00:00');
    expect(conflict?.says).toContain('(main.log:7), 3600.0 s before');
  });

  it.each([
    ['inside', moment(0), [phase(0, 1), phase(9, 2)]],
    ['within a second', moment(0), [phase(-0.9, 1)]],
    ['within the precision of a whole second', moment(0, SECOND), [phase(-1.9, 1)]],
    ['told by Kubernetes alone, as of a static pod', moment(0), [phase(-60)]],
    ['without phases', moment(0), []],
  ])('%s: none', (_, start, phases) => {
    expect(told(start, phases)).toEqual([]);
  });
});
