// A log line on its way from bytes to marks: framed, then read as a program's record.

import type { Duration, Instant } from '../base/instant.ts';
import type { Identity } from './log-run.ts';
import type { Speaker } from './mark.ts';

/**
 * A program's own clock: no zone, and often neither year nor fraction.
 * vLLM prints `11-22 01:44:03`, Ray `2026-11-22 01:44:03,118`.
 */
export interface ProgramClock {
  readonly year?: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanosecond: number;
  /** What the printed digits resolve: 1 s for vLLM. */
  readonly precision: Duration;
}

/** The instant that an envelope supplies. */
export interface Stamp {
  readonly at: Instant;
  readonly precision: Duration;
  /** False when the envelope names no zone (`2026-05-01 22:45:03.974 |`): then `at` was read as UTC. */
  readonly zoned: boolean;
}

/** A line out of its envelope. */
export interface Framed {
  /** The bare text, as the program wrote it: no line end, escape sequences still inside. */
  readonly text: string;
  readonly stamp?: Stamp;
  /** stdout, stderr, or '' when the envelope does not say: partial lines join per stream. */
  readonly stream: string;
  /** True when the runtime split a long line and more of it follows. */
  readonly partial: boolean;
  /** Whose line it is, when the envelope says. */
  readonly identity?: Identity;
  /** The envelope is the node's journal: `identity.container` is the name of a program of the node. */
  readonly ofNode?: true;
  /** Nothing but the program's own text is inside: an envelope there is text that looks like one. */
  readonly printed?: true;
  /** Whose line an envelope inside calls it, when the one around it names somebody else: what a container says of others. */
  readonly claims?: Identity;
  /** When the envelope is the program's own JSON logging: the header that a text line would carry. */
  readonly header?: RecordHeader;
}

/** What a program's logging puts in front of a message. */
export interface RecordHeader {
  readonly speaker: Speaker;
  /** DEBUG, INFO, WARNING, ERROR, CRITICAL; '' when the line has none. */
  readonly level: string;
  readonly clock?: ProgramClock;
  /** Base name of the source file that printed it (`core.py`), or '' when the line has none. */
  readonly file: string;
  /** Dotted logger name (`vllm.v1.engine.core`), when that is what the line has instead of a file. */
  readonly logger: string;
}

/** One record of a program: a header and a message. */
export interface LogRecord extends RecordHeader {
  /** Without escape sequences, carriage returns and trailing blanks. */
  readonly message: string;
  /** "[repeated 7x across cluster]"; 1 normally. */
  readonly copies: number;
}

export const NOBODY: Speaker = { name: '' };

export const BARE: RecordHeader = { speaker: NOBODY, level: '', file: '', logger: '' };
