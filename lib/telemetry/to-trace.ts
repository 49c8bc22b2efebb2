// Startups as traces: one per pod, with every attempt in it.

import { byText } from '../base/text.ts';
import { type TraceIdScheme, traceIdOf } from '../model/ids.ts';
import { isUnknown } from '../model/mark.ts';
import type { Startup } from '../model/startup.ts';
import type { Attributes, PodTrace, SpanRecord } from '../model/trace.ts';
import { podAttributes } from './span-attributes.ts';
import { gapSpan, phaseSpan, rootSpan } from './startup-spans.ts';

export interface TraceSettings {
  readonly traceIdScheme: TraceIdScheme;
  /** `service.name` of the resource; the seed's is `vllm-startup`. */
  readonly serviceName: string;
  readonly clusterName?: string;
}

/**
 * One trace per pod uid, ordered by namespace, name and uid; attempts in order,
 * each as its root, its phases, its gaps. The order in which startups are given does not matter.
 */
export function toTraces(startups: readonly Startup[], settings: TraceSettings): readonly PodTrace[] {
  const byPod = new Map<string, Startup[]>();
  for (const startup of startups.filter(hasTime)) {
    const attempts = byPod.get(startup.pod.uid);
    if (attempts === undefined) byPod.set(startup.pod.uid, [startup]);
    else attempts.push(startup);
  }
  return [...byPod.values()].map((attempts) => podTrace(attempts, settings)).sort(byPodName);
}

/** A start without any clock has lengths but no place in time: it is no trace. */
export const hasTime = (startup: Startup): boolean => !isUnknown(startup.end);

function podTrace(startups: readonly Startup[], settings: TraceSettings): PodTrace {
  const attempts = startups.toSorted((a, b) => a.attempt - b.attempt);
  return {
    // What one attempt does not know of the pod (its node, say), another may.
    resource: Object.assign({}, ...attempts.map((startup) => resourceOf(startup, settings))),
    startups: attempts,
    spans: attempts.flatMap((startup, index) => startupSpans(startup, attempts[index - 1], settings)),
  };
}

function resourceOf(startup: Startup, { serviceName, clusterName }: TraceSettings): Attributes {
  return { 'service.name': serviceName, ...podAttributes(startup, clusterName) };
}

function startupSpans(
  startup: Startup,
  previous: Startup | undefined,
  { traceIdScheme, clusterName }: TraceSettings,
): readonly SpanRecord[] {
  const telling = { startup, traceId: traceIdOf(startup.pod.uid, traceIdScheme), traceIdScheme, clusterName };
  return [
    rootSpan(telling, previous),
    ...startup.phases.map((phase) => phaseSpan(telling, phase)),
    ...startup.gaps.map((gap) => gapSpan(telling, gap)),
  ];
}

function byPodName(a: PodTrace, b: PodTrace): number {
  return byText(sortKey(a), sortKey(b));
}

function sortKey({ startups: [startup] }: PodTrace): string {
  const pod = startup?.pod;
  return [pod?.namespace ?? '', pod?.name ?? '', pod?.uid ?? ''].join('\0');
}
