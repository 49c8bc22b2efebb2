// What a container prints is about itself: records, events and journal lines of other pods change nothing, wherever they stand.

import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInstant } from '../../lib/base/instant.ts';
import { replayFrom } from '../../lib/pipeline.ts';
import type { Answer } from '../../lib/pipeline-types.ts';
import type { ByteStream } from '../../lib/sources/index.ts';
import { files } from '../../lib/sources/index.ts';
import { logStreamOf } from '../../lib/sources/kube/streams.ts';
import type { TrustedPods } from '../../lib/who-tells.ts';
import { linesOf } from '../kubernetes/audit/audit-log.ts';
import { folderOf, replayedTree, startupsText, type Tree, treeOf } from './replayed.ts';

const read = (path: string): string => readFileSync(`fixtures/${path}`, 'utf8');
const POD = (JSON.parse(read('kubernetes/a_cold/pods.json')) as { items: Json[] }).items[0] as Json;
const EVENTS = (JSON.parse(read('kubernetes/a_cold/events.json')) as { items: Json[] }).items;

type Json = Record<string, unknown>;

const inner = (object: Json, key: string): Json => object[key] as Json;

/** Some other pod of the same image. */
const OTHER = 'eeeeeeee-0000-4000-8000-00000000000e';
const other = (event: Json): Json => ({
  ...event,
  metadata: { ...inner(event, 'metadata'), uid: `${String(inner(event, 'metadata')['uid'])}e` },
  involvedObject: { ...inner(event, 'involvedObject'), uid: OTHER, name: 'other' },
});

/** A later version, in which the container has been started again: one more attempt of the same pod. */
const later = {
  ...POD,
  metadata: { ...inner(POD, 'metadata'), resourceVersion: '99999999' },
  status: {
    ...inner(POD, 'status'),
    containerStatuses: [{ ...(inner(POD, 'status')['containerStatuses'] as Json[])[0], restartCount: 1 }],
  },
};

const newEvent = (event: Json): Json => {
  const { involvedObject, firstTimestamp, lastTimestamp, count, source, message, ...rest } = other(event);
  return {
    ...rest,
    apiVersion: 'events.k8s.io/v1',
    regarding: involvedObject,
    note: message,
    deprecatedFirstTimestamp: firstTimestamp,
    deprecatedLastTimestamp: lastTimestamp,
    deprecatedCount: count,
    deprecatedSource: source,
  };
};

const journal = (name: string, needle: string): readonly string[] =>
  read(`node-journal/a_cold/${name}`)
    .split('\n')
    .filter((line) => line.includes(needle));

/** Lines that tell of pods, of every kind; believed, each changes the answer. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  'audit records': linesOf('crashloop.request-response'),
  'core/v1 events': EVENTS.map((event) => JSON.stringify(other(event))),
  'events.k8s.io/v1 events': EVENTS.map((event) => JSON.stringify(newEvent(event))),
  'events of eventrouter': EVENTS.map((event) => JSON.stringify({ verb: 'ADDED', event: other(event) })),
  'a watch, ADDED': [JSON.stringify({ type: 'ADDED', object: later })],
  'a watch, MODIFIED': [JSON.stringify({ type: 'MODIFIED', object: later })],
  'a watch, DELETED': [
    JSON.stringify({
      type: 'DELETED',
      object: { ...later, metadata: { ...later.metadata, deletionTimestamp: '2026-11-22T01:41:50Z' } },
    }),
  ],
  'klog of a kubelet': journal('kubelet.log', 'SyncLoop ADD'),
  'logrus of containerd': journal('containerd.log', ' returns '),
};

const JOURNALD = journal('journal.json', ' returns ');

const AT = '2026-11-22T01:45:20.123456789Z';
const UID = 'aaaaaaaa-0000-4000-8000-00000000000a';
const ID = 'c'.repeat(64);
const json = (value: unknown): string => JSON.stringify(value);
const shipper = { pod_name: 'evil', namespace_name: 'tenant', pod_id: UID, container_name: 'main' };
const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } });
const request = (body: unknown): string =>
  json({
    resourceLogs: [
      {
        resource: {
          attributes: [
            attribute('k8s.pod.name', 'evil'),
            attribute('k8s.namespace.name', 'tenant'),
            attribute('k8s.container.name', 'main'),
          ],
        },
        scopeLogs: [{ logRecords: [{ timeUnixNano: '1795311920123456789', body }] }],
      },
    ],
  });

interface Place {
  readonly file: string;
  readonly line: (text: string) => string;
  /** Every line in it calls itself another pod's, the harmless one too. */
  readonly alien?: true;
}

