// Pods that are not final yet: which evidence they need again in the next run.
//
// One folder without days: a pod known only from logs has no day of creation, and a day that late evidence
// moves would make two files of it. It stays small, since every pod becomes final (`finality.ts`).

import * as z from 'zod';
import { earliest } from '../base/instant.ts';
import type { PodUid } from '../model/ids.ts';
import type { Removed, Trouble, Unknown } from './contract.ts';
import { instantField, nameField, reasonField } from './fields.ts';
import { keyOf } from './key.ts';
import type { Ledger } from './ledger.ts';
import {
  isBlocked,
  readState,
  type StateFile,
  type StateKind,
  type Unreadable,
  writeOver,
} from './state-file.ts';
import { statesUnder } from './states-under.ts';

const schema = z.strictObject({
  uid: nameField,
  source: nameField,
  /** Evidence from here on is read again. */
  first_evidence: instantField,
  last_evidence: instantField,
  why: reasonField,
  /** Of the evidence: the same again is not written again. */
  digest: z.string().max(128),
});

export type OpenPod = z.output<typeof schema>;

export type Kept =
  | { readonly status: 'kept' }
  /** Another run wrote it at the same moment: it is kept, by the other. */
  | { readonly status: 'superseded' }
  | Unreadable
  | Unknown
  | Trouble;

export type OpenPods =
  | {
      readonly status: 'pods';
      readonly pods: readonly OpenPod[];
      readonly unreadable: readonly Unreadable[];
      /** There are more than were asked for. */
      readonly isCut: boolean;
    }
  | Trouble;

const FOLDER = 'v1/open';

const kind: StateKind<OpenPod> = { name: 'open-pod', version: 1, schema };

const openFile = (uid: string): StateFile<OpenPod> => ({ kind, key: keyOf(FOLDER, [uid], '.json') });

/** Widens what is known: the first evidence never moves forward. A corrupt file is written anew (its bytes are in quarantine). */
export async function keepOpen(ledger: Ledger, pod: OpenPod): Promise<Kept> {
  const file = openFile(pod.uid);
  const read = await readState(ledger, file);
  if (isBlocked(read)) return read;
  const next = read.status === 'found' ? widened(pod, read.value) : pod;
  if (next === undefined) return { status: 'kept' };
  const written = await writeOver(ledger, file, { read, value: next });
  if (written.status === 'written') return { status: 'kept' };
  return written.status === 'conflict' ? { status: 'superseded' } : written;
}

/** Undefined when the file says so already. */
function widened(pod: OpenPod, known: OpenPod): OpenPod | undefined {
  const first = earliest(pod.first_evidence, known.first_evidence);
  const isKnown = pod.digest === known.digest && first === known.first_evidence;
  return isKnown ? undefined : { ...pod, first_evidence: first };
}

/** Once it is final and exported. `conflict`: another run has heard more of it; it stays open. */
export async function closePod(ledger: Ledger, uid: PodUid): Promise<Removed | Unreadable> {
  const file = openFile(uid);
  const read = await readState(ledger, file);
  if (read.status === 'absent') return { status: 'removed' };
  return read.status === 'found' ? ledger.store.remove(file.key, read.tag) : read;
}

export async function openPods(ledger: Ledger, most = 10_000): Promise<OpenPods> {
  const read = await statesUnder(ledger, kind, { prefix: `${FOLDER}/`, most });
  if (read.status === 'failed') return read;
  const { values, unreadable, isCut } = read;
  return { status: 'pods', pods: values, unreadable, isCut };
}
