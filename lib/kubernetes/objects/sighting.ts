// A sighting: what a witness beside objects and events saw of one border of a pod's life.
//
// The audit log, the kubelet and the container runtime each write down instants
// that the objects cut to the second or forget. They say what they saw; which
// witness is believed is decided where the story is told (story/witnesses.ts).

import type { Moment, Proof } from '../../model/mark.ts';

/** Whose life it is. The audit log at level Metadata and the kubelet's journal often know the name only. */
export interface PodReference {
  readonly uid: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

/**
 * What was seen. `attempt`: how often the container had been started before
 * (the runtime's own counter, equal to the restart count), when it is known.
 */
export type Saw =
  | { readonly what: 'created' }
  | { readonly what: 'scheduled'; readonly node?: string }
  /** The kubelet has taken the pod on. */
  | { readonly what: 'accepted' }
  /** `attempt`: how many sandboxes the pod had before. */
  | { readonly what: 'sandbox_asked' | 'sandbox_ready' | 'sandbox_failed'; readonly attempt?: number }
  /** The runtime began to fetch: the kubelet's own queue is over. */
  | { readonly what: 'pull_began'; readonly container: string; readonly image: string }
  | {
      readonly what: 'pull_ended';
      readonly container: string;
      readonly image: string;
      /** Seconds that the runtime printed. */
      readonly took?: number;
      /** At least so many bytes came over the network. Absent proves nothing. */
      readonly bytes?: number;
      readonly failed?: true;
    }
  /** The kubelet's own account, for the pod as a whole: it asked for the first image, it had the last one. */
  | { readonly what: 'first_pull_began' | 'last_pull_ended' }
  | { readonly what: 'container_created'; readonly container: string; readonly attempt?: number }
  | { readonly what: 'container_started'; readonly container: string; readonly attempt?: number }
  | {
      readonly what: 'container_exited';
      readonly container: string;
      readonly attempt?: number;
      readonly exitCode?: number;
      /** `OOMKilled`, when the witness says so. */
      readonly reason?: string;
    }
  /** One container passed its readiness probe, or failed it; `container` when the witness names it. */
  | { readonly what: 'probe_ready' | 'probe_unready'; readonly container?: string }
  /** One container passed its startup probe. */
  | { readonly what: 'startup_passed'; readonly container?: string }
  /** A probe failed: of each container and probe the first failure and the last one that is known. */
  | { readonly what: 'probe_failed'; readonly container: string; readonly probe: string }
  /** The kubelet first saw the pod Running. Seconds of all its pulls, and of all its init containers, when printed. */
  | { readonly what: 'running'; readonly pulling?: number; readonly initializing?: number }
  /** The whole pod became Ready. */
  | { readonly what: 'ready' }
  /** A probe made the kubelet kill the container. */
  | { readonly what: 'probe_killed'; readonly container: string; readonly probe: string }
  /** Somebody wrote pod.status, and the witness does not know what (audit level Metadata). */
  | { readonly what: 'status_written' }
  /** The kubelet learned that the pod is to go; that it is gone; it evicted the pod itself, since the node ran short. */
  | { readonly what: 'deletion_seen' | 'removed' | 'evicted' }
  /** Asked for by `by`; `evict`: through the eviction API. */
  | { readonly what: 'deleted'; readonly by: string; readonly how: 'delete' | 'evict' };

export type Sight = Saw['what'];

export interface SightingRecord {
  readonly kind: 'sighting';
  readonly pod: PodReference;
  readonly saw: Saw;
  readonly when: Moment;
  /**
   * What the witness's own text says of it, when that is coarser and stands beside `when`: a status names the
   * second of the change, the audit log the microsecond at which the API server heard of it. Then the border
   * lies in `said`, and not after `when`.
   */
  readonly said?: Moment;
  /** The witness looked later: it happened at `when` or before (the kubelet relists its containers once a second). */
  readonly noticed?: true;
  /** `rule` names the witness: `audit.binding`, `kubelet.probe_ready`, `containerd.started` … */
  readonly proof: Proof;
  /** The node whose clock this is; undefined for the API server's. */
  readonly node: string | undefined;
}
