// containerd's CRI plugin on sandboxes and containers: each asked for and answered.
//
// Read in the sources of 1.5.0, 1.6.38, 1.7.28, 2.0.5, 2.1.4, 2.2.0 and 2.3.4; examples are our recordings of 2.4.2
// unless they say otherwise.

import {
  C,
  CONTAINER,
  CONTAINER_1,
  containerOf,
  OURS,
  POD,
  POD_1,
  podOf,
  printed,
  S,
  SERVICE,
  shared,
} from './containerd-forms.ts';
import type { JournalRule } from './contract.ts';

/** Up to 1.5 the first line has a small s. */
const RUN = 'RunPod[sS]andbox for';

const asked = shared('RunPod', 'the kubelet asked for the sandbox of a pod', (groups) => ({
  kind: 'sandbox',
  what: 'asked',
  ...podOf(groups),
}));

const ready = shared('RunPod', 'sandbox and network are ready; id of the sandbox', (groups) => ({
  kind: 'sandbox',
  what: 'ready',
  ...podOf(groups),
  id: groups['sandbox'] ?? '',
}));

const failed = shared('RunPod', 'the sandbox could not be made: the kubelet will ask again', (groups) => ({
  kind: 'sandbox',
  what: 'failed',
  ...podOf(groups),
}));

const createAsked = shared(
  'CreateContainer within',
  'the image is there, and the container is asked for',
  (groups) => ({ kind: 'create', what: 'asked', ...containerOf(groups) }),
);

const created = shared(
  'CreateContainer within',
  'the container is created: its id, name and attempt (equal to the restart count)',
  (groups) => ({ kind: 'create', what: 'returned', ...containerOf(groups), id: groups['id'] ?? '' }),
);

export const sandboxes: readonly JournalRule[] = [
  {
    ...asked,
    id: 'containerd.sandbox_asked',
    printed: printed(SERVICE, '2.3'),
    pattern: new RegExp(`^${RUN} ${POD}$`),
    example:
      'time="2026-11-22T01:41:39.387785285Z" level=info msg="RunPodSandbox for name:\\"demo\\" uid:\\"8f7108e7-f0aa-43db-bdff-a1ea2a71f599\\" namespace:\\"s-a-cold\\""',
    seen: OURS,
  },
  {
    ...asked,
    id: 'containerd.sandbox_asked_1',
    printed: printed(SERVICE, '1.4', '2.2'),
    pattern: new RegExp(`^${RUN} ${POD_1}$`),
    example:
      'time="2024-05-07T08:11:02.118043217Z" level=info msg="RunPodSandbox for &PodSandboxMetadata{Name:demo,Uid:8f7108e7-f0aa-43db-bdff-a1ea2a71f599,Namespace:serving,Attempt:0,}"',
    seen: 'source of 1.7.28; up to 1.5 it is RunPodsandbox, with a small s',
  },
  {
    ...ready,
    id: 'containerd.sandbox_ready',
    printed: printed(SERVICE, '2.3'),
    pattern: new RegExp(`^${RUN} ${POD} returns sandbox id "${S}"$`),
    example:
      'time="2026-11-22T01:41:40.017213032Z" level=info msg="RunPodSandbox for name:\\"demo\\" uid:\\"8f7108e7-f0aa-43db-bdff-a1ea2a71f599\\" namespace:\\"s-a-cold\\" returns sandbox id \\"aa90a0b59dc8207ebb6370459cb93501e42f0f908979873e9cd440932f012567\\""',
    seen: OURS,
  },
  {
    ...ready,
    id: 'containerd.sandbox_ready_1',
    printed: printed(SERVICE, '1.4', '2.2'),
    pattern: new RegExp(`^${RUN} ${POD_1} returns sandbox id "${S}"$`),
    example:
      'time="2024-05-07T08:11:02.918043217Z" level=info msg="RunPodSandbox for &PodSandboxMetadata{Name:demo,Uid:8f7108e7-f0aa-43db-bdff-a1ea2a71f599,Namespace:serving,Attempt:0,} returns sandbox id \\"aa90a0b59dc8207ebb6370459cb93501e42f0f908979873e9cd440932f012567\\""',
    seen: 'source of 1.7.28',
  },
  {
    ...failed,
    id: 'containerd.sandbox_failed',
    printed: printed(SERVICE, '2.3'),
    pattern: new RegExp(`^${RUN} ${POD} failed, error$`),
    example:
      'time="2026-11-22T01:41:40.017213032Z" level=error msg="RunPodSandbox for name:\\"demo\\"  uid:\\"8f7108e7-f0aa-43db-bdff-a1ea2a71f599\\"  namespace:\\"s-a-cold\\" failed, error" error="rpc error: code = Unknown desc = failed to setup network for sandbox"',
    seen: 'source of 2.3.4, with doubled blanks',
  },
  {
    ...failed,
    id: 'containerd.sandbox_failed_1',
    printed: printed(SERVICE, '1.4', '2.2'),
    pattern: new RegExp(`^${RUN} ${POD_1} failed, error$`),
    example:
      'time="2024-05-07T08:11:02.918043217Z" level=error msg="RunPodSandbox for &PodSandboxMetadata{Name:demo,Uid:8f7108e7-f0aa-43db-bdff-a1ea2a71f599,Namespace:serving,Attempt:1,} failed, error" error="failed to setup network for sandbox"',
    seen: 'source of 1.7.28',
  },
];

