// The kubelet's startup tracker: "Observed pod startup duration", once per pod, in two sets of keys.
//
// Up to 1.35 it prints when the first pull began and the last one ended; since
// 1.36 only the sums of pulls and of init containers. podStartE2EDuration,
// podStartSLOduration and watchObservedRunningTime are not read: they end at the
// next update of the pod that the kubelet happened to see, which is Running in
// one pod and Ready in the next (two replicas of one Deployment: 7.66 s and 28.37 s).

import { parseGoDuration } from '../../base/go-duration.ts';
import { toSeconds } from '../../base/instant.ts';
import type { PodReference } from '../objects/sighting.ts';
import type { JournalRule, Told } from './contract.ts';
import type { Fields } from './journal-line.ts';
import { goTime, podIn } from './values.ts';

export const tracker: readonly JournalRule[] = [
  {
    id: 'kubelet.startup_tracker',
    printed: { program: 'kubelet', file: 'pkg/kubelet/util/pod_startup_latency_tracker.go', from: '1.26' },
    logger: 'klog',
    literal: 'Observed pod startup duration',
    pattern: /^Observed pod startup duration$/,
    example:
      'I1122 01:41:45.785459   16726 pod_startup_latency_tracker.go:148] "Observed pod startup duration" pod="s-a-cold/demo" podStartSLOduration=2.480648899 podStartE2EDuration="6.7854349s" totalImagesPullingTime="3.211902091s" totalInitContainerRuntime="1.09288391s" isStatefulPod=false podCreationTimestamp="2026-11-22 01:41:39 +0000 UTC" imagePullSessionsCount=1 imagePullSessionsStartsCount=0 observedRunningTime="2026-11-22 01:41:45.784769374 +0000 UTC m=+889.678277527" watchObservedRunningTime="2026-11-22 01:41:45.7854349 +0000 UTC m=+889.678943026"',
    seen: 'recordings/kubernetes, kubelet 1.36.3',
    gives:
      'when the kubelet first saw the pod Running; up to 1.35 when its first pull began (in the kubelet: its queue included) and its last one ended; since 1.36 the seconds of all pulls and of all init containers',
    tell: (line) => observed(line.fields()),
  },
];

function observed(fields: Fields): readonly Told[] {
  const pod = podIn(fields);
  if (pod === undefined) return [];
  return [
    ...running(fields, pod),
    ...pulls(fields, pod, { key: 'firstStartedPulling', what: 'began' }),
    ...pulls(fields, pod, { key: 'lastFinishedPulling', what: 'ended' }),
  ];
}

function running(fields: Fields, pod: PodReference): readonly Told[] {
  const time = goTime(fields.get('observedRunningTime'));
  if (time === undefined) return [];
  const pulling = secondsIn(fields.get('totalImagesPullingTime'));
  const initializing = secondsIn(fields.get('totalInitContainerRuntime'));
  return [
    {
      says: {
        kind: 'running',
        pod,
        ...(pulling === undefined ? {} : { pulling }),
        ...(initializing === undefined ? {} : { initializing }),
      },
      ...time,
    },
  ];
}

/** Zero is what was not tracked: a restarted kubelet has forgotten. */
function secondsIn(text: string | undefined): number | undefined {
  const length = parseGoDuration(text ?? '');
  return length === undefined || length <= 0n ? undefined : toSeconds(length);
}

interface PullKey {
  readonly key: string;
  readonly what: 'began' | 'ended';
}

/** The zero time (`0001-01-01 00:00:00`) stands for: no pull. */
function pulls(fields: Fields, pod: PodReference, { key, what }: PullKey): readonly Told[] {
  const time = goTime(fields.get(key));
  return time === undefined ? [] : [{ says: { kind: 'pulls', what, pod }, ...time }];
}