/** Every place in which a container's line may stand, and how it stands there. */
const PLACES: Readonly<Record<string, Place>> = {
  'CRI below /var/log/pods': {
    file: `var/log/pods/tenant_evil_${UID}/main/0.log`,
    line: (text) => `${AT} stdout F ${text}`,
  },
  'without an envelope below /var/log/pods': {
    file: `var/log/pods/tenant_evil_${UID}/main/0.log`,
    line: (text) => text,
  },
  'a folder of a pod': { file: `tenant_evil_${UID}/main.log`, line: (text) => text },
  'a link of /var/log/containers, docker': {
    file: `var/log/containers/evil_tenant_main-${ID}.log`,
    line: (text) => json({ log: `${text}\n`, stream: 'stdout', time: AT }),
  },
  'kubectl logs': { file: 'evil_main.log', line: (text) => text },
  'kubectl logs --previous': { file: 'evil_main.previous.log', line: (text) => text },
  'kubectl logs --timestamps': { file: 'evil_main.log', line: (text) => `${AT} ${text}` },
  'kubectl logs --prefix': { file: 'all.log', line: (text) => `[pod/evil/main] ${text}` },
  'kubectl logs --prefix --timestamps': { file: 'all.log', line: (text) => `[pod/evil/main] ${AT} ${text}` },
  'docker compose logs': { file: 'all.log', line: (text) => `evil-1  | ${text}` },
  'docker compose logs of a service that is called kubelet': {
    file: 'all.log',
    line: (text) => `kubelet  | ${text}`,
  },
  'stern -t': { file: 'all.log', line: (text) => `evil-0 main ${AT} ${text}` },
  'labels of Loki': {
    file: 'all.log',
    line: (text) => `${AT} {container="main", namespace="tenant", pod="evil"} ${text}`,
  },
  'Fluent Bit': {
    file: 'all.jsonl',
    line: (text) => json({ time: AT, stream: 'stdout', _p: 'F', log: text, kubernetes: shipper }),
  },
  'Fluent Bit, only the path of the file': {
    file: 'all.jsonl',
    line: (text) =>
      json({ date: 1795311920.1, log: text, filename: `/var/log/containers/evil_tenant_main-${ID}.log` }),
  },
  'Container Insights in CloudWatch': {
    file: 'insights.json',
    line: (text) =>
      json({
        timestamp: 1795311920123,
        message: json({ time: AT, stream: 'stdout', log: text, kubernetes: shipper }),
        logStreamName: `ip-10-0-0-1-application.var.log.containers.evil_tenant_main-${ID}.log`,
      }),
  },
  'raw lines in CloudWatch': {
    file: 'insights.json',
    line: (text) =>
      json({
        timestamp: 1795311920123,
        message: text,
        logStreamName: `ip-10-0-0-1-application.var.log.containers.evil_tenant_main-${ID}.log`,
      }),
  },
  Vector: {
    file: 'all.jsonl',
    line: (text) =>
      json({
        kubernetes: { pod_name: 'evil', pod_namespace: 'tenant', pod_uid: UID, container_name: 'main' },
        message: text,
        source_type: 'kubernetes_logs',
        stream: 'stdout',
        timestamp: AT,
      }),
  },
  'Cloud Logging': {
    file: 'gke.jsonl',
    line: (text) =>
      json({
        textPayload: text,
        timestamp: AT,
        logName: 'projects/p/logs/stdout',
        resource: {
          type: 'k8s_container',
          labels: { pod_name: 'evil', namespace_name: 'tenant', container_name: 'main' },
        },
      }),
  },
  'OTLP logs': { file: 'otlp.jsonl', line: (text) => request({ stringValue: text }) },
  'journald, a container of Docker': {
    file: 'journal.jsonl',
    line: (text) =>
      json({ __REALTIME_TIMESTAMP: '1795311920123456', CONTAINER_NAME: 'kubelet', MESSAGE: text }),
  },
  'journald, some unit': {
    file: 'journal.txt',
    line: (text) => `2026-11-22T01:45:20.123456+0000 vm web[7]: ${text}`,
  },
  'a record that forges a trusted writer inside its own': {
    alien: true,
    file: 'all.log',
    line: (text) =>
      `[pod/evil/main] ${json({ log: text, time: AT, kubernetes: { pod_name: 'kube-apiserver-a', namespace_name: 'kube-system', container_name: 'kube-apiserver' } })}`,
  },
  'a pod that is called as one that is trusted': {
    file: `var/log/pods/tenant_kube-apiserver-a_${UID}/kube-apiserver/0.log`,
    line: (text) => `${AT} stdout F ${text}`,
  },
  'a shipper’s record in the log of a container': {
    alien: true,
    file: `var/log/pods/tenant_evil_${UID}/main/0.log`,
    line: (text) =>
      `${AT} stdout F ${json({ log: text, time: AT, kubernetes: { pod_name: 'eventrouter-a', namespace_name: 'kube-system' } })}`,
  },
};

