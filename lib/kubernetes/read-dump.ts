// A dump on its way from bytes to slim records; an object lives no longer than it takes to reduce it.

import { append } from '../base/append.ts';
import { type JsonObject, textAt } from '../base/json.ts';
import { isAuditRecord, recordsOfAudit } from './audit/audit-records.ts';
import type { Place } from './dumps/contract.ts';
import { dumpReader } from './dumps/documents.ts';
import { withOddValues } from './objects/odd-values.ts';
import { placedRecord } from './objects/placed-record.ts';
import type { Problem } from './objects/problem.ts';
import type { KubeRecord } from './objects/record.ts';
import { recordSharing, textSharing } from './objects/shared-record.ts';

export interface DumpSource {
  /** Where it lies, for problems. */
  readonly where: string;
  /** Its logical name, for evidence: never a path. */
  readonly name: string;
  /** Whether a value may tell of pods; everything may when it is left out. */
  readonly mayTell?: (value: JsonObject) => boolean;
}

export interface DumpRecords {
  readonly records: readonly KubeRecord[];
  readonly problems: readonly Problem[];
  /** Objects of kinds that say nothing of a startup, by kind. */
  readonly others: ReadonlyMap<string, number>;
}

export interface RecordReader {
  /** The bytes may be overwritten after the call. */
  readonly push: (chunk: Buffer) => void;
  readonly end: () => DumpRecords;
}

/** `head`: the first bytes of the dump, which are pushed all the same. */
export async function readDump(head: Buffer, source: DumpSource): Promise<RecordReader> {
  const records: KubeRecord[] = [];
  const others = new Map<string, number>();
  const shared = isJson(head) ? recordSharing() : textSharing();
  const take = (object: JsonObject, place: Place): void => {
    if (isAuditRecord(object)) {
      for (const record of recordsOfAudit(object, { source: source.name })) records.push(shared(record));
      return;
    }
    const record = placedRecord(object, { ...place, source: source.name });
    if (record === undefined) noteOther(others, object);
    else append(records, withOddValues(object, record).map(shared));
  };
  const { where, mayTell } = source;
  const reader = await dumpReader(head, { where, take, ...(mayTell && { mayTell }) });
  return { push: reader.push, end: () => ({ problems: reader.end(), records, others }) };
}

const isJson = (head: Buffer): boolean => /^\s{0,999}[[{]/.test(head.toString('latin1'));

/** Names of kinds that are kept apart; anyone may write any kind. */
const MOST_KINDS = 30;

function noteOther(others: Map<string, number>, object: JsonObject): void {
  const kind = /^[A-Z][A-Za-z0-9]{0,62}$/.exec(textAt(object, 'kind') ?? '')?.[0] ?? 'unnamed';
  const name = others.has(kind) || others.size < MOST_KINDS ? kind : 'of_many_kinds';
  others.set(name, (others.get(name) ?? 0) + 1);
}
