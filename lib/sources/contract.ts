// What a source is: somewhere bytes of evidence come from.

import type { Instant } from '../base/instant.ts';
import type { Identity } from '../model/log-run.ts';

/** Something that could not be read, in words that help: the run goes on without it. */
export interface SourceProblem {
  readonly kind: 'problem';
  /** The path as the user knows it. */
  readonly where: string;
  readonly expected: string;
  readonly came: string;
  /** True when the user named it: a folder's entry that cannot be read is only counted. */
  readonly asked: boolean;
  /** Name in the tally; `files.unreadable` when it is left out. */
  readonly what?: string;
  /** What to do about it, when that depends on the case; may have several lines. */
  readonly remedy?: string;
}

/** One stream of bytes, not yet looked at. */
export interface ByteStream {
  readonly kind: 'stream';
  /** The path as the user knows it, for messages only: evidence never tells where it lay. */
  readonly where: string;
  /** Logical name: `pod/container/run`, or the file's base name. */
  readonly name: string;
  readonly identity: Identity;
  /** `kubectl logs --previous`: the run before the current one. */
  readonly previous: boolean;
  /** When it was last written, if that is known. */
  readonly modified: Instant | undefined;
  /** Bytes as they lie there, for progress; 0 when it has no size that is known. */
  readonly size: number;
  readonly hasSize: boolean;
  readonly asked: boolean;
  /**
   * The bytes, unpacked. A chunk is only valid until the next one is asked for.
   * Throws when the bytes end early (a truncated archive); what came before is good.
   */
  readonly chunks: (onRead?: (bytes: number) => void) => AsyncIterable<Buffer>;
}

export interface Source {
  readonly name: string;
  /** In a stable order: the same places give the same sequence. */
  readonly open: () => AsyncIterable<ByteStream | SourceProblem>;
  /** What became clear only while the streams were read; asked once, when all of them were. */
  readonly afterwards?: () => readonly SourceProblem[];
  /** What reading took (calls, bytes, money), by its name in the tally; asked once, at the end. */
  readonly counts?: () => Readonly<Record<string, number>>;
}