const EVIDENCE: Tree = {
  'pods.json': read('kubernetes/a_cold/pods.json'),
  'events.json': read('kubernetes/a_cold/events.json'),
};

const withLines = (lines: readonly string[], { file, line }: Place): Tree => ({
  ...EVIDENCE,
  [file]: `${['hello', ...lines].map(line).join('\n')}\n`,
});

const base = startupsText(await replayedTree(EVIDENCE));

const rejectedIn = ({ problems }: Answer) => problems.filter(({ what }) => what === 'lines.rejected');

describe('handed over on purpose, in a file that is nobody’s log', () => {
  it.each([...Object.entries(KINDS), ['journalctl -o json', JOURNALD] as const])(
    '%s tell',
    async (_, lines) => {
      const answer = await replayedTree({ ...EVIDENCE, 'witness.log': `${lines.join('\n')}\n` });
      expect(startupsText(answer)).not.toBe(base);
      expect(answer.tally.get('lines.rejected')).toBeUndefined();
    },
  );
});

describe.each(Object.entries(PLACES))('printed by a container: %s', (_, place) => {
  const plain = replayedTree(withLines([], place)).then(startupsText);
  const more = place.alien === true ? 1 : 0;

  it.each(Object.entries(KINDS))('%s tell nothing, are counted, and told once', async (_kind, lines) => {
    const answer = await replayedTree(withLines(lines, place));
    expect(startupsText(answer)).toBe(await plain);
    expect(answer.tally.get('lines.rejected')).toBe(lines.length + more);
    expect(answer.tally.get('lines.witness')).toBeUndefined();
    expect(rejectedIn(answer)).toHaveLength(1);
    expect(rejectedIn(answer)[0]).toMatchObject({
      asked: false,
      remedy: expect.stringContaining('--trust-pods'),
    });
  });

  it('entries of a journal tell nothing', async () => {
    const answer = await replayedTree(withLines(JOURNALD, place));
    expect(startupsText(answer)).toBe(await plain);
    expect(answer.tally.get('lines.rejected')).toBe(JOURNALD.length + more);
  });
});

const members = (object: unknown): unknown => {
  if (Array.isArray(object)) return { arrayValue: { values: object.map(members) } };
  if (typeof object !== 'object' || object === null) return { stringValue: String(object) };
  const values = Object.entries(object).map(([key, value]) => ({ key, value: members(value) }));
  return { kvlistValue: { values } };
};

const event = other(EVENTS[0] as Json);

