// What a bare line says, in words short enough for a table.

import { toSeconds } from '../../lib/base/instant.ts';
import { readRecord } from '../../lib/formats/read.ts';
import { parseRecords } from '../../lib/formats/record.ts';
import type { Framed, RecordHeader } from '../../lib/model/line.ts';
import type { Saying } from '../../lib/model/mark.ts';

const framed = (text: string, header?: RecordHeader): Framed => ({
  text,
  stream: 'stdout',
  partial: false,
  ...(header === undefined ? {} : { header }),
});

/** The sayings of every record in the line, each in one phrase. */
export function says(line: string, header?: RecordHeader): readonly string[] {
  return parseRecords(framed(line, header)).flatMap((record) =>
    (readRecord(record)?.sayings ?? []).map(phrase),
  );
}

/** The rule that speaks for the line's first record. */
export function ruleOf(line: string, header?: RecordHeader): string | undefined {
  const [record] = parseRecords(framed(line, header));
  return record === undefined ? undefined : readRecord(record)?.rule.id;
}

function phrase(saying: Saying): string {
  switch (saying.kind) {
    case 'failed':
      return `${saying.root ? 'failed' : 'failed after'} ${saying.cause}`;
    case 'fact':
      return `${saying.name}=${saying.value}`;
    case 'lasted':
      return `lasted ${saying.phase} ${toSeconds(saying.took)} s${saying.whole ? ' whole' : ''}`;
    case 'began':
    case 'ended':
    case 'during':
    case 'absent':
      return `${saying.kind} ${saying.phase}`;
    default:
      return saying.kind;
  }
}
