// What a log format is: a table of rules, each with the line it was written for.
//
// A rule carries its own example, who prints it since which version, and the
// literal that the scanner looks for, so that the documentation, the test, the
// scanner and the code cannot disagree: test/contracts/format.contract.test.ts
// runs every example through every format.

import type { Cause, FactValue, Saying } from '../model/mark.ts';
import type { PhaseName } from '../model/phase.ts';

/** Who prints a line. Versions are inclusive; `to` absent: still printed by the newest version read. */
export interface Printed {
  readonly program: string;
  /** Source file inside the program, e.g. `v1/engine/core.py`. */
  readonly file: string;
  readonly from: string;
  readonly to?: string;
}

/** What a match says; `by`: only when the name of the speaker matches (an engine core repeats the front end's lines). */
export type MarkSpec = SaidSpec & { readonly by?: RegExp };

/** `group` names a group of the pattern. */
export type SaidSpec =
  | { readonly kind: 'began' | 'ended' | 'during'; readonly phase: PhaseName }
  | {
      readonly kind: 'lasted';
      readonly phase: PhaseName;
      /** Group that holds the printed duration. */
      readonly group: string;
      /** Unit of the printed number; default `s`. `go` is a Go duration such as 1m2.5s. */
      readonly unit?: 's' | 'ms' | 'go';
      /** Does the number measure the whole phase? */
      readonly whole: boolean;
    }
  | { readonly kind: 'process_began' }
  | { readonly kind: 'after_engine' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly cause: Cause; readonly root: boolean }
  | { readonly kind: 'absent'; readonly phase: PhaseName; readonly why: string }
  | {
      readonly kind: 'fact';
      readonly name: string;
      /** Either a fixed value or the group that holds it. */
      readonly value?: FactValue;
      readonly group?: string;
      readonly as?: 'text' | 'number';
      readonly phase?: PhaseName;
    };

export interface Rule {
  /** Unique over all formats: `vllm.weights_took`. */
  readonly id: string;
  readonly printed: Printed;
  /**
   * Base names of the source files that may print it, as they stand in the
   * line's own header (`[core.py:61]`). `[]`: the line has no header at all.
   * `['*']`: any file, only for failures at level ERROR or CRITICAL.
   */
  readonly files: readonly string[];
  /** Last part of the dotted logger names that stand for those files under JSON logging, if they differ. */
  readonly loggers?: readonly string[];
  /** The message starts with these characters; the scanner compares them as bytes. */
  readonly literal: string;
  /**
   * Only where everyday lines begin with the literal too ("Engine 000: Avg prompt throughput …"): what the
   * pattern demands at most 16 bytes behind it. The gate turns lines without it away.
   */
  readonly needle?: string;
  /** Anchored at the start of the message, and linear. */
  readonly pattern: RegExp;
  /** A real line, whole, with framing removed. */
  readonly example: string;
  readonly marks: readonly MarkSpec[];
  /** Further sayings, when the message needs a parser rather than a pattern: printed arguments. Never throws. */
  readonly tell?: (message: string) => readonly Saying[];
}

export interface LogFormat {
  readonly name: string;
  /** One sentence for docs/formats.md. */
  readonly says: string;
  readonly rules: readonly Rule[];
}