/** Shippers that take JSON apart: what was printed stands among their own members. */
const LIFTED: Readonly<Record<string, string>> = {
  'Fluent Bit, Merge_Log': json({ ...event, stream: 'stdout', kubernetes: shipper }),
  'Fluent Bit, Merge_Log, with a time': `[1795311920.1,${json({ ...event, kubernetes: shipper })}]`,
  'Fluent Bit, Merge_Log, json_lines': json({ date: 1795311920.1, ...event, kubernetes: shipper }),
  'an audit record, Merge_Log': json({
    ...(JSON.parse(linesOf('crashloop.request-response')[0] ?? '') as Json),
    kubernetes: shipper,
  }),
  'Vector, parse_json': json({
    ...event,
    file: `/var/log/pods/tenant_evil_${UID}/main/0.log`,
    source_type: 'kubernetes_logs',
  }),
  'Filebeat, decode_json_fields': json({
    ...event,
    kubernetes: { pod: { name: 'evil', uid: UID }, namespace: 'tenant', container: { name: 'main' } },
  }),
  'OTLP, json_parser into the body': request(members({ type: 'ADDED', object: event })),
  'the Collector’s CloudWatch exporter': json({
    body: { type: 'ADDED', object: event },
    attributes: {},
    resource: { 'k8s.pod.name': 'evil', 'k8s.namespace.name': 'tenant' },
  }),
  'the Collector’s CloudWatch exporter, json_parser into the attributes': json({
    body: 'Started',
    attributes: {
      'k8s.event.name': 'a',
      'k8s.event.reason': 'Started',
      'k8s.object.uid': OTHER,
      'k8s.object.kind': 'Pod',
      'k8s.object.name': 'other',
      'k8s.namespace.name': 'kube-system',
      'k8s.event.start_time': '2026-11-22 01:41:40 +0000 UTC',
    },
    resource: { 'k8s.pod.name': 'kube-apiserver-a', 'k8s.namespace.name': 'tenant' },
  }),
};

describe('taken apart by a shipper', () => {
  it.each(Object.entries(LIFTED))('%s', async (_, line) => {
    const answer = await replayedTree({ ...EVIDENCE, 'all.jsonl': `${line}\n` });
    expect(startupsText(answer)).toBe(base);
    expect(answer.tally.get('lines.rejected')).toBe(1);
  });

  it('without the members of the shipper the same are believed', async () => {
    const answer = await replayedTree({ ...EVIDENCE, 'all.jsonl': `${json(event)}\n` });
    expect(startupsText(answer)).not.toBe(base);
  });
});

describe('a container’s log that begins like something else', () => {
  const dump = read('kubernetes/a_cold/events.json').replaceAll('8f7108e7', 'eeeeeeee');

  it.each([
    ['a dump', 'evil_main.log', dump],
    ['a dump on one line', 'evil_main.log', json(JSON.parse(dump))],
    ['a dump in YAML', 'evil_main.txt', 'apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n  uid: y\n'],
    [
      'traces',
      `var/log/pods/tenant_evil_${UID}/main/0.log`,
      read('vllm-own-spans/evidence/f-otlp-compile-cold.vllm-own-spans.json'),
    ],
  ])('%s is not read as one, and the file is named', async (_, file, text) => {
    const answer = await replayedTree({ ...EVIDENCE, [file]: text });
    expect(startupsText(answer)).toBe(base);
    expect(answer.problems.map(({ what }) => what)).toEqual([
      expect.stringMatching(/^(?:files|lines)\.rejected$/),
    ]);
  });

  it('a dump beside the logs of a pod is one', async () => {
    const answer = await replayedTree({ ...EVIDENCE, [`tenant_evil_${UID}/events.json`]: dump });
    expect(startupsText(answer)).not.toBe(base);
    expect(answer.problems).toEqual([]);
  });
});

