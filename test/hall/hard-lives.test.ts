// Lives that went wrong, told by some of their witnesses: outcome, attempt and first cause.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../lib/pipeline-types.ts';
import { folderOf, replayed, replayedTree, startupsText } from './replayed.ts';
import { eventsShifted } from './shifted.ts';

const lives = ({ startups }: Answer): readonly string[] =>
  startups.map(({ attempt, outcome, failure }) => `${attempt} ${outcome} ${failure?.cause ?? '-'}`);

const dump = (name: string, ...files: readonly string[]): readonly string[] =>
  files.map((file) => `fixtures/${name}/evidence/${file}`);

describe('three crashes, then ready: status keeps two runs, events the first and the last of four starts', () => {
  const LIVES = ['0 failed restarted', '1 failed restarted', '2 failed crash', '3 ready -'];

  it.each([[['pods.json']], [['pods.json', 'events.json']]])('%j', async (files) => {
    const answer = await replayed(dump('crashloop', ...files));
    expect(lives(answer)).toEqual(LIVES);
    expect(answer.startups.flatMap(({ conflicts = [] }) => conflicts)).toEqual([]);
  });

  it('of a run that is known by its number only no length is told', async () => {
    const { startups } = await replayed(dump('crashloop', 'pods.json'));
    expect(startups.map(({ lengthUnknown }) => lengthUnknown ?? false)).toEqual([true, true, false, false]);
  });

  it('Ready belongs to the run that was there', async () => {
    const { startups } = await replayed(dump('crashloop', 'pods.json', 'events.json'));
    const ready = startups.map(({ phases }) => phases.some(({ name }) => name === 'readiness_lag'));
    expect(ready).toEqual([false, false, false, true]);
  });
});

describe('three crashes, then ready, and events of a node whose clock runs three minutes ahead', () => {
  const read = (file: string): string => readFileSync(`fixtures/crashloop/evidence/${file}`, 'utf8');
  const skewed = () =>
    replayedTree({ 'pods.json': read('pods.json'), 'events.json': eventsShifted(read('events.json'), 180) });

  it('Ready is of the run that the status counts, whatever the clocks say', async () => {
    const answer = await skewed();
    expect(lives(answer)).toEqual([
      '0 failed restarted',
      '1 failed restarted',
      '2 failed crash',
      '3 ready -',
    ]);
  });

  it('the contradiction is told', async () => {
    const { startups } = await skewed();
    expect(startups[0]?.conflicts.map(({ what }) => what)).toEqual(['clock_skew']);
    expect(startups[3]?.conflicts.map(({ what }) => what)).toContain('end_before_start');
  });
});

describe('`kubectl logs` of a container that waits to be started again: with and without --previous it is the newest run', () => {
  const path = 'fixtures/startupprobe/evidence';
  const runs = 's-f-startupprobe_demo_2e64986d-affc-4469-8258-6dd0e111010b/server';
  const log = (restart: number): Buffer => readFileSync(`${path}/var-log-pods.all/${runs}/${restart}.log`);
  const told = (tree: Record<string, Buffer>) =>
    replayedTree({ 'pods.json': readFileSync(`${path}/pods.json`), ...tree });

  it.each([
    ['the newest run, as recorded', { 'demo_server.log': log(3), 'demo_server.previous.log': log(3) }],
    ['the run before it, from before it began', { 'demo_server.previous.log': log(2) }],
    ['a run of which only the number is known', { 'demo_server.log': log(1) }],
  ])('%s: no clock is blamed', async (_, tree) => {
    const { startups } = await told(tree);
    expect(startups.flatMap(({ conflicts }) => conflicts)).toEqual([]);
  });
});

describe('an image that could be pulled in the end', () => {
  it('explains nothing of a start whose container runs', async () => {
    const answer = await replayed(dump('imagepullbackoff', 'events.json'));
    expect(lives(answer)).toEqual(['0 incomplete -']);
  });
});

