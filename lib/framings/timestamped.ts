// A full RFC 3339 time, a blank, and the line: `kubectl logs --timestamps` and many like it.
//
//   2026-11-22T02:05:16.431201081Z text
//
// Also `docker logs -t`, CloudWatch's export to S3, CI systems. What has more
// of an envelope behind the time is left to its own framing: CRI (`stdout F`),
// journald's short-iso (`HOST PROGRAM[PID]:`), `aws logs tail`. A table border
// behind the time (` | `) goes to dated.ts. Tabs are a program's own (zap).

import type { Framed } from '../model/line.ts';
import { isAwsLogsTail } from './aws-logs-tail.ts';
import type { Framing } from './contract.ts';
import { cri } from './cri.ts';
import { framed } from './framed-text.ts';
import { isJournal } from './journald.ts';
import { afterRfc3339 } from './rfc3339-bytes.ts';
import { goStamp } from './stamps.ts';

const HEAD = /^(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) /;

export const timestamped: Framing = {
  name: 'timestamped',
  says: '`kubectl logs --timestamps`, `docker logs -t`, CloudWatch exports to S3: an RFC 3339 time, a blank, the line.',
  examples: [
    {
      raw: '2026-11-22T02:05:16.431201081Z cp s3://models/tiny/chat_template.jinja /models/tiny/chat_template.jinja',
      seen: 'kubectl 1.36.3 logs --timestamps, recordings/kubernetes/v6_vllm-cold-image-quiet',
      at: '2026-11-22T02:05:16.431201081Z',
      text: 'cp s3://models/tiny/chat_template.jinja /models/tiny/chat_template.jinja',
    },
    {
      raw: '2026-01-01T00:00:00.000Z text',
      seen: 'CloudWatch Logs export task, 000000.gz',
      at: '2026-01-01T00:00:00.000000000Z',
      text: 'text',
    },
    {
      raw: '2026-11-22T11:05:16.5+09:00 ',
      seen: 'an empty line; kubectl logs --timestamps, node with a local zone',
      at: '2026-11-22T02:05:16.500000000Z',
      text: '',
    },
  ],
  textStart,
  open,
};

function open(raw: string): readonly Framed[] | undefined {
  const match = HEAD.exec(raw);
  if (match?.groups === undefined) return undefined;
  const text = raw.slice(match[0].length);
  if (text.startsWith('| ') || isClaimed(raw)) return undefined;
  return [framed({ text, stamp: goStamp(match.groups['time'] ?? '', false) })];
}

const isClaimed = (raw: string): boolean =>
  cri.open(raw) !== undefined || isJournal(raw) || isAwsLogsTail(raw);

const CAPITAL_Z = 90;
const BLANK = 32;
const COLON = 58;
const PIPE = 124;
/** The `s` of CRI's `stdout` and `stderr`. */
const SMALL_S = 115;

/** Whatever might be claimed by another framing is left to the full reading. */
function textStart(bytes: Uint8Array, start: number, end: number): number {
  const at = afterRfc3339(bytes, start, end);
  if (at < 0) return -1;
  if (at < end && (bytes[at] === PIPE || bytes[at] === SMALL_S)) return -1;
  return bytes[at - 2] === CAPITAL_Z || isPlain(bytes, at, end) ? at : -1;
}

/** Behind a numeric offset a host and a program, or the name of a log stream, may stand. */
function isPlain(bytes: Uint8Array, at: number, end: number): boolean {
  const word = wordEnd(bytes, at, end);
  if (word >= end) return true;
  const second = wordEnd(bytes, word + 1, end);
  return word - at <= 10 && bytes[second - 1] !== COLON;
}

function wordEnd(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && bytes[at] !== BLANK) at += 1;
  return at;
}
