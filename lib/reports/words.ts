// Numbers, outcomes and causes in words that people use.

import { type Duration, duration, formatInstant, type Instant, SECOND, toSeconds } from '../base/instant.ts';
import { type Cause, isUnknown, type Moment } from '../model/mark.ts';
import type { Certainty, StartClass, Startup } from '../model/startup.ts';
import { cell } from './columns.ts';

const CAUSES: Readonly<Record<Cause, string>> = {
  out_of_gpu_memory: 'out of GPU memory',
  out_of_memory: 'out of memory (killed by the kernel)',
  kv_cache_too_small: 'the KV cache does not fit',
  nccl: 'NCCL failed',
  distributed_init: 'the process groups could not be set up',
  ray_cluster: 'the Ray cluster did not come together',
  model_not_found: 'the model was not found',
  weights_not_found: 'the weights were not found',
  weights_mismatch: 'the weights do not match the model',
  download_failed: 'a download failed',
  port_in_use: 'the port is in use',
  import_failure: 'a Python import failed',
  bad_arguments: 'the arguments were refused',
  device_unavailable: 'no usable device',
  compile_error: 'compilation failed',
  kernel_error: 'a GPU kernel failed',
  memory_profiling: 'memory profiling failed',
  engine_died: 'the engine process died',
  worker_died: 'a worker process died',
  timeout: 'a time limit ran out',
  signal: 'ended by a signal',
  image_pull: 'the image could not be pulled',
  container_config: 'the container configuration is wrong',
  container_create: 'the container could not be created',
  probe_kill: 'killed by a failing probe',
  crash: 'the process crashed',
  restarted: 'it was started again, why is not known',
  evicted: 'the pod was evicted',
  preempted: 'the pod was preempted',
  deleted: 'the pod was deleted',
  deadline_exceeded: 'a deadline was exceeded',
  unschedulable: 'no node could take the pod',
  exception: 'an exception was raised',
};

const CLASSES: Readonly<Record<StartClass, string>> = {
  cold: 'cold start',
  warm: 'warm start',
  hot: 'hot start',
  unknown: 'start of unknown warmth',
};

export const causeText = (cause: Cause): string => CAUSES[cause];

export const classText = (startClass: StartClass): string => CLASSES[startClass];

/** `0.034s`, `61.2s`, `20m31s`, `1h02m03s`; whole seconds without decimals. */
export function lengthText(length: Duration): string {
  if (length < 0n) return `-${lengthText(duration(-length))}`;
  const value = toSeconds(length);
  if (length % SECOND === 0n && value < 1000) return `${value}s`;
  if (value < 9.9995) return `${value.toFixed(3)}s`;
  return value < 999.95 ? `${value.toFixed(1)}s` : clockText(Math.round(value));
}

function clockText(whole: number): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours === 0 ? `${minutes}m${two(rest)}s` : `${hours}h${two(minutes)}m${two(rest)}s`;
}

interface Interval {
  readonly start: Moment;
  readonly end: Moment;
  readonly lengthUnknown?: true;
}

/**
 * A length with what is known about it: `~12.3s` derived, `…12.3s` never ended,
 * `?` in a log without a clock or where clocks contradict each other, `≤13s` when a witness counts in whole seconds. Such a witness says [t, t + 1),
 * so the bound is the latest end minus the earliest start.
 */
export function spanText(interval: Interval, certainty: Certainty = 'observed'): string {
  if (!isLengthKnown(interval)) return '?';
  const { start, end } = interval;
  const seen = duration(end.at - start.at);
  if (certainty === 'open') return `…${lengthText(seen)}`;
  if (certainty === 'derived') return `~${lengthText(seen)}`;
  return isCoarse(start) || isCoarse(end) ? `≤${lengthText(boundOf(seen, end))}` : lengthText(seen);
}

/** False in a log without a clock, unless the program printed a length; and where an end was seen before its beginning. */
export const isLengthKnown = ({ start, end, lengthUnknown }: Interval): boolean =>
  lengthUnknown !== true && !(isUnknown(end) && end.at === start.at);

const isCoarse = (moment: Moment): boolean => moment.precision >= SECOND;

const boundOf = (seen: Duration, end: Moment): Duration =>
  duration(isCoarse(end) ? seen + end.precision : seen);

/** Rounded down, so that 100% means all of it. */
export const percentText = (share: number): string => `${Math.floor(share * 100 + 1e-9)}%`;

/** `2026-08-21 10:00:00.250Z`. */
export const instantText = (at: Instant): string => `${formatInstant(at).replace('T', ' ').slice(0, 23)}Z`;

/** `12,345`; by hand, because loading the locales would cost more than a small replay. */
export function countText(count: number): string {
  const digits = String(count);
  const first = digits.length % 3;
  const groups = Array.from({ length: Math.floor(digits.length / 3) }, (_, index) =>
    digits.slice(first + index * 3, first + index * 3 + 3),
  );
  return [...(first === 0 ? [] : [digits.slice(0, first)]), ...groups].join(',');
}

export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${countText(count)} ${count === 1 ? one : many}`;

/** The pod's name; of a bare log, the name of the file it came from. */
export function nameOf({ pod, evidence, phases }: Startup): string {
  const source = evidence[0]?.source ?? phases.flatMap((phase) => phase.evidence)[0]?.source;
  return cell(pod.name ?? source ?? pod.uid);
}

export function fullNameOf(startup: Startup): string {
  const { namespace } = startup.pod;
  return namespace === null ? nameOf(startup) : `${cell(namespace)}/${nameOf(startup)}`;
}

/** How many attempts of each pod are told, by uid. */
export function attemptsByPod(startups: readonly Startup[]): ReadonlyMap<string, number> {
  const attempts = new Map<string, number>();
  for (const { pod, attempt } of startups)
    attempts.set(pod.uid, Math.max(attempts.get(pod.uid) ?? 0, attempt + 1));
  return attempts;
}

/** A log in which nothing has a time: lengths are all there is. */
export const isClockless = (startup: Startup): boolean => startup.attributes['clock'] === 'none';

const CONTRADICTIONS: ReadonlySet<string> = new Set(['clocks', 'clock_skew', 'end_before_start']);

/** Clocks that contradict each other make no length across them certain. */
export const isContradicted = ({ conflicts }: Startup): boolean =>
  conflicts.some(({ what }) => CONTRADICTIONS.has(what));
