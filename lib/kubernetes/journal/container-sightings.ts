// What the journal tells of a container: created, started, exited; from the runtime, else as the kubelet noticed it.

import type { Saw, SightingRecord } from '../objects/sighting.ts';
import type { Fact, JournalEvidence, Of } from './evidence.ts';
import type { Runtime, RuntimeContainer } from './runtime.ts';
import { sightingOf } from './sighting-of.ts';

export interface ContainerSightings {
  readonly sightings: readonly SightingRecord[];
  /** Lines about containers whose pod or name no line tells. */
  readonly lost: number;
}

export function containerSightings(evidence: JournalEvidence, runtime: Runtime): ContainerSightings {
  const told = [
    ...evidence
      .of('create')
      .flatMap((fact) => (fact.says.what === 'returned' ? [created(fact, runtime)] : [])),
    ...evidence.of('started').map((fact) => started(fact, runtime)),
    ...evidence.of('unstarted').map((fact) => unstarted(fact, runtime)),
    ...exits(evidence, runtime),
    ...noticed(evidence, runtime),
  ];
  const sightings = told.flatMap((sighting) => sighting ?? []);
  return { sightings, lost: told.length - sightings.length };
}

type Told = SightingRecord | undefined;

function created(fact: Fact<Of<'create'>>, runtime: Runtime): Told {
  const own = runtime.containers.get(fact.says.id ?? '');
  return own === undefined
    ? undefined
    : sightingOf(fact, own.pod, { what: 'container_created', ...whoOf(own) });
}

function started(fact: Fact<Of<'started'>>, runtime: Runtime): Told {
  const own = runtime.containers.get(fact.says.id);
  return own === undefined
    ? undefined
    : sightingOf(fact, own.pod, { what: 'container_started', ...whoOf(own) });
}

/** As status calls it: a run with an end and no beginning. */
function unstarted(fact: Fact<Of<'unstarted'>>, runtime: Runtime): Told {
  const own = runtime.containers.get(fact.says.id);
  if (own === undefined) return undefined;
  return sightingOf(fact, own.pod, { what: 'container_exited', ...whoOf(own), reason: 'StartError' });
}

const whoOf = ({ container, attempt }: RuntimeContainer) => ({
  container,
  ...(attempt === undefined ? {} : { attempt }),
});

/** The pause container of a sandbox exits too, and is nobody's container. */
function exits(evidence: JournalEvidence, runtime: Runtime): readonly Told[] {
  const starved = new Set(evidence.of('oom').map(({ says }) => says.id));
  return evidence.of('exited').flatMap((fact) => {
    const { id, exitCode } = fact.says;
    if (runtime.sandboxes.has(id)) return [];
    const own = runtime.containers.get(id);
    return [own === undefined ? undefined : sightingOf(fact, own.pod, exitOf(own, exitCode, starved))];
  });
}

/** The runtime calls the exit so itself; a container that ends well has survived the loss of a process. */
function exitOf(own: RuntimeContainer, exitCode: number, starved: ReadonlySet<string>): Saw {
  const isStarved = starved.has(own.id) && exitCode !== 0;
  return {
    what: 'container_exited',
    ...whoOf(own),
    exitCode,
    ...(isStarved ? { reason: 'OOMKilled' } : {}),
  };
}

/** The kubelet's relist, where the runtime's own line is missing: it happened then, or before. */
function noticed(evidence: JournalEvidence, runtime: Runtime): readonly Told[] {
  const started = new Set(evidence.of('started').map(({ says }) => says.id));
  const ends = [...evidence.of('exited'), ...evidence.of('unstarted')];
  const exited = new Set(ends.map(({ says }) => says.id));
  const codes = exitCodes(evidence);
  return evidence.of('noticed').flatMap((fact) => {
    const { id, what } = fact.says;
    const own = runtime.containers.get(id);
    const isTold = (what === 'started' ? started : exited).has(id) || fact.says.pod.name === undefined;
    if (own === undefined || isTold) return [];
    const saw: Saw =
      what === 'started'
        ? { what: 'container_started', ...whoOf(own) }
        : { what: 'container_exited', ...whoOf(own), ...codes.get(id) };
    return [{ ...sightingOf(fact, own.pod, saw), noticed: true as const }];
  });
}

/** "container finished" has the exit code and no name, "event for pod" the other way round. */
function exitCodes(evidence: JournalEvidence): ReadonlyMap<string, { readonly exitCode: number }> {
  return new Map(
    evidence.of('noticed').flatMap(({ says: { id, exitCode } }) => {
      return exitCode === undefined ? [] : [[id, { exitCode }] as const];
    }),
  );
}
