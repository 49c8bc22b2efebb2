// What kubelets of all versions write in the messages of pod events.
//
// Wordings from 1.13 to 1.36 (pkg/kubelet/images/image_manager.go, puller.go,
// kuberuntime_container.go); the image is Go-quoted, durations are Go's.

import { parseGoDuration } from '../../base/go-duration.ts';
import type { Duration } from '../../base/instant.ts';

/** Anyone may create events: sizes and durations beyond these are not believed. */
const MAX_IMAGE_BYTES = 2 ** 44;
const MAX_PULL = 86_400_000_000_000n;

export type PulledMessage =
  | { readonly kind: 'present'; readonly image: string }
  | {
      readonly kind: 'pulled';
      readonly image: string;
      /** The pull itself. Up to 1.24 it includes the waiting. */
      readonly took: Duration | undefined;
      /** From Pulling to Pulled: with the wait for other pulls of the node. */
      readonly waited: Duration | undefined;
      /** As the runtime reports it: not the bytes that were moved. 0 means that it did not know. */
      readonly bytes: number | undefined;
    };

const PRESENT = /^Container image "(?<image>[^"]{1,4096})" already present on machine/;

const PULLED =
  /^Successfully pulled image "(?<image>[^"]{1,4096})"(?: in (?<took>[0-9.a-zµμ]{1,40}))?(?: \((?<waited>[0-9.a-zµμ]{1,40}) including waiting\))?(?:\. Image size: (?<bytes>\d{1,15}) bytes)?/;

/** A `Pulled` message; undefined when it is none. */
export function readPulled(message: string): PulledMessage | undefined {
  const present = PRESENT.exec(message)?.groups?.['image'];
  if (present !== undefined) return { kind: 'present', image: present };
  const groups = PULLED.exec(message)?.groups;
  const image = groups?.['image'];
  if (groups === undefined || image === undefined) return undefined;
  return {
    kind: 'pulled',
    image,
    took: durationOf(groups['took']),
    waited: durationOf(groups['waited']),
    bytes: bytesOf(groups['bytes']),
  };
}

function durationOf(text: string | undefined): Duration | undefined {
  const took = text === undefined ? undefined : parseGoDuration(text);
  return took === undefined || took < 0n || took > MAX_PULL ? undefined : took;
}

function bytesOf(text: string | undefined): number | undefined {
  const bytes = Number(text ?? 0);
  return bytes > 0 && bytes <= MAX_IMAGE_BYTES ? bytes : undefined;
}

/** `Pulling image "X"`; `pulling image "X"` up to 1.13. */
export const pullingImage = (message: string): string | undefined =>
  /^[Pp]ulling image "(?<image>[^"]{1,4096})"/.exec(message)?.groups?.['image'];

/** `Failed to pull image "X": E`, all versions. */
export const failedImage = (message: string): string | undefined =>
  /^Failed to pull image "(?<image>[^"]{1,4096})"/.exec(message)?.groups?.['image'];

/** `Back-off pulling image "X"`, all versions. */
export const backOffImage = (message: string): string | undefined =>
  /^Back-off pulling image "(?<image>[^"]{1,4096})"/.exec(message)?.groups?.['image'];

export const imageIn = (message: string): string | undefined =>
  readPulled(message)?.image ?? pullingImage(message) ?? failedImage(message) ?? backOffImage(message);

const NAMES: readonly RegExp[] = [
  // 1.14 to 1.34; 1.35 has "Container created" and only fieldPath tells.
  /^(?:Created|Started) container:? (?<name>[a-z0-9-]{1,63})$/,
  /^Stopping container (?<name>[a-z0-9-]{1,63})$/,
  /^Container (?<name>[a-z0-9-]{1,63}) failed (?:startup|liveness) probe/,
  // From 1.26.
  /^Back-off restarting failed container (?<name>[a-z0-9-]{1,63}) in pod /,
];

/** The container that a message names, when it names one. */
export function containerIn(message: string): string | undefined {
  for (const pattern of NAMES) {
    const name = pattern.exec(message)?.groups?.['name'];
    if (name !== undefined) return name;
  }
  return undefined;
}

/** `Container x failed startup probe, will be restarted`; up to 1.13 `Killing container with id docker://x:Container failed liveness probe..`. */
export const isProbeKill = (message: string): boolean =>
  /^(?:Container|Killing container) .{0,400}failed (?:startup|liveness) probe/.test(message);

/** `Error: ErrImagePull` and its like: the kubelet's word for a pull that did not work. */
export const isPullError = (message: string): boolean =>
  /^Error: (?:\w{0,40}Image\w{0,40}|RegistryUnavailable|SignatureValidationFailed)/.test(message);

/** What `CreateContainerConfigError` looks like in an event (kuberuntime_container.go generateContainerConfig). */
export const isConfigError = (message: string): boolean =>
  /^Error: (?:(?:configmaps?|secrets?) "|couldn't find key |container has runAsNonRoot|container's runAsUser|.{0,40}non-numeric user|failed to prepare subPath)/.test(
    message,
  );