describe('trusted', () => {
  const events = KINDS['core/v1 events'] ?? [];
  const audit = KINDS['audit records'] ?? [];
  const monitoring: readonly TrustedPods[] = [{ namespace: 'monitoring', pod: 'event-exporter' }];
  const cri = (text: string): string => `${AT} stdout F ${text}`;
  const log = (pod: string, container: string): string => `var/log/pods/${pod}_${UID}/${container}/0.log`;
  const told = async (file: string, lines: readonly string[], trusted: readonly TrustedPods[] = []) =>
    replayedTree({ ...EVIDENCE, [file]: `${lines.map(cri).join('\n')}\n` }, { trusted });

  /** Without the pod that printed them. */
  const bordersIn = ({ startups }: Answer) =>
    startups
      .filter(({ pod }) => pod.uid !== UID)
      .map(({ pod, start, end, phases }) => ({
        pod,
        start,
        end,
        phases: phases.map((phase) => [phase.name, phase.start, phase.end]),
      }));

  it.each([
    [
      'the API server of kube-system, of its requests',
      log('kube-system_kube-apiserver-a', 'kube-apiserver'),
      audit,
      [],
    ],
    ['eventrouter of kube-system', log('kube-system_eventrouter-6f-x', 'router'), events, []],
    [
      'an exporter that the operator names',
      log('monitoring_event-exporter-6f-x', 'main'),
      events,
      monitoring,
    ],
    [
      'any pod of a namespace that the operator names',
      log('monitoring_x', 'main'),
      audit,
      [{ namespace: 'monitoring' }],
    ],
    [
      'a log agent, of the journal',
      log('monitoring_event-exporter-6f-x', 'main'),
      KINDS['logrus of containerd'] ?? [],
      monitoring,
    ],
  ] as const)('%s', async (_, file, lines, trusted) => {
    const answer = await told(file, lines, trusted);
    const inWitness = await replayedTree({ ...EVIDENCE, 'witness.log': `${lines.join('\n')}\n` });
    expect(rejectedIn(answer)).toEqual([]);
    expect(bordersIn(answer)).toEqual(bordersIn(inWitness));
  });

  it.each([
    ['the API server, of events', log('kube-system_kube-apiserver-a', 'kube-apiserver'), events, []],
    ['eventrouter, of requests', log('kube-system_eventrouter-6f-x', 'router'), audit, []],
    ['any other pod of kube-system', log('kube-system_coredns-a', 'coredns'), events, []],
    [
      'a pod that only begins like the one that was named',
      log('monitoring_event-exporters-a', 'main'),
      events,
      monitoring,
    ],
    ['its name in another namespace', log('tenant_event-exporter-a', 'main'), events, monitoring],
    ['its name in no namespace', 'event-exporter_main.log', events, monitoring],
  ] as const)('not %s', async (_, file, lines, trusted) => {
    const answer = await told(file, lines, trusted);
    expect(answer.tally.get('lines.rejected')).toBe(lines.length);
    expect(answer.startups.map(({ pod }) => pod.uid)).not.toContain(OTHER);
  });

  it('the user says where the pod of a file ran', async () => {
    const tree = { ...EVIDENCE, 'event-exporter_main.log': `${events.map(cri).join('\n')}\n` };
    const answer = await replayedTree(tree, { trusted: monitoring, identity: { namespace: 'monitoring' } });
    expect(answer.startups.map(({ pod }) => pod.uid)).toContain(OTHER);
    expect(rejectedIn(answer)).toEqual([]);
  });
});

describe('the log of a live pod', () => {
  const now = parseInstant('2026-11-23T00:00:00Z');
  if (now === undefined) throw new Error('the time of the test cannot be read');

  const asked = async (lines: readonly string[]): Promise<Answer> => {
    const target = {
      namespace: 'tenant',
      pod: 'evil',
      uid: UID,
      container: 'main',
      run: 0,
      started: undefined,
    };
    const stream = logStreamOf(target, now, async function* () {
      yield Buffer.from(`${lines.map((text) => `${AT} ${text}`).join('\n')}\n`);
    });
    const live = {
      name: 'live',
      open: async function* (): AsyncIterable<ByteStream> {
        yield stream;
      },
    };
    const request = { paths: [], filters: {}, identity: {}, clock: { year: 2026 } };
    return replayFrom([files([folderOf(EVIDENCE)]), live], request, { progress: () => {} });
  };

  it.each(Object.entries(KINDS))('%s', async (_, lines) => {
    const answer = await asked(['hello', ...lines]);
    expect(startupsText(answer)).toBe(startupsText(await asked(['hello'])));
    expect(answer.tally.get('lines.rejected')).toBe(lines.length);
  });
});