// recordings/kubernetes/o_nodename-hostnet, containerd 2.4.2
const UNSTARTED = [
  'time="2026-11-22T01:45:15.771214660Z" level=info msg="RunPodSandbox for name:\\"badcmd\\" uid:\\"29c0c26f-8151-4990-a4fa-0868ac22c003\\" namespace:\\"s-o-nodename-hostnet\\""',
  'time="2026-11-22T01:45:57.629229468Z" level=info msg="RunPodSandbox for name:\\"badcmd\\" uid:\\"29c0c26f-8151-4990-a4fa-0868ac22c003\\" namespace:\\"s-o-nodename-hostnet\\" returns sandbox id \\"f65973d4b804117767c423a236810d746a3759eb39bd0db4d1b70c68c87e5319\\""',
  'time="2026-11-22T01:45:57.690276649Z" level=info msg="CreateContainer within sandbox \\"f65973d4b804117767c423a236810d746a3759eb39bd0db4d1b70c68c87e5319\\" for name:\\"server\\" returns container id \\"4ed69d91935ceec84f13a9a995edf6fbf233179944e91c52bb0620fcea8025ac\\""',
  'time="2026-11-22T01:45:57.692746681Z" level=info msg="StartContainer for \\"4ed69d91935ceec84f13a9a995edf6fbf233179944e91c52bb0620fcea8025ac\\""',
  'time="2026-11-22T01:46:06.008006908Z" level=error msg="StartContainer for \\"4ed69d91935ceec84f13a9a995edf6fbf233179944e91c52bb0620fcea8025ac\\" failed" error="rpc error: code = Unknown desc = failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: \\"/usr/local/bin/nonexistent\\": stat /usr/local/bin/nonexistent: no such file or directory"',
  'time="2026-11-22T01:46:06.842859697Z" level=info msg="CreateContainer within sandbox \\"f65973d4b804117767c423a236810d746a3759eb39bd0db4d1b70c68c87e5319\\" for name:\\"server\\" attempt:1 returns container id \\"72faae2a77a67649305f42332c93a2e1154cb8457c19dd5c70ef0a8b1ea11190\\""',
  'time="2026-11-22T01:46:06.859891417Z" level=info msg="StartContainer for \\"72faae2a77a67649305f42332c93a2e1154cb8457c19dd5c70ef0a8b1ea11190\\""',
  'time="2026-11-22T01:46:13.072663849Z" level=error msg="StartContainer for \\"72faae2a77a67649305f42332c93a2e1154cb8457c19dd5c70ef0a8b1ea11190\\" failed" error="rpc error: code = Unknown desc = failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: \\"/usr/local/bin/nonexistent\\": stat /usr/local/bin/nonexistent: no such file or directory"',
].join('\n');

// recordings/kubernetes/h_deleted-in-start, containerd 2.4.2 and kubelet 1.36.3
const DELETED_RUNTIME = [
  'time="2026-11-22T01:54:10.491422067Z" level=info msg="RunPodSandbox for name:\\"deleted-in-init\\" uid:\\"c5e0f1ac-7355-4dae-ac87-3df256634520\\" namespace:\\"s-h-deleted-in-start\\""',
  'time="2026-11-22T01:54:42.757029044Z" level=info msg="RunPodSandbox for name:\\"deleted-in-init\\" uid:\\"c5e0f1ac-7355-4dae-ac87-3df256634520\\" namespace:\\"s-h-deleted-in-start\\" returns sandbox id \\"1ec0fb5458226b011056d1b49ee390772f8a6c91a70fa2992388f2240e86e09b\\""',
  'time="2026-11-22T01:54:43.024529185Z" level=info msg="CreateContainer within sandbox \\"1ec0fb5458226b011056d1b49ee390772f8a6c91a70fa2992388f2240e86e09b\\" for name:\\"model-downloader\\" returns container id \\"2a42c4247143d7e40337247a6b0d05955fe9bfb0ce0508ba2a5025478f3c0878\\""',
  'time="2026-11-22T01:54:43.226038683Z" level=info msg="StartContainer for \\"2a42c4247143d7e40337247a6b0d05955fe9bfb0ce0508ba2a5025478f3c0878\\""',
  'time="2026-11-22T01:54:50.491039003Z" level=info msg="StartContainer for \\"2a42c4247143d7e40337247a6b0d05955fe9bfb0ce0508ba2a5025478f3c0878\\" returns successfully"',
  'time="2026-11-22T01:54:53.441346031Z" level=info msg="received container exit event container_id:\\"2a42c4247143d7e40337247a6b0d05955fe9bfb0ce0508ba2a5025478f3c0878\\" id:\\"2a42c4247143d7e40337247a6b0d05955fe9bfb0ce0508ba2a5025478f3c0878\\" pid:27096 exit_status:143 exited_at:{seconds:1795312493 nanos:430980838}"',
].join('\n');
const DELETED_KUBELET = [
  'I1122 01:54:09.017712   16726 kubelet.go:2709] "SyncLoop ADD" source="api" pods=["s-h-deleted-in-start/deleted-in-init"]',
  'I1122 01:54:53.161293   16726 kubelet.go:2725] "SyncLoop DELETE" source="api" pods=["s-h-deleted-in-start/deleted-in-init"]',
  'I1122 01:54:54.651003   16726 kubelet.go:2725] "SyncLoop DELETE" source="api" pods=["s-h-deleted-in-start/deleted-in-init"]',
  'I1122 01:54:54.654412   16726 kubelet.go:2719] "SyncLoop REMOVE" source="api" pods=["s-h-deleted-in-start/deleted-in-init"]',
].join('\n');

