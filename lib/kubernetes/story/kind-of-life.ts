// What kind of container it is, where only the node's journal names it.
//
// The runtime never says which containers of a pod are init containers. Their lives do: the kubelet starts
// one after the other, each once the one before has ended with exit code 0, and does not start it again
// (pkg/kubelet/kuberuntime/kuberuntime_container.go, computeInitContainerActions). What runs when the pod is
// Running, or answers a probe, is none of them. A life that shows neither is of unknown kind.

import type { ContainerKind } from '../../model/pod-story.ts';
import type { SightingRecord } from '../objects/sighting.ts';

export function kindOfLife(container: string, sightings: readonly SightingRecord[]): ContainerKind {
  const own = sightings.filter((one) => isAbout(one, container));
  if (own.some(({ saw }) => PROBED.has(saw.what)) || isRunningLater(own, sightings)) return 'main';
  const done = own.findLast(({ saw }) => saw.what === 'container_exited');
  if (done?.saw.what !== 'container_exited' || done.saw.exitCode !== 0) return 'unknown';
  const next = sightings.filter((one) => STEPS.has(one.saw.what) && one.when.at >= done.when.at);
  if (next.some((one) => isAbout(one, container))) return 'main';
  return next.length > 0 ? 'init' : 'unknown';
}

const isAbout = ({ saw }: SightingRecord, container: string): boolean =>
  'container' in saw && saw.container === container;

/** Probes that name the container; init containers have none. */
const PROBED: ReadonlySet<string> = new Set(['probe_failed', 'probe_killed']);

const STEPS: ReadonlySet<string> = new Set(['pull_began', 'container_created', 'container_started']);

/** Signs that the containers of the pod run: those that do then are no init containers. */
const RUNNING: ReadonlySet<string> = new Set(['probe_ready', 'startup_passed', 'running']);

function isRunningLater(own: readonly SightingRecord[], all: readonly SightingRecord[]): boolean {
  const signs = all.filter(({ saw }) => RUNNING.has(saw.what));
  return signs.some(({ when }) => {
    const last = own.findLast((one) => LIFE.has(one.saw.what) && one.when.at <= when.at);
    return last?.saw.what === 'container_started';
  });
}

const LIFE: ReadonlySet<string> = new Set(['container_started', 'container_exited']);
