// All journal records, each once, in time order, by kind.

import { byText } from '../../base/text.ts';
import type { Moment, Proof } from '../../model/mark.ts';
import { groupedBy } from '../objects/grouped.ts';
import type { JournalRecord, JournalSaying } from '../objects/journal-record.ts';
import { nodesOf } from './nodes.ts';

/** A saying of one node at one moment. */
export interface Fact<S extends JournalSaying = JournalSaying> {
  readonly says: S;
  readonly when: Moment;
  readonly proof: Proof;
  /** The host, when some line of it tells. */
  readonly host: string | undefined;
  /** Which lines belong together. */
  readonly node: string;
}

export type Kind = JournalSaying['kind'];

export type Of<K extends Kind> = Extract<JournalSaying, { readonly kind: K }>;

export interface JournalEvidence {
  readonly all: readonly Fact[];
  readonly of: <K extends Kind>(kind: K) => readonly Fact<Of<K>>[];
}

export function evidenceOf(records: readonly JournalRecord[]): JournalEvidence {
  const all = unique(records);
  const byKind = groupedBy(all, ({ says }) => says.kind);
  return { all, of: (kind) => (byKind.get(kind) ?? []).filter(isOf(kind)) };
}

const isOf =
  <K extends Kind>(kind: K) =>
  (fact: Fact): fact is Fact<Of<K>> =>
    fact.says.kind === kind;

interface Keyed {
  readonly fact: Fact;
  readonly key: string;
  readonly proof: string;
}

/** What is said twice counts once, with the first of its proofs. */
function unique(records: readonly JournalRecord[]): readonly Fact[] {
  const nodeOf = nodesOf(records);
  const hosts = hostsOf(records, nodeOf);
  const found = new Map<string, Keyed>();
  for (const record of records) {
    const node = nodeOf(record);
    const { says, when, proof } = record;
    const key = `${when.at} ${node} ${JSON.stringify(says)}`;
    const keyed = { fact: { says, when, proof, host: hosts.get(node), node }, key, proof: proofKey(proof) };
    const known = found.get(key);
    if (known === undefined || keyed.proof < known.proof) found.set(key, keyed);
  }
  return [...found.values()].sort(byTime).map(({ fact }) => fact);
}

const proofKey = ({ source, line = 0, text }: Proof): string =>
  `${source} ${String(line).padStart(12, '0')} ${text}`;

function byTime(a: Keyed, b: Keyed): number {
  const [left, right] = [a.fact.when.at, b.fact.when.at];
  if (left !== right) return left < right ? -1 : 1;
  return byText(a.key, b.key);
}

/** A node of which two hosts speak is called by the first of them. */
function hostsOf(
  records: readonly JournalRecord[],
  nodeOf: (record: JournalRecord) => string,
): ReadonlyMap<string, string> {
  const hosts = new Map<string, string>();
  for (const record of records) {
    const key = nodeOf(record);
    const known = hosts.get(key);
    if (record.node !== undefined && (known === undefined || record.node < known))
      hosts.set(key, record.node);
  }
  return hosts;
}
