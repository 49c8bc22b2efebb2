// What the journal tells of a pod as a whole: taken on, sandbox, probes, Running, going, gone.

import { groupedBy } from '../objects/grouped.ts';
import type { PodNotice } from '../objects/journal-record.ts';
import type { Saw, SightingRecord } from '../objects/sighting.ts';
import type { Fact, JournalEvidence, Of } from './evidence.ts';
import { sightingOf } from './sighting-of.ts';

export function podSightings(evidence: JournalEvidence): readonly SightingRecord[] {
  return [
    ...evidence.of('pod').map((fact) => sightingOf(fact, fact.says.pod, NOTICES[fact.says.what])),
    ...evidence.of('sandbox').map(sandboxSighting),
    ...evidence.of('running').map(runningSighting),
    ...evidence.of('pulls').map((fact) =>
      sightingOf(fact, fact.says.pod, {
        what: fact.says.what === 'began' ? 'first_pull_began' : 'last_pull_ended',
      }),
    ),
    ...probeSightings(evidence),
  ];
}

const NOTICES: Readonly<Record<PodNotice, Saw>> = {
  accepted: { what: 'accepted' },
  deleting: { what: 'deletion_seen' },
  removed: { what: 'removed' },
  evicted: { what: 'evicted' },
  probe_ready: { what: 'probe_ready' },
  probe_unready: { what: 'probe_unready' },
  startup_passed: { what: 'startup_passed' },
};

const SANDBOX = { asked: 'sandbox_asked', ready: 'sandbox_ready', failed: 'sandbox_failed' } as const;

function sandboxSighting(fact: Fact<Of<'sandbox'>>): SightingRecord {
  const { pod, what, attempt } = fact.says;
  return sightingOf(fact, pod, { what: SANDBOX[what], attempt });
}

function runningSighting(fact: Fact<Of<'running'>>): SightingRecord {
  const { pod, pulling, initializing } = fact.says;
  return sightingOf(fact, pod, {
    what: 'running',
    ...(pulling === undefined ? {} : { pulling }),
    ...(initializing === undefined ? {} : { initializing }),
  });
}

/** Of each container and probe the first failure and the last: a slow start has hundreds. */
function probeSightings(evidence: JournalEvidence): readonly SightingRecord[] {
  const failed = groupedBy(evidence.of('probe_failed'), ({ says: { pod, container, probe } }) =>
    [pod.namespace, pod.name, pod.uid, container, probe].join(' '),
  );
  const ends = [...failed.values()].flatMap((facts) => [...new Set([facts[0], facts.at(-1)])]);
  const killed = evidence.of('probe_killed').map((fact) => {
    const { pod, container, probe } = fact.says;
    return sightingOf(fact, pod, { what: 'probe_killed', container, probe });
  });
  return [...ends.flatMap((fact) => (fact === undefined ? [] : [failureSighting(fact)])), ...killed];
}

function failureSighting(fact: Fact<Of<'probe_failed'>>): SightingRecord {
  const { pod, container, probe } = fact.says;
  return sightingOf(fact, pod, { what: 'probe_failed', container, probe });
}
