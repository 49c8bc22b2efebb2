// The kubelet's lines about the life of a pod, at the verbosity 2 that EKS, GKE and kubeadm set.
//
// Read in the sources of 1.24.17, 1.27.16, 1.30.14, 1.35.0 and 1.36.1; examples are our recordings of 1.36.3
// unless they say otherwise. "SyncLoop (probe)" has no container name, in no version.

import type { JournalSaying, PodNotice } from '../objects/journal-record.ts';
import type { PodReference } from '../objects/sighting.ts';
import type { JournalRule, Told } from './contract.ts';
import type { Fields, JournalLine } from './journal-line.ts';
import { containerIn, countOf, idOf, idWithin, plegEvent, podIn, podsIn, uidOf } from './values.ts';

const OURS = 'recordings/kubernetes, kubelet 1.36.3';

const one = (says: JournalSaying): readonly Told[] => [{ says }];

const NOTHING: readonly Told[] = [];

const notices =
  (what: PodNotice) =>
  (line: JournalLine): readonly Told[] =>
    podsIn(line.fields()).map((pod) => ({ says: { kind: 'pod', what, pod } }));

const syncLoop = (line: string, what: PodNotice) => ({
  printed: { program: 'kubelet', file: 'pkg/kubelet/kubelet.go', from: '1.21' } as const,
  logger: 'klog' as const,
  literal: `SyncLoop ${line}`,
  pattern: new RegExp(`^SyncLoop ${line}$`),
  tell: notices(what),
});