describe("the node's journal alone", () => {
  it('names a command that is not in the image; of an init container that would be tried again, it ends nothing', async () => {
    const answer = await replayedTree({ 'containerd.log': UNSTARTED });
    expect(lives(answer)).toEqual(['0 incomplete container_create']);
    expect(answer.startups[0]?.failure?.phase).toBe('container_creating');
    expect(answer.startups[0]?.note).toContain('does not say whether server is an init container');
  });

  it('names the deletion that a signalled end follows', async () => {
    const answer = await replayedTree({ 'containerd.log': DELETED_RUNTIME, 'kubelet.log': DELETED_KUBELET });
    expect(lives(answer)).toEqual(['0 failed deleted']);
  });

  it('names the node that ran short', async () => {
    const evicted =
      'I1122 01:54:55.335230   16726 eviction_manager.go:635] "Eviction manager: pod is evicted successfully" pod="s-h-deleted-in-start/deleted-in-init"';
    const answer = await replayedTree({ 'containerd.log': DELETED_RUNTIME, 'kubelet.log': evicted });
    expect(lives(answer)).toEqual(['0 failed evicted']);
  });
});

describe('one uid in the paths of two pods', () => {
  const uid = 'd936022a-9252-412a-9633-75b6c7ad4e8b';
  const log = readFileSync(
    `fixtures/vllm-cold-image/evidence/var-log-pods/s-v6-vllm-cold-image-quiet_llm-engine-0_${uid}/engine/0.log`,
  );
  const folder = (pod: string): string => folderOf({ [`ns_${pod}_${uid}/engine/0.log`]: log });

  it('is told, and which file came first does not matter', async () => {
    const [a, b] = [folder('a'), folder('b')];
    const told = await replayed([a, b]);
    expect(told.startups.flatMap(({ conflicts = [] }) => conflicts)).toEqual([
      { what: 'identity', says: 'one uid is said to be ns/a and ns/b: what they tell is told as one pod' },
    ]);
    expect(startupsText(await replayed([b, a]))).toBe(startupsText(told));
  });

  it('twice in the paths of one pod is nothing', async () => {
    const told = await replayed([folder('a'), folder('a')]);
    expect(told.startups.flatMap(({ conflicts = [] }) => conflicts)).toEqual([]);
  });
});

it('an annotation that names no container of the pod chooses none', async () => {
  const text = readFileSync('fixtures/crashloop/evidence/pods.json', 'utf8');
  const list = JSON.parse(text);
  for (const { metadata } of list.items)
    metadata.annotations = { 'kubectl.kubernetes.io/default-container': 'b'.repeat(5_000_000) };
  const events = readFileSync('fixtures/crashloop/evidence/events.json');
  const answer = await replayedTree({ 'pods.json': JSON.stringify(list), 'events.json': events });
  expect(answer.startups.map(({ container }) => container)).toEqual(Array(4).fill('server'));
});
