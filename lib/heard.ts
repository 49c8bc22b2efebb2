// One record of a line as it was heard, and what is kept of it as evidence.

import { redact } from './base/redact.ts';
import { cut, stripAnsi } from './base/text.ts';
import type { LogRecord, Stamp } from './model/line.ts';
import type { Proof } from './model/mark.ts';

/** Longest evidence that is kept of a line, in characters. */
const EVIDENCE = 400;

/** Redaction reads this much of a line; evidence is cut from what came out. */
const REDACTED = 4 * EVIDENCE;

export interface Heard {
  readonly record: LogRecord;
  readonly stamp: Stamp | undefined;
  readonly line: number;
  /** The line itself, unless several records were glued into it. */
  readonly whole: string | undefined;
}

/** A record that a terminal broke over two rows, on the row where it began. */
export function joined(first: Heard, second: Heard): Heard {
  const message = `${first.record.message}${second.record.message}`;
  return { ...first, record: { ...first.record, message }, whole: undefined };
}

/** Where it was said, for people to look it up. */
export const proofOf = (source: string, heard: Heard, rule: string): Proof => ({
  source,
  line: heard.line,
  text: evidenceText(heard),
  rule,
});

/** The record as a person would recognise it, without secrets. */
export function evidenceText({ record, whole }: Heard): string {
  const { level, file, message } = record;
  const head = file === '' ? '' : `${level} [${file}] `;
  const text = whole === undefined ? head + message : stripAnsi(cut(whole, REDACTED)).trimEnd();
  const evidence = cut(redact(cut(text, REDACTED)), EVIDENCE);
  return (whole ?? message).length > REDACTED ? detached(evidence) : evidence;
}

/** A line as it is kept: redacted, cut, and without the memory of what it was cut from. */
export const keptText = (line: string): string =>
  detached(cut(redact(cut(stripAnsi(cut(line, REDACTED)), REDACTED)), EVIDENCE));

/** V8 cuts a string by pointing into it: the evidence of a 1 MB line would keep the megabyte. */
const detached = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');
