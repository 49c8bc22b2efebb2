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
  | { readonly what: 'sandbox_asked' }
  | { readonly what: 'sandbox_ready' }
  /** The runtime began to fetch: the kubelet's own queue is over. */
  | { readonly what: 'pull_began'; readonly container: string; readonly image: string }
  | {
      readonly what: 'pull_ended';
      readonly container: string;
      readonly image: string;
      /** Seconds that the runtime printed. */
      readonly took?: number;
      readonly failed?: true;
    }
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
  /** One container passed its readiness probe; `container` when the witness names it. */
  | { readonly what: 'probe_ready'; readonly container?: string }
  /** The whole pod became Ready. */
  | { readonly what: 'ready' }
  /** A probe made the kubelet kill the container. */
  | { readonly what: 'probe_killed'; readonly container: string; readonly probe: string }
  /** Somebody wrote pod.status, and the witness does not know what (audit level Metadata). */
  | { readonly what: 'status_written' }
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
  /** `rule` names the witness: `audit.binding`, `kubelet.probe_ready`, `containerd.started` … */
  readonly proof: Proof;
  /** The node whose clock this is; undefined for the API server's. */
  readonly node: string | undefined;
}
