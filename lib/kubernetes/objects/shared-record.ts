// Records that hold one copy of what others hold too: the versions of a pod differ in a condition, the pods of a Deployment in their names.

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
