// A cluster's dumps: many pods with their managedFields, ten events each, as `kubectl get … --show-managed-fields -o json` or `-o yaml` writes them.
//
// The demo's pod under other names, with the events of a bad day beside its own. No logs.

import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { dump } from 'js-yaml';

const SOURCE = 'fixtures/vllm-cold-image/evidence';
const UID = 'd936022a-9252-412a-9633-75b6c7ad4e8b';

interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>>;
}

interface KubeEvent extends KubeObject {
  readonly involvedObject: Readonly<Record<string, unknown>>;
}

const itemsOf = <T>(file: string): readonly T[] =>
  (JSON.parse(readFileSync(join(SOURCE, file), 'utf8')) as { items: T[] }).items;

/** What the API server notes of every field that somebody set. */
function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  if (Array.isArray(value))
    return Object.fromEntries(
      value.flatMap((one: unknown) => {
        const name = (one as { name?: string }).name;
        return name === undefined ? [] : [[`k:{"name":"${name}"}`, { '.': {}, ...fieldsOf(one) }]];
      }),
    );
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [`f:${key}`, fieldsOf(inner)]));
}

function managed<T extends KubeObject>(object: T, manager: string, parts: readonly string[]): T {
  const set = Object.fromEntries(Object.entries(object).filter(([key]) => parts.includes(key)));
  const entry = { manager, operation: 'Update', apiVersion: 'v1', time: '2026-11-22T02:05:12Z' };
  const managedFields = [{ ...entry, fieldsType: 'FieldsV1', fieldsV1: fieldsOf(set) }];
  return { ...object, metadata: { ...object.metadata, managedFields } };
}

/** A Deployment's pod has no last-applied-configuration. */
function podTemplate(): KubeObject {
  const [pod] = itemsOf<KubeObject>('pods.json');
  if (pod === undefined) throw new Error(`expected a pod in ${SOURCE}/pods.json, got none`);
  const { annotations: _, ...metadata } = pod.metadata;
  return managed({ ...pod, metadata }, 'kube-controller-manager', ['metadata', 'spec']);
}

/** Reason, message, seconds after the first event. */
const BAD_DAY = [
  [
    'FailedScheduling',
    '0/3 nodes are available: 3 Insufficient nvidia.com/gpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.',
    0,
  ],
  ['Nominated', 'Pod should schedule on: nodeclaim/gpu-x7k2p', 1],
  [
    'Unhealthy',
    'Startup probe failed: Get "http://10.88.0.7:8000/health": dial tcp 10.88.0.7:8000: connect: connection refused',
    14,
  ],
  ['Unhealthy', 'Readiness probe failed: Get "http://10.88.0.7:8000/health": context deadline exceeded', 58],
] as const;

function eventTemplates(): readonly KubeEvent[] {
  const own = itemsOf<KubeEvent>('events.json');
  const last = own.at(-1);
  if (last === undefined) throw new Error(`expected events in ${SOURCE}/events.json, got none`);
  const added = BAD_DAY.map(([reason, message, seconds], index): KubeEvent => {
    const at = new Date(Date.UTC(2026, 10, 22, 2, 5, 12 + seconds)).toISOString().replace('.000', '');
    const name = `llm-engine-0.bad${index}`;
    const metadata = { ...last.metadata, name, uid: `00000000-0000-4000-8000-00000000000${index}` };
    return { ...last, metadata, reason, message, firstTimestamp: at, lastTimestamp: at } as KubeEvent;
  });
  return [...own, ...added].map((event) =>
    managed(event, 'kubelet', ['involvedObject', 'reason', 'message', 'source', 'type', 'count']),
  );
}

/** Text in which the pod's own names stand; event uids differ from pod to pod as well. */
const renamed = (text: string, index: number): string =>
  text
    .replaceAll(UID, `${index.toString(16).padStart(8, '0')}${UID.slice(8)}`)
    .replaceAll('llm-engine-0', `llm-engine-${index}`)
    .replaceAll('EVENT-UID', index.toString(16).padStart(8, '0'));

const withMark = (event: KubeEvent): KubeEvent => {
  const uid = String(event.metadata['uid']);
  return { ...event, metadata: { ...event.metadata, uid: `EVENT-UID${uid.slice(8)}` } };
};

const FORMS = {
  json: {
    begin: '{\n    "apiVersion": "v1",\n    "items": [\n',
    item: (object: KubeObject) => JSON.stringify(object, undefined, 4).replace(/^/gm, '        '),
    between: ',\n',
    end: '\n    ],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n',
  },
  yaml: {
    begin: 'apiVersion: v1\nitems:\n',
    item: (object: KubeObject) =>
      dump([object], { seqNoIndent: true, noRefs: true, lineWidth: 80 }).trimEnd(),
    between: '\n',
    end: '\nkind: List\nmetadata:\n  resourceVersion: ""\n',
  },
} as const;

export type DumpForm = keyof typeof FORMS;

/** One list of `count` times the templates; returns its bytes. */
function writeList(path: string, form: DumpForm, templates: readonly KubeObject[], count: number): number {
  const { begin, item, between, end } = FORMS[form];
  const text = templates.map(item).join(between);
  const file = openSync(path, 'w');
  let bytes = writeSync(file, begin);
  for (let index = 0; index < count; index += 1) {
    bytes += writeSync(file, `${index === 0 ? '' : between}${renamed(text, index)}`);
  }
  bytes += writeSync(file, end);
  closeSync(file);
  return bytes;
}

/** `pods.<form>` and `events.<form>` in the folder; returns their bytes. */
export function writeDumps(folder: string, form: DumpForm, pods: number): number {
  const list = (name: string, templates: readonly KubeObject[]): number =>
    writeList(join(folder, `${name}.${form}`), form, templates, pods);
  return list('pods', [podTemplate()]) + list('events', eventTemplates().map(withMark));
}
