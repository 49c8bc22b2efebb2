// What has been sent of one attempt of one pod, as one signal, to one destination.
//
// One file for all revisions, not one per digest: two runs with different evidence would each find
// their own file free, and count the same phase twice.

import { createHash } from 'node:crypto';
import * as z from 'zod';
import { byText } from '../base/text.ts';
import { countField, instantField, nameField, reasonField } from './fields.ts';
import { keyOf } from './key.ts';
import type { StateFile } from './state-file.ts';

export type Signal = 'spans' | 'metrics';

export interface ExportKey {
  readonly uid: string;
  readonly attempt: number;
  readonly signal: Signal;
  /** A stable name of where it goes. */
  readonly destination: string;
}

/** Name of a part (a span id, a point) → digest of what it says. */
export type Parts = Readonly<Record<string, string>>;

const partsField = z.record(z.string().max(300), z.string().max(128));

const schema = z.strictObject({
  uid: nameField,
  attempt: countField,
  signal: z.enum(['spans', 'metrics']),
  destination: nameField,
  /**
   * pending: being sent by the holder of a lease until `free_at`, or it died there. parked: surely not arrived, or
   * harmless to send again. sent, refused: as the destination said. ambiguous: nobody knows.
   */
  state: z.enum(['pending', 'parked', 'sent', 'refused', 'ambiguous']),
  revision: countField,
  /** Of all parts as they were told last. */
  digest: z.string().max(128),
  /** Under way (pending), or to be sent later (parked). */
  sending: partsField,
  /** Taken by the destination, in whatever revision. */
  done: partsField,
  /** May have been taken: never sent again where that would count twice. */
  unsure: partsField,
  /** Of the lease under which it was written last: of which source, and its generation. */
  lease: nameField,
  generation: countField,
  free_at: instantField,
  /** Parked: not before. */
  not_before: instantField.optional(),
  tries: countField,
  /** Of the last answer that was not plain success. */
  reason: reasonField.optional(),
  /** Parts that the destination refused while it took the others. */
  rejected: countField,
  /** Parts that were sent and would now say something else. */
  corrected: countField,
});

export type ExportEntry = z.output<typeof schema>;

/** `v1/ledger/<uid[0:2]>/<uid>/<attempt>-<signal>-<destination>.json` */
export const entryFile = ({ uid, attempt, signal, destination }: ExportKey): StateFile<ExportEntry> => ({
  kind: { name: 'export', version: 1, schema },
  key: keyOf('v1/ledger', [uid.slice(0, 2), uid, `${attempt}-${signal}-${destination}`], '.json'),
});

/** The same parts in any order have the same digest. */
export function digestOf(parts: Parts): string {
  const flat = Object.entries(parts)
    .toSorted(([a], [b]) => byText(a, b))
    .flat();
  return createHash('sha256').update(flat.join('\0')).digest('hex').slice(0, 32);
}
