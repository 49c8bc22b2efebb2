// Lines of the kubelet and of containerd, in all their versions and loggers: what each says.

import { describe, expect, it } from 'vitest';
import { parseJournalLine } from '../../../lib/kubernetes/journal/line.ts';
import { claimOf } from '../../../lib/kubernetes/journal/rules.ts';

const ID = '8d7aa241f1dc33e26fe683bb113f2bf9a7264e1723f44e026fa4de5ec260fa31';
const SANDBOX = 'aa90a0b59dc8207ebb6370459cb93501e42f0f908979873e9cd440932f012567';
const UID = '8f7108e7-f0aa-43db-bdff-a1ea2a71f599';

function toldBy(text: string) {
  const line = parseJournalLine(text);
  const claim = line === undefined ? undefined : claimOf(line);
  return claim?.told.map(({ says, at }) => (at === undefined ? says : { ...says, at: String(at) }));
}

const klog = (file: string, message: string): string =>
  `I0507 08:11:02.118043    2264 ${file}:2231] ${message}`;

const logrus = (message: string): string =>
  `time="2024-05-07T08:11:02.118043217Z" level=info msg="${message.replaceAll('"', '\\"')}"`;

const demo = { uid: undefined, namespace: 'serving', name: 'demo' };

describe('the kubelet', () => {
  it.each([
    ['1.21 to 1.25', 'pods=[serving/demo serving/other]'],
    ['since 1.28', 'pods=["serving/demo","serving/other"]'],
  ])('SyncLoop ADD %s', (_, pods) => {
    expect(toldBy(klog('kubelet.go', `"SyncLoop ADD" source="api" ${pods}`))).toEqual([
      { kind: 'pod', what: 'accepted', pod: demo },
      { kind: 'pod', what: 'accepted', pod: { ...demo, name: 'other' } },
    ]);
  });

  it.each([
    ['up to 1.27', `event=&{ID:${UID} Type:ContainerStarted Data:${ID}}`],
    ['since 1.28', `event={"ID":"${UID}","Type":"ContainerStarted","Data":"${ID}"}`],
  ])('PLEG event %s', (_, event) => {
    const line = klog('kubelet.go', `"SyncLoop (PLEG): event for pod" pod="serving/demo" ${event}`);
    expect(toldBy(line)).toEqual([{ kind: 'noticed', what: 'started', pod: { ...demo, uid: UID }, id: ID }]);
  });

  it('the startup tracker of 1.30 knows the pulls, and the zone of the node', () => {
    const line = klog(
      'pod_startup_latency_tracker.go',
      '"Observed pod startup duration" pod="serving/demo" podStartSLOduration=1.015080303 podStartE2EDuration="2.131115114s" podCreationTimestamp="2024-07-22 18:24:44 +0300 MSK" firstStartedPulling="2024-07-22 18:24:44.82040499 +0300 MSK m=+12924.906283180" lastFinishedPulling="2024-07-22 18:24:45.936439801 +0300 MSK m=+12926.022317991" observedRunningTime="2024-07-22 18:24:46.130975714 +0300 MSK m=+12926.216853904" watchObservedRunningTime="2024-07-22 18:24:46.131115114 +0300 MSK m=+12926.216993404"',
    );
    expect(toldBy(line)).toEqual([
      { kind: 'running', pod: demo, at: '1721661886130975714' },
      { kind: 'pulls', what: 'began', pod: demo, at: '1721661884820404990' },
      { kind: 'pulls', what: 'ended', pod: demo, at: '1721661885936439801' },
    ]);
  });

  it('a zero time and a zero sum are no values', () => {
    const line = klog(
      'pod_startup_latency_tracker.go',
      '"Observed pod startup duration" pod="serving/demo" totalImagesPullingTime="0s" totalInitContainerRuntime="0s" firstStartedPulling="0001-01-01 00:00:00 +0000 UTC" lastFinishedPulling="0001-01-01 00:00:00 +0000 UTC" observedRunningTime="2023-05-02 08:56:10.264334729 +0000 UTC m=+535.425599933"',
    );
    expect(toldBy(line)).toEqual([{ kind: 'running', pod: demo, at: '1683017770264334729' }]);
  });

  it('a container that is restarted for its new image was not killed by a probe', () => {
    const line = klog(
      'kuberuntime_manager.go',
      `"Message for Container of pod" containerName="server" containerStatusID={"Type":"containerd","ID":"${ID}"} pod="serving/demo" containerMessage="Container server definition changed, will be restarted"`,
    );
    expect(toldBy(line)).toEqual([]);
  });

  it.each([
    ['liveness', 'unhealthy'],
    ['readiness', 'whatever'],
  ])('"SyncLoop (probe)" %s %s says nothing of its own', (probe, status) => {
    const line = klog(
      'kubelet.go',
      `"SyncLoop (probe)" probe="${probe}" status="${status}" pod="serving/demo"`,
    );
    expect(toldBy(line)).toEqual([]);
  });

  it('the output of a probe over several lines does not hide the fields before it', () => {
    const line = klog(
      'prober.go',
      `"Probe failed" probeType="Liveness" pod="serving/demo" podUID="${UID}" containerName="server" probeResult="failure" output=<`,
    );
    expect(toldBy(line)).toEqual([
      { kind: 'probe_failed', pod: { ...demo, uid: UID }, container: 'server', probe: 'liveness' },
    ]);
  });
});

