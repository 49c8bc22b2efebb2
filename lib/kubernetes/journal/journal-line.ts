// A record of a node's journal, out of its header: what all four forms of it have in common.

import type { ProgramClock, Stamp } from '../../model/line.ts';

/** Values of a record by key: unquoted text, or the JSON of a list or an object. */
export type Fields = ReadonlyMap<string, string>;

export interface JournalLine {
  readonly logger: 'klog' | 'logrus';
  /** Base name of the source file that printed it; '' for logrus, which does not say. */
  readonly file: string;
  readonly message: string;
  /** Read only when a rule asks: most lines have nothing to say. */
  readonly fields: () => Fields;
  /** klog's: no year, no zone, microseconds. */
  readonly clock?: ProgramClock;
  /** logrus' and JSON's. */
  readonly stamp?: Stamp;
  /** Offset from UTC of the node's own clock (`Z`, `+03:00`), where the line prints it: Go writes local time. */
  readonly zone?: string;
}
