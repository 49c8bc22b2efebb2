// CRI log framing, as the kubelet's runtimes (containerd, CRI-O) write container files.
//
//   2026-09-18T13:00:00.123456789+10:00 stdout F text
//
// Trailing zeros of the fraction are cut (down to no fraction at all), the
// offset is the node's own, P marks a part of a line longer than 16 KiB, and an
// empty line is a header with nothing after it. Tags may be joined by colons.
// `date --iso-8601=ns`, which stands in for a runtime in kwok, writes a comma.

import type { Framed } from '../model/line.ts';
import type { Framing } from './contract.ts';
import { framed } from './framed-text.ts';
import { afterRfc3339 } from './rfc3339-bytes.ts';
import { goStamp } from './stamps.ts';

const HEAD =
  /^(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:\d\d)) (?<stream>stdout|stderr) (?<tag>[FP])(?::[^ ]{0,200})?(?: |$)/;

export const cri: Framing = {
  name: 'cri',
  says: 'CRI container log files of containerd and CRI-O, with parts of long lines joined.',
  examples: [
    {
      raw: '2026-11-22T02:05:16.431201081Z stdout F cp s3://models/tiny/chat_template.jinja /models/tiny/chat_template.jinja',
      seen: 'containerd 2.4.2, recordings/kubernetes/v6_vllm-cold-image-quiet',
      at: '2026-11-22T02:05:16.431201081Z',
      text: 'cp s3://models/tiny/chat_template.jinja /models/tiny/chat_template.jinja',
    },
    {
      raw: '2026-09-18T13:00:00.75500386+10:00 stderr F:x INFO:     Application startup complete.',
      seen: 'CRI-O form with a local offset, a cut fraction and a second tag',
      at: '2026-09-18T03:00:00.755003860Z',
      text: 'INFO:     Application startup complete.',
    },
    {
      raw: '2026-11-22T02:05:16Z stdout F ',
      seen: 'an empty line; containerd 2.4.2, recordings/kubernetes/n_longlines',
      at: '2026-11-22T02:05:16.000000000Z',
      text: '',
    },
  ],
  textStart,
  open,
};

function open(raw: string): readonly Framed[] | undefined {
  const match = HEAD.exec(raw);
  if (match?.groups === undefined) return undefined;
  const { time = '', stream = '', tag } = match.groups;
  const text = raw.slice(match[0].length);
  return [framed({ text, stamp: goStamp(time, true), stream, partial: tag === 'P' })];
}

const BLANK = 32;
const COLON = 58;
const FULL = 70;

/** The hot path: fixed places, no function per byte, nothing allocated. */
function textStart(bytes: Uint8Array, start: number, end: number): number {
  const at = afterRfc3339(bytes, start, end);
  if (at < 0 || at + 7 >= end || bytes[at + 7] !== FULL || !isStream(bytes, at)) return -1;
  const after = at + 8;
  if (after === end) return end;
  if (bytes[after] === BLANK) return after + 1;
  return bytes[after] === COLON ? afterTags(bytes, after + 1, end) : -1;
}

/** `stdout ` or `stderr ` at `at`. */
function isStream(bytes: Uint8Array, at: number): boolean {
  if (bytes[at] !== 0x73 || bytes[at + 1] !== 0x74 || bytes[at + 2] !== 0x64 || bytes[at + 6] !== BLANK)
    return false;
  return bytes[at + 3] === 0x6f
    ? bytes[at + 4] === 0x75 && bytes[at + 5] === 0x74
    : bytes[at + 3] === 0x65 && bytes[at + 4] === 0x72 && bytes[at + 5] === 0x72;
}

/** Rare: more tags behind the first one. */
function afterTags(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from; at < end && at - from <= 200; at += 1) if (bytes[at] === BLANK) return at + 1;
  return end - from <= 200 ? end : -1;
}
