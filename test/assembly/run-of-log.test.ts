import { describe, expect, it } from 'vitest';
import { runOfLog } from '../../lib/assembly/run-of-log.ts';
import { SECOND } from '../../lib/base/instant.ts';
import type { ContainerRun } from '../../lib/model/pod-story.ts';
import { moment } from '../moments.ts';
import { logRun, mark, SEEN } from './marks.ts';

const at = (offset: number | undefined) =>
  offset === undefined ? undefined : { when: moment(offset, SECOND), proofs: [] };

const run = (restart: number, started?: number, finished?: number): ContainerRun => ({
  container: 'server',
  kind: 'main',
  restart,
  started: at(started),
  finished: at(finished),
  exitCode: undefined,
  reason: undefined,
});

/** As status keeps them: of the first two the number only; the fourth has ended, and the container waits. */
const WAITS = [run(0), run(1), run(2, 60, 66), run(3, 80, 84)];
const RUNS = [run(0), run(1), run(2, 60, 66), run(3, 80)];

const log = (from: number, to: number, previous: boolean) =>
  logRun([mark(from, SEEN), mark(to, SEEN)], { previous });

describe('the run of a log that names none', () => {
  it.each([
    ['--previous in back-off: the newest', WAITS, log(80.6, 84.5, true), 3],
    ['--previous before the newest began', WAITS, log(60.5, 66.9, true), 2],
    ['--previous while it runs', RUNS, log(60.5, 66.9, true), 2],
    ['taken while it ran', RUNS, log(80.1, 99, false), 3],
    ['taken before it was started again', RUNS, log(60.1, 63, false), 2],
    ['older than every known time: the newest of those that could be', WAITS, log(20, 24, true), 1],
    ['a line 0.2 s before the runtime says that it started', WAITS, log(79.8, 84, true), 3],
    ['a clock that fits no run: as usual', WAITS, log(9000, 9010, true), 2],
    ['no run is known', [], log(1, 2, true), 0],
    ['a log without any line', WAITS, logRun([], { previous: true }), 2],
  ])('%s', (_, runs, of, restart) => {
    expect(runOfLog(of, runs)).toBe(restart);
    expect(runOfLog(of, runs.toReversed())).toBe(restart);
  });
});
