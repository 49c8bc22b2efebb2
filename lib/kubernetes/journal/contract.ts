// What a rule of a node's journal is: one wording of one program, with a line that it printed.
//
// test/kubernetes/journal/rules.test.ts runs every example through every rule.

import type { Instant } from '../../base/instant.ts';
import type { JournalSaying } from '../objects/journal-record.ts';
import type { JournalLine } from './journal-line.ts';

/** Who prints a line. Versions are inclusive; `to` absent: still printed by the newest version read. */
export interface Printed {
  readonly program: 'kubelet' | 'containerd';
  /** Source file inside the program. */
  readonly file: string;
  readonly from: string;
  readonly to?: string;
}

/** One thing that a line says; `at`: the instant is printed in the line, and it is not the line's own. */
export interface Told {
  readonly says: JournalSaying;
  readonly at?: Instant;
  /** Offset of the node's clock, where a printed instant tells it. */
  readonly zone?: string;
}

export interface JournalRule {
  /** `kubelet.accepted` */
  readonly id: string;
  readonly printed: Printed;
  readonly logger: JournalLine['logger'];
  /** The message begins with it. */
  readonly literal: string;
  /** The whole message, anchored at both ends unless an error's text follows, and linear. */
  readonly pattern: RegExp;
  /** A line that the program printed, or one in the form in which its source prints it. */
  readonly example: string;
  /** Where the example is from. */
  readonly seen: string;
  /** For docs/witnesses.md. */
  readonly gives: string;
  /** Nothing when a field is not what it should be: the line is counted, not guessed at. */
  readonly tell: (line: JournalLine, groups: Groups) => readonly Told[];
}

export type Groups = Readonly<Record<string, string | undefined>>;
