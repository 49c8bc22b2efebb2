// The phases that Kubernetes witnessed, dealt out to the attempts of the pod.

import { byText } from '../base/text.ts';
import { PHASES } from '../model/phase.ts';
import type { PodStory, WitnessedPhase } from '../model/pod-story.ts';
import { type Draft, draft } from './draft.ts';
import { type Edge, witnessedEdge } from './edge.ts';

export interface Deal {
  readonly story: PodStory | undefined;
  readonly main: string | undefined;
  /** Restart counts of the main container, in order of attempts; the first takes what belongs to the pod. */
  readonly restarts: readonly number[];
}

/** Pod-level phases, pulls of other containers and init containers belong to the first attempt. */
export function podDrafts({ story, main, restarts }: Deal, restart: number): readonly Draft[] {
  const isFirst = restart === restarts[0];
  const own = (story?.phases ?? []).filter((phase) =>
    ofMain(phase, main) ? belongs(phase, restart, isFirst) : isFirst,
  );
  return [...own].sort((a, b) => byText(a.container ?? '', b.container ?? '')).flatMap(draftOf);
}

/** Every main container has its own creating and pull; only those of the analysed one are told per attempt. */
const ofMain = ({ container, name }: WitnessedPhase, main: string | undefined): boolean =>
  container !== null && container === main && name !== 'init_container';

const belongs = ({ restart }: WitnessedPhase, attempt: number, isFirst: boolean): boolean =>
  restart === attempt || (isFirst && restart < attempt);

function draftOf(phase: WitnessedPhase): readonly Draft[] {
  const { name, container, restart, start, end, reported, attributes } = phase;
  const from = start ?? end;
  if (from === undefined) return [];
  const owner = { container: PHASES[name].level === 'pod' ? null : container, restart, process: 0 };
  const begin: Edge = { ...witnessedEdge(from), derived: start === undefined || start.derived === true };
  // Only its end was seen: it stands there without a length, and says that this is no length.
  const told = start === undefined ? { ...attributes, 'startup.start_unknown': true } : attributes;
  return [draft(owner, { name, start: begin, end: end && witnessedEdge(end), reported, attributes: told })];
}
