// Records that hold one copy of what others hold too: the versions of a pod differ in a condition, the pods of a Deployment in their names.

import { shareTexts, stringPool } from '../../base/string-pool.ts';
import { valuePool } from '../../base/value-pool.ts';
import type { KubeRecord } from './record.ts';

/** No two records say the same of these: when it was seen, and where that is written. */
const OWN: ReadonlySet<string> = new Set(['seen', 'proof', 'when', 'at', 'message']);

/** A keeper of records: gives back each one itself, with whatever was kept before in the place of what equals it. */
export function recordSharing(): <Of extends KubeRecord>(record: Of) => Of {
  const pool = valuePool();
  return (record) => {
    pool.shareIn(record, OWN);
    return record;
  };
}

/**
 * The same for texts only: of a YAML dump of
 * 10,000 pods and 100,000 events this takes 250 MiB, and sharing whole values 370 (why is not understood; of JSON it is 246 and 217).
 */
export function textSharing(): ReturnType<typeof recordSharing> {
  const pool = stringPool();
  return (record) => {
    shareTexts(record, pool);
    return record;
  };
}