export const containers: readonly JournalRule[] = [
  {
    ...createAsked,
    id: 'containerd.create_asked',
    printed: printed(SERVICE, '2.3'),
    pattern: new RegExp(`^CreateContainer within sandbox "${S}" for container ${CONTAINER}$`),
    example:
      'time="2026-11-22T01:44:11.272580073Z" level=info msg="CreateContainer within sandbox \\"d4e875768887188960af1c7c83057b0ed595e8ecb553d119b0e221e425bcc356\\" for container name:\\"server\\" attempt:1"',
    seen: OURS,
  },
  {
    ...createAsked,
    id: 'containerd.create_asked_1',
    printed: printed(SERVICE, '1.4', '2.2'),
    pattern: new RegExp(`^CreateContainer within sandbox "${S}" for container ${CONTAINER_1}$`),
    example:
      'time="2024-05-07T08:11:05.240098573Z" level=info msg="CreateContainer within sandbox \\"aa90a0b59dc8207ebb6370459cb93501e42f0f908979873e9cd440932f012567\\" for container &ContainerMetadata{Name:server,Attempt:0,}"',
    seen: 'source of 1.7.28',
  },
  {
    ...created,
    id: 'containerd.created',
    printed: printed(SERVICE, '2.3'),
    pattern: new RegExp(
      `^CreateContainer within sandbox "${S}" for ${CONTAINER} returns container id "${C}"$`,
    ),
    example:
      'time="2026-11-22T01:41:43.247493984Z" level=info msg="CreateContainer within sandbox \\"aa90a0b59dc8207ebb6370459cb93501e42f0f908979873e9cd440932f012567\\" for name:\\"model-downloader\\" returns container id \\"8d7aa241f1dc33e26fe683bb113f2bf9a7264e1723f44e026fa4de5ec260fa31\\""',
    seen: OURS,
  },
  {
    ...created,
    id: 'containerd.created_1',
    printed: printed(SERVICE, '1.4', '2.2'),
    pattern: new RegExp(
      `^CreateContainer within sandbox "${S}" for ${CONTAINER_1} returns container id "${C}"$`,
    ),
    example:
      'time="2024-05-07T08:11:05.247493984Z" level=info msg="CreateContainer within sandbox \\"aa90a0b59dc8207ebb6370459cb93501e42f0f908979873e9cd440932f012567\\" for &ContainerMetadata{Name:server,Attempt:0,} returns container id \\"8d7aa241f1dc33e26fe683bb113f2bf9a7264e1723f44e026fa4de5ec260fa31\\""',
    seen: 'source of 1.7.28',
  },
  {
    ...shared('StartContainer for', 'the process of the container runs', (groups) => ({
      kind: 'started',
      id: groups['id'] ?? '',
    })),
    id: 'containerd.started',
    printed: printed(SERVICE, '1.4'),
    pattern: new RegExp(`^StartContainer for "${C}" returns successfully$`),
    example:
      'time="2026-11-22T01:41:43.349210734Z" level=info msg="StartContainer for \\"8d7aa241f1dc33e26fe683bb113f2bf9a7264e1723f44e026fa4de5ec260fa31\\" returns successfully"',
    seen: OURS,
  },
  {
    ...shared('StartContainer for', 'the process of the container could not be started', (groups) => ({
      kind: 'unstarted',
      id: groups['id'] ?? '',
    })),
    id: 'containerd.start_failed',
    printed: printed(SERVICE, '1.4'),
    pattern: new RegExp(`^StartContainer for "${C}" failed$`),
    example:
      'time="2026-11-22T01:46:06.008006908Z" level=error msg="StartContainer for \\"4ed69d91935ceec84f13a9a995edf6fbf233179944e91c52bb0620fcea8025ac\\" failed" error="rpc error: code = Unknown desc = failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: \\"/usr/local/bin/nonexistent\\": stat /usr/local/bin/nonexistent: no such file or directory"',
    seen: OURS,
  },
];
