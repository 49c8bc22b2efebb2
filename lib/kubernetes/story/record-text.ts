// A record as text: the last criterion of every order.

import type { EventRecord } from '../objects/event-record.ts';
import type { PodRecord } from '../objects/pod-record.ts';

export const recordText = (record: PodRecord | EventRecord): string =>
  JSON.stringify(record, (_, value) => (typeof value === 'bigint' ? String(value) : value));
