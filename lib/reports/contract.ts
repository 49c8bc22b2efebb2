// What a report is: a pure function from what was told to text.

import type { Tally } from '../base/tally.ts';
import type { TraceIdScheme } from '../model/ids.ts';
import type { PhaseName } from '../model/phase.ts';
import type { Startup } from '../model/startup.ts';

/** Something that could not be read or understood, in words that help. */
export interface Problem {
  /** The path, stream or object that it is about. */
  readonly where: string;
  readonly expected: string;
  readonly came: string;
  /** Name in the tally: `files.unreadable`. */
  readonly what: string;
  /** True when the user named it: then the exit code says so. */
  readonly asked: boolean;
  /** What to do about it, when that depends on the case; may have several lines. */
  readonly remedy?: string;
}

/** Everything that a report may tell. */
export interface Told {
  readonly startups: readonly Startup[];
  readonly tally: Tally;
  readonly problems: readonly Problem[];
}

/** How it is told. Who reads it and on what is known only to the door. */
export interface Telling {
  /** Columns that a line may take; no line of a table is longer. */
  readonly width: number;
  readonly color: boolean;
  /** True for terminals without UTF-8. */
  readonly ascii: boolean;
  readonly traceIdScheme: TraceIdScheme;
}

/** Ends in a line feed, unless it is empty. In pieces, since some are too long for one text. */
export type Report = (told: Told, telling: Telling) => Iterable<string>;

/** Which markers of one log are known, missing or new for the version that printed it. */
export interface LintFinding {
  /** Logical name of the log. */
  readonly source: string;
  /** The program, when it is known: `vllm`. */
  readonly program?: string;
  readonly version?: string;
  readonly found: readonly { readonly rule: string; readonly line: number }[];
  /** Markers that this version should have printed. */
  readonly missing: readonly { readonly phase: PhaseName; readonly marker: string }[];
  /** Lines that look like phase markers and that no rule knows. */
  readonly unknown: readonly { readonly source: string; readonly line: number; readonly text: string }[];
}
