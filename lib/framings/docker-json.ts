// Docker's json-file log driver: one object per line.
//
//   {"log":"text\n","stream":"stderr","time":"2019-04-01T17:58:33.598656444Z"}
//
// A line longer than 16 KiB comes in parts: all but the last lack the `\n`.
// The daemon always writes `log` first and `time` last; a record in another
// order is a shipper's (fluent-bit.ts). One without `time` is too.

import { isObject, parseJson, textAt } from '../base/json.ts';
import type { Framed } from '../model/line.ts';
import type { Framing } from './contract.ts';
import { framed, streamOf, withoutLineEnd } from './framed-text.ts';
import { goStamp } from './stamps.ts';

export const dockerJson: Framing = {
  name: 'docker-json',
  says: 'Docker json-file logs (`{"log":"…\\n","stream":"stderr","time":"…"}`).',
  examples: [
    {
      raw: '{"log":"Fluent Bit is logging\\n","stream":"stdout","time":"2019-04-01T17:58:33.598656444Z"}',
      seen: 'Docker 18 on a Kubernetes node',
      at: '2019-04-01T17:58:33.598656444Z',
      text: 'Fluent Bit is logging',
    },
    {
      raw: '{"log":"INFO 11-22 01:34:02 [core.py:61] \\u001b[32mok\\u001b[0m\\n","stream":"stdout","attrs":{"tag":"vllm"},"time":"2026-11-22T01:34:02.5Z"}',
      seen: 'Docker with --log-opt tag',
      at: '2026-11-22T01:34:02.500000000Z',
      text: 'INFO 11-22 01:34:02 [core.py:61] \u001b[32mok\u001b[0m',
    },
    {
      raw: '{"log": "A line without newline char at the end", "stream": "stdout", "time": "2016-10-05T00:00:30.082640485Z"}',
      seen: 'a part of a long line, in the spacing of other writers',
      at: '2016-10-05T00:00:30.082640485Z',
      text: 'A line without newline char at the end',
    },
  ],
  textStart,
  open: (raw) => openUsual(raw) ?? openAny(raw),
};

const HEAD = '{"log":"';
const USUAL_TAIL = /\\n","stream":"(?<stream>stdout|stderr)","time":"(?<time>[0-9TZ:.+-]{20,35})"\}$/;

/** How far from the end of a line the tail of the usual order can begin. */
const TAIL_REACH = 100;

/** The daemon's own order, without parsing the whole: head, escaped text, tail. */
function openUsual(raw: string): readonly Framed[] | undefined {
  if (!raw.startsWith(HEAD)) return undefined;
  const from = Math.max(HEAD.length, raw.length - TAIL_REACH);
  const match = USUAL_TAIL.exec(raw.slice(from));
  if (match?.groups === undefined) return undefined;
  const escaped = raw.slice(HEAD.length, from + match.index);
  if (endsInOddBackslashes(escaped)) return undefined;
  const { stream = '', time = '' } = match.groups;
  return [framed({ text: unescapeJson(escaped), stamp: goStamp(time, true), stream })];
}

/** `\\n` is a backslash and an n: then this is no line end, but a part. */
function endsInOddBackslashes(escaped: string): boolean {
  let before = escaped.length;
  while (before > 0 && escaped.charCodeAt(before - 1) === BACKSLASH) before -= 1;
  return (escaped.length - before) % 2 === 1;
}

/** A text that is not valid inside a JSON string is taken as it stands. */
function unescapeJson(escaped: string): string {
  const parsed = parseJson(`"${escaped}"`);
  return parsed.ok && typeof parsed.value === 'string' ? parsed.value : escaped;
}

/** Any spacing, and `attrs` in the middle. */
function openAny(raw: string): readonly Framed[] | undefined {
  if (!/^\{ ?"log"/.test(raw)) return undefined;
  const parsed = parseJson(raw);
  if (!parsed.ok || !isObject(parsed.value)) return undefined;
  const { log, stream, time, attrs, ...rest } = parsed.value;
  if (typeof log !== 'string' || typeof time !== 'string' || Object.keys(rest).length > 0) return undefined;
  if (stream !== undefined && typeof stream !== 'string') return undefined;
  if (attrs !== undefined && !isObject(attrs)) return undefined;
  const stamp = goStamp(textAt(parsed.value, 'time') ?? '', true);
  return [
    framed({
      text: withoutLineEnd(log),
      stamp,
      stream: streamOf(parsed.value),
      partial: !log.endsWith('\n'),
    }),
  ];
}

const QUOTE = 34;
const BACKSLASH = 92;
const SMALL_N = 110;
const BRACE_END = 125;

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const HEAD_BYTES = encode(HEAD);
const TIME_BYTES = encode('","time":"');
const STREAM_BYTES = encode('","stream":"std');

/** Only head and tail are looked at, both at (nearly) fixed places; the text starts in its escaped form. */
function textStart(bytes: Uint8Array, start: number, end: number): number {
  const text = start + HEAD_BYTES.length;
  if (bytes[end - 1] !== BRACE_END || bytes[end - 2] !== QUOTE || !isAt(bytes, start, HEAD_BYTES)) return -1;
  const time = timeStart(bytes, end - 2);
  const stream = time - TIME_BYTES.length - 3;
  const lineEnd = stream - STREAM_BYTES.length - 2;
  if (time < 0 || lineEnd < text || !isAt(bytes, stream - STREAM_BYTES.length, STREAM_BYTES)) return -1;
  return isStreamName(bytes, stream) && isLineEnd(bytes, lineEnd, text) ? text : -1;
}

/** Where the digits of the time begin, looking back from its closing quote; -1 when it is not usual. */
function timeStart(bytes: Uint8Array, close: number): number {
  let at = close;
  while (close - at <= 35 && isTimeByte(bytes[at - 1] ?? 0)) at -= 1;
  const length = close - at;
  const isUsual = length >= 20 && length <= 35 && isAt(bytes, at - TIME_BYTES.length, TIME_BYTES);
  return isUsual ? at : -1;
}

/** Digits, `:`, `T`, `Z`, `+`, `-`, `.` */
const isTimeByte = (byte: number): boolean =>
  (byte >= 48 && byte <= 58) || byte === 84 || byte === 90 || byte === 43 || byte === 45 || byte === 46;

/** `out` or `err`, behind `std`. */
const isStreamName = (bytes: Uint8Array, at: number): boolean =>
  (bytes[at] === 0x6f && bytes[at + 1] === 0x75 && bytes[at + 2] === 0x74) ||
  (bytes[at] === 0x65 && bytes[at + 1] === 0x72 && bytes[at + 2] === 0x72);

/** `\n` whose backslash is not itself escaped. */
function isLineEnd(bytes: Uint8Array, at: number, text: number): boolean {
  if (bytes[at] !== BACKSLASH || bytes[at + 1] !== SMALL_N) return false;
  let before = at;
  while (before > text && bytes[before - 1] === BACKSLASH) before -= 1;
  return (at - before) % 2 === 0;
}

function isAt(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  if (at < 0) return false;
  for (let i = 0; i < wanted.length; i += 1) if (bytes[at + i] !== wanted[i]) return false;
  return true;
}