export const kubelet: readonly JournalRule[] = [
  {
    ...syncLoop('ADD', 'accepted'),
    id: 'kubelet.accepted',
    example:
      'I1122 01:41:39.051102   16726 kubelet.go:2709] "SyncLoop ADD" source="api" pods=["s-a-cold/demo"]',
    seen: OURS,
    gives: 'the kubelet took the pod on (a kubelet that restarts says it again of every pod of its node)',
  },
  {
    ...syncLoop('DELETE', 'deleting'),
    id: 'kubelet.deletion_seen',
    example:
      'I1122 01:54:53.161293   16726 kubelet.go:2725] "SyncLoop DELETE" source="api" pods=["s-h-deleted-in-start/deleted-in-init"]',
    seen: OURS,
    gives: 'the kubelet learned that the pod is to be deleted',
  },
  {
    ...syncLoop('REMOVE', 'removed'),
    id: 'kubelet.removed',
    example:
      'I1122 01:54:54.654412   16726 kubelet.go:2719] "SyncLoop REMOVE" source="api" pods=["s-h-deleted-in-start/deleted-in-init"]',
    seen: OURS,
    gives: 'the pod object is gone',
  },
  {
    id: 'kubelet.pleg',
    printed: { program: 'kubelet', file: 'pkg/kubelet/kubelet.go', from: '1.21' },
    logger: 'klog',
    literal: 'SyncLoop (PLEG): event for pod',
    pattern: /^SyncLoop \(PLEG\): event for pod$/,
    example:
      'I1122 01:41:43.356656   16726 kubelet.go:2737] "SyncLoop (PLEG): event for pod" pod="s-a-cold/demo" event={"ID":"8f7108e7-f0aa-43db-bdff-a1ea2a71f599","Type":"ContainerStarted","Data":"8d7aa241f1dc33e26fe683bb113f2bf9a7264e1723f44e026fa4de5ec260fa31"}',
    seen: OURS,
    gives: 'a sandbox or container had started, or died, by then; uid and name of its pod',
    tell: (line) => noticed(line.fields()),
  },
  {
    id: 'kubelet.finished',
    printed: { program: 'kubelet', file: 'pkg/kubelet/pleg/generic.go', from: '1.22' },
    logger: 'klog',
    literal: 'Generic (PLEG): container finished',
    pattern: /^Generic \(PLEG\): container finished$/,
    example:
      'I1122 01:41:45.607910   16726 generic.go:413] "Generic (PLEG): container finished" podID="8f7108e7-f0aa-43db-bdff-a1ea2a71f599" containerID="8d7aa241f1dc33e26fe683bb113f2bf9a7264e1723f44e026fa4de5ec260fa31" exitCode=0',
    seen: OURS,
    gives: 'a container had exited by then, with its exit code',
    tell: (line) => finished(line.fields()),
  },
  {
    id: 'kubelet.probe',
    printed: { program: 'kubelet', file: 'pkg/kubelet/kubelet.go', from: '1.21' },
    logger: 'klog',
    literal: 'SyncLoop (probe)',
    pattern: /^SyncLoop \(probe\)$/,
    example:
      'I1122 01:42:05.772124   16726 kubelet.go:2826] "SyncLoop (probe)" probe="readiness" status="ready" pod="s-a-cold/demo"',
    seen: OURS,
    gives:
      'one container of the pod passed (or failed) its readiness probe, or passed its startup probe; no line says which',
    tell: (line) => probed(line.fields()),
  },
  {
    id: 'kubelet.probe_failed',
    printed: { program: 'kubelet', file: 'pkg/kubelet/prober/prober.go', from: '1.21' },
    logger: 'klog',
    literal: 'Probe failed',
    pattern: /^Probe failed$/,
    example:
      'I1122 01:41:47.764692   16726 prober.go:122] "Probe failed" probeType="Readiness" pod="s-a-cold/demo" podUID="8f7108e7-f0aa-43db-bdff-a1ea2a71f599" containerName="server" probeResult="failure" output="Get \\"http://10.88.0.3:8000/health\\": dial tcp 10.88.0.3:8000: connect: connection refused"',
    seen: OURS,
    gives: 'a probe of this container failed; of many the first and the last are kept',
    tell: (line) => probeFailed(line.fields()),
  },
  {
    id: 'kubelet.probe_killed',
    printed: { program: 'kubelet', file: 'pkg/kubelet/kuberuntime/kuberuntime_manager.go', from: '1.21' },
    logger: 'klog',
    literal: 'Message for Container of pod',
    pattern: /^Message for Container of pod$/,
    example:
      'I1122 01:44:09.335191   16726 kuberuntime_manager.go:1374] "Message for Container of pod" containerName="server" containerStatusID={"Type":"containerd","ID":"74faf630bf5be2de2c0a150e8eecc38eda43159529df6cc11aad7988f17a1f61"} pod="s-f-startupprobe/demo" containerMessage="Container server failed startup probe, will be restarted"',
    seen: OURS,
    gives: 'a startup or liveness probe made the kubelet kill this container',
    tell: (line) => probeKilled(line.fields()),
  },
  {
    id: 'kubelet.killing',
    printed: { program: 'kubelet', file: 'pkg/kubelet/kuberuntime/kuberuntime_container.go', from: '1.21' },
    logger: 'klog',
    literal: 'Killing container with a grace period',
    pattern: /^Killing container with a grace period$/,
    example:
      'I1122 01:44:09.335230   16726 kuberuntime_container.go:909] "Killing container with a grace period" pod="s-f-startupprobe/demo" podUID="2e64986d-affc-4469-8258-6dd0e111010b" containerName="server" containerID="containerd://74faf630bf5be2de2c0a150e8eecc38eda43159529df6cc11aad7988f17a1f61" gracePeriod=2',
    seen: OURS,
    gives: 'which container an id is (the kill itself has many causes, and none is named)',
    tell: (line) => named(line.fields()),
  },
  {
    id: 'kubelet.sync_failed',
    printed: { program: 'kubelet', file: 'pkg/kubelet/pod_workers.go', from: '1.21' },
    logger: 'klog',
    literal: 'Error syncing pod, skipping',
    pattern: /^Error syncing pod, skipping$/,
    example:
      'E1122 01:43:59.409345   16726 pod_workers.go:1338] "Error syncing pod, skipping" err="failed to \\"StartContainer\\" for \\"server\\" with ErrImagePull: \\"rpc error: code = NotFound desc = failed to pull and unpack image \\\\\\"127.0.0.1:5000/work:doesnotexist\\\\\\": failed to resolve image: 127.0.0.1:5000/work:doesnotexist: not found\\"" pod="s-c-imagepullbackoff/demo" podUID="581b786e-ca60-4b33-8726-ad40390fc9f3"',
    seen: OURS,
    gives: 'which image a container wants that could not be pulled',
    tell: (line) => wanted(line.fields()),
  },
  {
    id: 'kubelet.evicted',
    printed: { program: 'kubelet', file: 'pkg/kubelet/eviction/eviction_manager.go', from: '1.20' },
    logger: 'klog',
    literal: 'Eviction manager: pod is evicted successfully',
    pattern: /^Eviction manager: pod is evicted successfully$/,
    example:
      'I1122 01:44:09.335230   16726 eviction_manager.go:635] "Eviction manager: pod is evicted successfully" pod="serving/llm-0"',
    seen: 'source of 1.36.1',
    gives: 'the kubelet evicted the pod, because its node ran short of memory, disk or pids',
    tell: (line) => aboutPod(podIn(line.fields()), 'evicted'),
  },
];

