// Which span a phase, a gap or a root is: the bridge from startups to ids.

import { type SpanKey, type SpanId, spanIdOf } from './ids.ts';
import { parentOf, ROOT } from './phase.ts';
import type { Gap, Phase, Startup } from './startup.ts';

export function rootKey(startup: Startup): SpanKey {
  const { pod, restart, process } = startup;
  return { uid: pod.uid, container: '', restart, process, name: ROOT, occurrence: 0 };
}

export function phaseKey(startup: Startup, phase: Phase): SpanKey {
  const { container, restart, process, name, occurrence } = phase;
  return { uid: startup.pod.uid, container: container ?? '', restart, process, name, occurrence };
}

export function gapKey(startup: Startup, gap: Gap): SpanKey {
  const { container, restart, process, parent, afterPhase, occurrence } = gap;
  const name = `gap/${parent}/${afterPhase}`;
  return { uid: startup.pod.uid, container: container ?? '', restart, process, name, occurrence };
}

/**
 * The span that holds a phase: the nearest ancestor in the table that this
 * startup has (the latest that had begun, when it occurred more than once), else the root.
 */
export function parentSpanId(startup: Startup, of: { readonly parent: Phase['parent']; readonly start: bigint }): SpanId {
  let name: ReturnType<typeof parentOf> = of.parent;
  while (name !== undefined && name !== ROOT) {
    const holder = holderNamed(startup, name, of.start);
    if (holder !== undefined) return spanIdOf(phaseKey(startup, holder));
    name = parentOf(name);
  }
  return spanIdOf(rootKey(startup));
}

function holderNamed(startup: Startup, name: Phase['name'], start: bigint): Phase | undefined {
  const all = startup.phases.filter((phase) => phase.name === name);
  return all.findLast((phase) => phase.start.at <= start) ?? all[0];
}
