// What one line of a node's journal says, before the ids in it are joined.
//
// containerd speaks of sandboxes and containers by id and of images without a
// pod; the kubelet speaks of pods by name and seldom names the container. Only
// all lines of a node together tell whose life it is: journal/join.ts.

import type { Moment, Proof } from '../../model/mark.ts';
import type { PodReference } from './sighting.ts';

/** What the kubelet says of a pod as a whole. */
export type PodNotice =
  | 'accepted'
  | 'deleting'
  | 'removed'
  | 'evicted'
  | 'probe_ready'
  | 'probe_unready'
  | 'startup_passed';

/** Ids are the runtime's: 64 hexadecimal digits. */
export type JournalSaying =
  | { readonly kind: 'pod'; readonly what: PodNotice; readonly pod: PodReference }
  /** The startup tracker: first Running, and the sums that 1.36 prints (seconds; absent when zero). */
  | {
      readonly kind: 'running';
      readonly pod: PodReference;
      readonly pulling?: number;
      readonly initializing?: number;
    }
  /** The startup tracker up to 1.35: the pod's first pull began, its last one ended. */
  | { readonly kind: 'pulls'; readonly what: 'began' | 'ended'; readonly pod: PodReference }
  | {
      readonly kind: 'sandbox';
      readonly what: 'asked' | 'ready' | 'failed';
      readonly pod: PodReference;
      readonly attempt: number;
      readonly id?: string;
    }
  | { readonly kind: 'pull'; readonly what: 'asked' | 'returned' | 'failed'; readonly image: string }
  /** Seconds that the runtime measured from the request to the unpacked image. */
  | { readonly kind: 'pulled'; readonly image: string; readonly took: number }
  /** At least so many bytes came over the network: the last tick of the progress. */
  | { readonly kind: 'moved'; readonly image: string; readonly bytes: number }
  | {
      readonly kind: 'create';
      readonly what: 'asked' | 'returned';
      readonly sandbox: string;
      readonly container: string;
      readonly attempt: number;
      readonly id?: string;
    }
  | { readonly kind: 'started'; readonly id: string }
  /** Created, and could not be started: it never ran. */
  | { readonly kind: 'unstarted'; readonly id: string }
  | { readonly kind: 'exited'; readonly id: string; readonly exitCode: number }
  | { readonly kind: 'oom'; readonly id: string }
  /** The kubelet's relist found it so: it had happened before. */
  | {
      readonly kind: 'noticed';
      readonly what: 'started' | 'died';
      readonly pod: PodReference;
      readonly id: string;
      readonly exitCode?: number;
    }
  | {
      readonly kind: 'probe_failed';
      readonly pod: PodReference;
      readonly container: string;
      readonly probe: string;
    }
  | {
      readonly kind: 'probe_killed';
      readonly pod: PodReference;
      readonly container: string;
      readonly probe: string;
      readonly id?: string;
    }
  /** Which container an id is. */
  | { readonly kind: 'named'; readonly pod: PodReference; readonly container: string; readonly id: string }
  /** Which image a container of a pod wants. */
  | {
      readonly kind: 'wants';
      readonly pod: PodReference;
      readonly container: string;
      readonly image: string;
    };

export interface JournalRecord {
  readonly kind: 'journal';
  /** The host that the envelope names. */
  readonly node: string | undefined;
  /** The file it lay in: journals without a host are joined file by file. Never shown. */
  readonly file: string;
  readonly says: JournalSaying;
  readonly when: Moment;
  readonly proof: Proof;
}
