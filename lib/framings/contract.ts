// What a framing is: the envelope a log line travels in, and how to open it.
//
// Programs print "Loading weights took 12.34 seconds"; runtimes and shippers
// wrap it. Only the wrapper knows the year, the zone and the nanoseconds, so a
// framing supplies the instant. Envelopes nest (a CloudWatch event around a CRI
// line): the hall opens the inner text again.

import type { Framed } from '../model/line.ts';

/** A line and what must come out of it: the contract test opens it. */
export interface FramingExample {
  readonly raw: string;
  /** Who writes it: program, version, file or page. */
  readonly seen: string;
  /** RFC 3339 with nine digits, or undefined when the envelope has no time. */
  readonly at: string | undefined;
  /** The text of the first record that comes out. */
  readonly text: string;
}

export interface Framing {
  readonly name: string;
  /** One sentence for docs/formats.md. */
  readonly says: string;
  readonly examples: readonly FramingExample[];
  /**
   * The fast path, on bytes, before any string exists: where the text of the
   * program begins in [start, end), or -1 when the line is surely not a whole
   * line in this framing. Only framings with a header at fixed places have it.
   * When it answers ≥ 0, `open` must accept the line and not call it partial.
   */
  readonly textStart?: (bytes: Uint8Array, start: number, end: number) => number;
  /** The records inside; undefined when the line is not in this framing. Never throws. */
  readonly open: (raw: string) => readonly Framed[] | undefined;
}

/** What a line is to a document that is being gathered. */
export type GatherStep =
  /** Brackets and members of the document itself: forget what was kept. */
  | 'outside'
  /** The first line of an entry: forget what was kept, keep this one. */
  | 'begins'
  /** Keep it. */
  | 'inside'
  /** The last line of an entry: keep it, and open all that was kept. */
  | 'ends'
  /** The document is over (or broken): read this line as any other, and gather no more. */
  | 'foreign';

/** Tells what each line is, one after the other. Remembers an indentation, nothing else. */
export type Gather = (raw: string) => GatherStep;

/** The log line inside a gathered entry. */
export interface GroupedEntry {
  readonly framed: Framed;
  /** Index into the entry's lines of the one that holds the text. */
  readonly line: number;
}

/** A document whose entries spread over many lines; the caller bounds how many lines an entry may have. */
export interface Grouping {
  readonly name: string;
  /** One sentence for docs/formats.md. */
  readonly says: string;
  /** Whether such a document may begin here. Asked of a file's first line that is not blank, which is then gathered too. */
  readonly begins: (raw: string) => boolean;
  readonly gather: () => Gather;
  /** The entry's lines; undefined when it holds no log line (a request, an audit record) or is no entry. Never throws. */
  readonly open: (lines: readonly string[]) => GroupedEntry | undefined;
}
