// What pod.status says of one container: the run that is, and the one before it.

import { isObject, type JsonObject, listAt, objectAt, textAt } from '../../base/json.ts';
import { redact } from '../../base/redact.ts';
import { cut } from '../../base/text.ts';
import type { Moment } from '../../model/mark.ts';
import { momentOf } from './moments.ts';

/** One run of a container, as far as status keeps it. */
export interface StatusRun {
  readonly restart: number;
  readonly started: Moment | undefined;
  readonly finished: Moment | undefined;
  readonly exitCode: number | undefined;
  readonly reason: string | undefined;
  readonly message: string;
}

export interface ContainerStatus {
  readonly container: string;
  /** Of the list of init containers, which holds native sidecars too. */
  readonly isInit: boolean;
  /** How often it was restarted, of this very record. */
  readonly restarts: number;
  readonly runs: readonly StatusRun[];
  /** `CrashLoopBackOff`, `ImagePullBackOff`, `CreateContainerConfigError` … */
  readonly waiting: { readonly reason: string; readonly message: string } | undefined;
}

const MESSAGE = 512;

/** A restart a second for eleven days; back-off allows one in five minutes. */
const MOST_RESTARTS = 1_000_000;

/** Absent is none. */
export const isRestartCount = (value: unknown): value is number | undefined =>
  value === undefined ||
  (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_RESTARTS);

export function containerStatuses(status: JsonObject): readonly ContainerStatus[] {
  const inits = listAt(status, 'initContainerStatuses').filter(isObject);
  const mains = listAt(status, 'containerStatuses').filter(isObject);
  return [
    ...inits.flatMap((one) => containerStatus(one, true)),
    ...mains.flatMap((one) => containerStatus(one, false)),
  ];
}

function containerStatus(status: JsonObject, isInit: boolean): readonly ContainerStatus[] {
  const container = textAt(status, 'name');
  if (container === undefined) return [];
  const count = status['restartCount'];
  const restarts = isRestartCount(count) ? (count ?? 0) : 0;
  const waiting = objectAt(objectAt(status, 'state'), 'waiting');
  const reason = textAt(waiting, 'reason');
  return [
    {
      container,
      isInit,
      restarts,
      runs: runsOf(status, restarts),
      waiting: reason === undefined ? undefined : { reason, message: messageOf(waiting) },
    },
  ];
}

/**
 * While a container runs or has just ended, lastState is the run before it.
 * While it waits (back-off, create error), there is no current one and
 * lastState has the run that restartCount counts: seen in every watch stream
 * of recordings d_crashloop, f_startupprobe and o_nodename-hostnet.
 */
function runsOf(status: JsonObject, restarts: number): readonly StatusRun[] {
  const state = objectAt(status, 'state');
  const last = objectAt(objectAt(status, 'lastState'), 'terminated');
  const current = isObject(state['running']) ? state['running'] : state['terminated'];
  const previous = isObject(current) ? restarts - 1 : restarts;
  return [
    ...(Object.keys(last).length > 0 && previous >= 0 ? [runOf(last, previous)] : []),
    ...(isObject(current) ? [runOf(current, restarts)] : []),
  ];
}

function runOf(state: JsonObject, restart: number): StatusRun {
  const code = state['exitCode'];
  return {
    restart,
    started: momentOf(state['startedAt']),
    finished: momentOf(state['finishedAt']),
    exitCode: typeof code === 'number' ? code : undefined,
    reason: textAt(state, 'reason'),
    message: messageOf(state),
  };
}

const messageOf = (state: JsonObject): string =>
  cut(redact(cut(textAt(state, 'message') ?? '', 2 * MESSAGE)), MESSAGE);