function aboutPod(pod: PodReference | undefined, what: PodNotice): readonly Told[] {
  return pod === undefined ? NOTHING : one({ kind: 'pod', what, pod });
}

function noticed(fields: Fields): readonly Told[] {
  const pod = podIn(fields);
  const event = plegEvent(fields.get('event'));
  if (pod === undefined || event === undefined) return NOTHING;
  const what = event.type === 'ContainerStarted' ? 'started' : 'died';
  return one({ kind: 'noticed', what, pod: { ...pod, uid: event.uid }, id: event.id });
}

function finished(fields: Fields): readonly Told[] {
  const uid = uidOf(fields.get('podID'));
  const id = idOf(fields.get('containerID'));
  const exitCode = countOf(fields.get('exitCode'));
  if (uid === undefined || id === undefined || exitCode === undefined) return NOTHING;
  const pod = { uid, namespace: undefined, name: undefined };
  return one({ kind: 'noticed', what: 'died', pod, id, exitCode });
}

/** Liveness is told only when it fails, and then "Message for Container of pod" says more. */
const PROBES: Readonly<Record<string, PodNotice>> = {
  'readiness ready': 'probe_ready',
  'readiness not ready': 'probe_unready',
  'startup started': 'startup_passed',
};

function probed(fields: Fields): readonly Told[] {
  const what = PROBES[`${fields.get('probe')} ${fields.get('status')}`];
  return what === undefined ? NOTHING : aboutPod(podIn(fields), what);
}

function probeFailed(fields: Fields): readonly Told[] {
  const pod = podIn(fields);
  const container = containerIn(fields);
  const probe = /^(?:Readiness|Liveness|Startup)$/.exec(fields.get('probeType') ?? '')?.[0].toLowerCase();
  if (pod === undefined || container === undefined || probe === undefined) return NOTHING;
  return one({ kind: 'probe_failed', pod, container, probe });
}

/** `Container server failed startup probe, will be restarted`; a changed image or specification has other words. */
const KILLED = /^(?:Init c|C)ontainer [a-z0-9-]{1,63} failed (?<probe>startup|liveness) probe/;

function probeKilled(fields: Fields): readonly Told[] {
  const pod = podIn(fields);
  const container = containerIn(fields);
  const probe = KILLED.exec(fields.get('containerMessage') ?? '')?.groups?.['probe'];
  const id = idWithin(fields.get('containerStatusID'));
  if (pod === undefined || container === undefined || probe === undefined) return NOTHING;
  return one({ kind: 'probe_killed', pod, container, probe, ...(id === undefined ? {} : { id }) });
}

function named(fields: Fields): readonly Told[] {
  const pod = podIn(fields);
  const container = containerIn(fields);
  const id = idWithin(fields.get('containerID'));
  if (pod === undefined || container === undefined || id === undefined) return NOTHING;
  return one({ kind: 'named', pod, container, id });
}

const ERR_IMAGE_PULL =
  /^failed to "StartContainer" for "(?<container>[a-z0-9-]{1,63})" with (?:ErrImagePull: ".{0,200}?failed to pull and unpack image|ImagePullBackOff: "Back-off pulling image) \\"(?<image>[^"\\]{1,4096})\\"/;

function wanted(fields: Fields): readonly Told[] {
  const pod = podIn(fields);
  const { container, image } = ERR_IMAGE_PULL.exec(fields.get('err') ?? '')?.groups ?? {};
  if (pod === undefined || container === undefined || image === undefined) return NOTHING;
  return one({ kind: 'wants', pod, container, image });
}
