// The log of one run of one container, after reading: its marks and its borders.

import type { PodUid } from './ids.ts';
import type { Mark } from './mark.ts';

/** What is known of whose log a stream is. Everything may be missing: a bare file knows nothing. */
export interface Identity {
  readonly uid?: PodUid;
  readonly namespace?: string;
  readonly pod?: string;
  readonly container?: string;
  /** Restart count of the container: 0 for the first run. */
  readonly restart?: number;
  readonly node?: string;
  /** The cluster, when the envelope of a log names it. */
  readonly cluster?: string;
}

/** A record that reads like a phase marker and that no rule knows: for `lint`. */
export interface Unknown {
  readonly source: string;
  readonly line: number;
  readonly text: string;
}

export interface LogRun {
  readonly identity: Identity;
  /** Logical name, unique within a run of coldtrace: `ns/pod/container/0` or a file's base name. */
  readonly source: string;
  /** In line order. */
  readonly marks: readonly Mark[];
  /** `kubectl logs --previous`: the last run that had ended, the newest one while the container waits to be started again. */
  readonly previous: boolean;
  /** False when no line of it has any time: then marks stand at the epoch and only printed durations count. */
  readonly timed: boolean;
  /** True when times come from the program's own clock (no zone, whole seconds): the table says how to do better. */
  readonly weakClock: boolean;
  /** Another engine was recognised (SGLang, TGI, …): named, not analysed. */
  readonly otherEngine: string | undefined;
  /** What makes a synthetic uid: the first begin line without framing, its instant, the arguments line. */
  readonly seed: readonly string[];
  readonly unknown: readonly Unknown[];
}
