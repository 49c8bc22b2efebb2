// Splits records into batches that have nothing to do with each other, so that their stories can be told apart.
//
// Ten thousand pods at once take their records and their stories in memory; batch
// by batch only the stories stay. What is said of a pod may know its uid only, or
// its name only, and a static pod's kubelet speaks of another uid than the API
// server: records that share any of these stay together.

import { assertNever } from '../base/assert.ts';
import type { KubeRecord } from './objects/record.ts';

/** A batch is full when it has so many records. */
const FULL = 5000;

/** Every record in exactly one batch, but nodes and what their journals say, which concern every pod, in all of them. */
export function batchesOf(records: readonly KubeRecord[]): readonly (readonly KubeRecord[])[] {
  if (records.length <= FULL) return [[...records]];
  const nodes = records.filter(({ kind }) => kind === 'node' || kind === 'journal');
  const batches: KubeRecord[][] = [];
  let batch: KubeRecord[] | undefined;
  for (const group of groupsOf(records)) {
    if (batch === undefined || batch.length + group.length > FULL + nodes.length) {
      batch = [...nodes];
      batches.push(batch);
    }
    for (const record of group) batch.push(record);
  }
  return batches;
}

/** What a record knows its pod by: the text is the same for two records that may be about one pod. */
function bondsOf(record: KubeRecord): readonly string[] {
  switch (record.kind) {
    case 'pod':
      return bonds([record.uid, record.staticUid], record.name);
    case 'event':
      return [...bonds([record.pod.uid], record.pod.name), `event ${record.name}`];
    case 'event_patch':
      return [`event ${record.name}`];
    case 'sighting':
      return bonds([record.pod.uid], record.pod.name);
    case 'node':
    case 'journal':
    case 'note':
    case 'unusable':
      return [];
    default:
      return assertNever(record);
  }
}

const bonds = (uids: readonly (string | undefined)[], name: string | undefined): readonly string[] => [
  ...uids.flatMap((uid) => (uid === undefined ? [] : [`uid ${uid}`])),
  ...(name === undefined ? [] : [`name ${name}`]),
];

/** Records that hang together through any chain of bonds, in order of first appearance. */
function groupsOf(records: readonly KubeRecord[]): Iterable<readonly KubeRecord[]> {
  const heads = new Map<string, string>();
  for (const record of records) unite(heads, bondsOf(record));
  const groups = new Map<string, KubeRecord[]>();
  for (const record of records) {
    const [bond] = bondsOf(record);
    if (bond === undefined) continue;
    const head = headOf(heads, bond);
    const group = groups.get(head);
    if (group === undefined) groups.set(head, [record]);
    else group.push(record);
  }
  return groups.values();
}

function unite(heads: Map<string, string>, [first, ...others]: readonly string[]): void {
  if (first === undefined) return;
  const head = headOf(heads, first);
  for (const other of others) heads.set(headOf(heads, other), head);
}

/** The bond that stands for all that hang together with this one; the way to it is shortened. */
function headOf(heads: Map<string, string>, bond: string): string {
  let head = bond;
  for (let next = heads.get(head); next !== undefined && next !== head; next = heads.get(head)) {
    heads.set(bond, next);
    head = next;
  }
  return head;
}