describe('containerd', () => {
  const pod = { uid: UID, namespace: 'serving', name: 'demo' };

  it.each([
    ['2.4', `name:"demo" uid:"${UID}" namespace:"serving"`, 0],
    ['2.4, blanks doubled', `name:"demo"  uid:"${UID}"  namespace:"serving"  attempt:2`, 2],
    ['1.7', `&PodSandboxMetadata{Name:demo,Uid:${UID},Namespace:serving,Attempt:1,}`, 1],
  ])('RunPodSandbox of %s', (_, metadata, attempt) => {
    expect(toldBy(logrus(`RunPodSandbox for ${metadata}`))).toEqual([
      { kind: 'sandbox', what: 'asked', pod, attempt },
    ]);
    expect(toldBy(logrus(`RunPodSandbox for ${metadata} returns sandbox id "${SANDBOX}"`))).toEqual([
      { kind: 'sandbox', what: 'ready', pod, attempt, id: SANDBOX },
    ]);
  });

  it.each([
    [
      '2.4',
      'received container exit event',
      'exit_status:137 exited_at:{seconds:1795311850 nanos:69377460}',
      137,
    ],
    ['2.0', 'received exit event', 'exited_at:{seconds:1795311850  nanos:69377460}', 0],
    ['1.7', 'TaskExit event', 'exited_at:{seconds:1795311850 nanos:69377460}', 0],
  ])('an exit of %s', (_, what, rest, exitCode) => {
    expect(toldBy(logrus(`${what} container_id:"${ID}" id:"${ID}" pid:829 ${rest}`))).toEqual([
      { kind: 'exited', id: ID, exitCode, at: '1795311850069377460' },
    ]);
  });

  it('an exit of 1.6 names its time in words', () => {
    const line = logrus(
      `TaskExit event &TaskExit{ContainerID:${ID},ID:${ID},Pid:829,ExitStatus:1,ExitedAt:2023-09-06 07:44:42.439304235 +0000 UTC,XXX_unrecognized:[],}`,
    );
    expect(toldBy(line)).toEqual([{ kind: 'exited', id: ID, exitCode: 1, at: '1693986282439304235' }]);
  });

  it('the exit of an exec is none of the container', () => {
    const line = logrus(
      `TaskExit event container_id:"${ID}" id:"${SANDBOX}" pid:829 exited_at:{seconds:1795311850 nanos:1}`,
    );
    expect(toldBy(line)).toEqual([]);
  });

  it('a time of whole seconds is good to a second', () => {
    const line = parseJournalLine('time="2026-11-22T01:37:55Z" level=info msg="PullImage \\"a\\""');
    expect(line?.stamp?.precision).toBe(1_000_000_000n);
  });
});

describe('what only looks alike', () => {
  it.each([
    ['another source file', klog('scheduler.go', '"SyncLoop ADD" source="api" pods=["serving/demo"]')],
    ['another program', klog('eventhandlers.go', '"Add event for scheduled pod" pod="serving/demo"')],
    ['a message that goes on', klog('kubelet.go', '"SyncLoop ADDITION" source="api" pods=["serving/demo"]')],
    ['text in front', `x ${klog('kubelet.go', '"SyncLoop ADD" pods=["serving/demo"]')}`],
    ['a tab in front: a line of a probe', `\t${klog('kubelet.go', '"SyncLoop ADD" pods=["serving/demo"]')}`],
    ['no such day', 'I0532 08:11:02.118043    2264 kubelet.go:2231] "SyncLoop ADD" pods=["serving/demo"]'],
    ['dockerd', 'time="2024-05-07T08:11:02.118043217Z" level=info msg="ignoring event" container=aa'],
    ['Ollama', 'time=2024-07-21T15:40:57.047-07:00 level=INFO source=routes.go:1143 msg="Listening on a"'],
  ])('%s', (_, text) => {
    expect(toldBy(text)).toBeUndefined();
  });

  it.each([
    ['a message inside a message', logrus(`PullImage "PullImage "x" returns image reference "y""`)],
    ['an id that is none', logrus(`StartContainer for "${ID.slice(1)}" returns successfully`)],
    ['a name with a quote', logrus(`RunPodSandbox for name:"de"mo" uid:"${UID}" namespace:"serving"`)],
    ['text behind', logrus(`StartContainer for "${ID}" returns successfully "`)],
  ])('%s', (_, text) => {
    expect(toldBy(text)).toBeUndefined();
  });

  it('the output of a probe cannot add fields, or other ones', () => {
    const output = '" podUID="x" pod="serving/victim" containerName="other" probeType="Readiness" output="';
    const quoted = `"${output.replaceAll('"', '\\"')}"`;
    const own = `probeType="Startup" pod="serving/demo" podUID="${UID}" containerName="server"`;
    const says = { kind: 'probe_failed', pod: { ...demo, uid: UID }, container: 'server', probe: 'startup' };
    expect(toldBy(klog('prober.go', `"Probe failed" output=${quoted} ${own}`))).toEqual([says]);
    expect(toldBy(klog('prober.go', `"Probe failed" ${own} output=${quoted}`))).toEqual([says]);
    // Unquoted, as klog would never print it, the line says nothing rather than something else.
    expect(toldBy(klog('prober.go', `"Probe failed" output=${output} ${own}`))).toEqual([]);
  });
});
