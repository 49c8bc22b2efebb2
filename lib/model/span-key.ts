// Which span a phase, a gap or a root is: the bridge from startups to ids.

import type { GroupMember } from './group.ts';
import { type SpanId, type SpanKey, spanIdOf } from './ids.ts';
import { type PhaseName, parentOf, ROOT } from './phase.ts';
import type { Gap, Phase, Startup } from './startup.ts';

export function rootKey(startup: Startup): SpanKey {
  const { pod, restart, process } = startup;
  return { uid: pod.uid, container: '', restart, process, name: ROOT, occurrence: 0 };
}

/** The root of another pod's startup. */
export function memberKey({ uid, restart, process }: GroupMember): SpanKey {
  return { uid, container: '', restart, process, name: ROOT, occurrence: 0 };
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

/** What hangs somewhere in the tree: a phase, or a gap (which has no name of its own). */
export interface Hanging {
  readonly parent: PhaseName;
  readonly start: bigint;
  readonly name?: PhaseName;
  readonly container?: string | null;
}

/**
 * The phase that holds another: the nearest ancestor in the table that is
 * present (the latest that had begun, when it occurred more than once); a
 * download by an init container hangs below that container. Undefined: the root.
 */
export function holderOf(phases: readonly Phase[], of: Hanging): Phase | undefined {
  const init = of.name === 's5cmd_download' ? initOf(phases, of.container) : undefined;
  if (init !== undefined) return init;
  for (
    let name: PhaseName | undefined = of.parent;
    name !== undefined && name !== ROOT;
    name = parentOf(name)
  ) {
    const all = phases.filter((phase) => phase.name === name);
    if (all.length > 0) return all.findLast((phase) => phase.start.at <= of.start) ?? all[0];
  }
  return undefined;
}

const initOf = (phases: readonly Phase[], container: string | null | undefined): Phase | undefined =>
  phases.find((phase) => phase.name === 'init_container' && phase.container === container);

export function parentSpanId(startup: Startup, of: Hanging): SpanId {
  const holder = holderOf(startup.phases, of);
  return spanIdOf(holder === undefined ? rootKey(startup) : phaseKey(startup, holder));
}
