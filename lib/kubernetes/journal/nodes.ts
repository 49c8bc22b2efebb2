// Which lines are of one node: those of one host, else those of one file; and whoever speaks of the same sandbox or container.
//
// Ids are 64 random hexadecimal digits, so a file that speaks of the id of
// another is of the same node: kubelet.log and containerd.log of a bare node
// come together, journals of two nodes never do.

import type { JournalRecord, JournalSaying } from '../objects/journal-record.ts';

/** A key for each record, equal for records of one node. */
export function nodesOf(records: readonly JournalRecord[]): (record: JournalRecord) => string {
  const parent = new Map<string, string>();
  for (const record of records)
    for (const id of idsIn(record.says)) unite(parent, placeOf(record), `id ${id}`);
  return (record) => rootOf(parent, placeOf(record));
}

const placeOf = ({ node, file }: JournalRecord): string =>
  node === undefined ? `file ${file}` : `host ${node}`;

function idsIn(says: JournalSaying): readonly string[] {
  const id = 'id' in says && says.id !== undefined ? [says.id] : [];
  return says.kind === 'create' ? [says.sandbox, ...id] : id;
}

type Parents = Map<string, string>;

/** Paths are halved on the way, or long chains would be walked again and again. */
function rootOf(parent: Parents, key: string): string {
  let here = key;
  for (let up = parent.get(here); up !== undefined; up = parent.get(here)) {
    const above = parent.get(up);
    if (above !== undefined) parent.set(here, above);
    here = up;
  }
  return here;
}

/** The smaller name is the root, whatever came first. */
function unite(parent: Parents, a: string, b: string): void {
  const [first = a, second = b] = [rootOf(parent, a), rootOf(parent, b)].sort();
  if (first !== second) parent.set(second, first);
}
