// logrus' text form, as containerd and CRI-O print it: `time="2026-…Z" level=info msg="PullImage \"image\""`.
//
// containerd writes RFC 3339 with nine digits (log/context.go RFC3339NanoFixed);
// the first line of a start, before the formatter is set, has whole seconds.

import { goQuotedAt } from '../../base/go-quoted.ts';
import { parseInstant, precisionOf } from '../../base/instant.ts';
import type { Stamp } from '../../model/line.ts';
import type { JournalLine } from './journal-line.ts';
import { readFields } from './read-fields.ts';

const HEADER = /^time="(?<time>[^"]{19,34}(?<zone>Z|[+-]\d\d:\d\d))" level=[a-z]{4,7} msg=/;

export function logrusLine(text: string): JournalLine | undefined {
  const match = HEADER.exec(text);
  const stamp = stampOf(match?.groups?.['time'] ?? '');
  if (match === null || stamp === undefined) return undefined;
  const at = match[0].length;
  const quoted = goQuotedAt(text, at);
  // Only a word without any special character is not quoted, and no message of ours is one.
  if (quoted === undefined) return undefined;
  return {
    logger: 'logrus',
    file: '',
    message: quoted.value,
    fields: () => readFields(text, quoted.end),
    stamp,
    zone: match.groups?.['zone'] ?? '',
  };
}

/** Undefined for whatever is no RFC 3339 with a zone. */
export function stampOf(time: string): Stamp | undefined {
  const at = parseInstant(time);
  return at === undefined ? undefined : { at, precision: precisionOf(time), zoned: true };
}