describe('log lines that call themselves another pod’s', () => {
  const victim = {
    pod_name: 'demo',
    namespace_name: 's-a-cold',
    pod_id: '8f7108e7-f0aa-43db-bdff-a1ea2a71f599',
    container_name: 'server',
  };
  const failure = 'ERROR 11-22 01:41:50 [core.py:708] EngineCore failed to start.';
  const claiming = (kubernetes: Json): string =>
    json({ log: failure, time: AT, stream: 'stdout', kubernetes });

  it.each([
    ['CRI below /var/log/pods', victim],
    ['a link of /var/log/containers, docker', victim],
    ['kubectl logs --prefix', victim],
    ['docker compose logs', victim],
    ['stern -t', victim],
    ['raw lines in CloudWatch', victim],
    ['OTLP logs', victim],
    ['journald, some unit', victim],
  ])('%s: counted, and nobody’s', async (name, kubernetes) => {
    const place = PLACES[name];
    if (place === undefined) throw new Error(`no place ${name}`);
    const answer = await replayedTree(withLines([claiming(kubernetes)], place));
    expect(startupsText(answer)).toBe(startupsText(await replayedTree(withLines([], place))));
    expect(answer.tally.get('lines.rejected')).toBe(1);
  });

  it('a container that claims another’s uid below its own name stays itself', async () => {
    const place = PLACES['kubectl logs --prefix'] as Place;
    const own = claiming({ pod_name: 'evil', pod_id: victim.pod_id });
    const answer = await replayedTree(withLines([own], place));
    expect(answer.startups.filter(({ pod }) => pod.name === 'demo')).toEqual(
      (await replayedTree(EVIDENCE)).startups,
    );
  });

  it('a log agent that the operator trusts hands them over', async () => {
    const file = `var/log/pods/logging_vector-x_${UID}/agent/0.log`;
    const tree = { ...EVIDENCE, [file]: `${AT} stdout F ${claiming(victim)}\n` };
    const answer = await replayedTree(tree, { trusted: [{ namespace: 'logging', pod: 'vector' }] });
    const direct = await replayedTree({ ...EVIDENCE, 'export.jsonl': `${claiming(victim)}\n` });
    expect(answer.startups.map(({ outcome }) => outcome)).toEqual(
      direct.startups.map(({ outcome }) => outcome),
    );
    expect(answer.startups.map(({ failure: why }) => why?.cause)).toEqual(
      direct.startups.map(({ failure: why }) => why?.cause),
    );
    expect(startupsText(answer)).not.toBe(base);
  });
});

describe('any lines, in any order, in any place', () => {
  const all = [...Object.values(KINDS).flat(), ...JOURNALD];

  it('change nothing', async () => {
    const place = fc.constantFrom(...Object.values(PLACES));
    const lines = fc.array(fc.constantFrom(...all), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(place, lines, async (where, some) => {
        const answer = await replayedTree(withLines(some, where));
        expect(startupsText(answer)).toBe(startupsText(await replayedTree(withLines([], where))));
        expect(answer.tally.get('lines.rejected') ?? 0).toBe(some.length + (where.alien === true ? 1 : 0));
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});

describe('recorded logs of containers, into which any of these lines are written', () => {
  const CASES = ['crashloop', 'lws-group', 'oom', 'sidecar', 'startupprobe', 'vllm-cold-image'];
  const trees = CASES.map((name) => treeOf(`fixtures/${name}/evidence`));
  const all = [...Object.values(KINDS).flat(), ...JOURNALD];

  /** Evidence names its lines by number, which others behind a written one are not theirs any more. */
  const withoutLines = (text: string): string => text.replace(/^ +"line": \d+,\n/gm, '');

  const written = (log: string, texts: readonly string[], place: number): string => {
    const lines = log.split('\n');
    const at = place % Math.max(1, lines.length - 1);
    const stamp = lines[at]?.slice(0, lines[at]?.indexOf(' ')) ?? AT;
    return [
      ...lines.slice(0, at),
      ...texts.map((text) => `${stamp} stdout F ${text}`),
      ...lines.slice(at),
    ].join('\n');
  };

  it('tell the same starts', async () => {
    const plain = await Promise.all(trees.map((tree) => replayedTree(tree).then(startupsText)));
    const lines = fc.array(fc.constantFrom(...all), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(), fc.nat(), lines, async (some, which, place, texts) => {
        const index = some % trees.length;
        const tree = trees[index] ?? {};
        const logs = Object.keys(tree).filter((path) => /\/\d+\.log$/.test(path));
        const path = logs[which % logs.length] ?? '';
        const answer = await replayedTree({ ...tree, [path]: written(tree[path] ?? '', texts, place) });
        expect(withoutLines(startupsText(answer))).toBe(withoutLines(plain[index] ?? ''));
        expect(answer.tally.get('lines.rejected')).toBe(texts.length);
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
