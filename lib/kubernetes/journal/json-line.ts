// The JSON forms: containerd with `[debug] format = "json"`, the kubelet with `--logging-format=json`.
//
//   {"level":"info","msg":"PullImage \"image\"","time":"2026-11-22T01:41:40.020861433Z"}
//   {"ts":1795311699051.102,"caller":"kubelet/kubelet.go:2709","msg":"SyncLoop ADD","v":2,"source":"api","pods":[{"name":"pod","namespace":"ns"}]}
//
// logrus 1.9 JSONFormatter; component-base logs/json/json.go (zap; `ts` is a
// float of milliseconds, which keeps microseconds).

import { instant, MICROSECOND } from '../../base/instant.ts';
import { isObject, type JsonObject, parseJson, textAt } from '../../base/json.ts';
import type { Stamp } from '../../model/line.ts';
import type { Fields, JournalLine } from './journal-line.ts';
import { stampOf } from './logrus.ts';

/** A record of the journal is short; a longer object is a dump. */
const LONGEST = 65_536;

export function jsonLine(text: string): JournalLine | undefined {
  if (text.length > LONGEST || !text.includes('"msg":')) return undefined;
  const parsed = parseJson(text);
  if (!parsed.ok || !isObject(parsed.value)) return undefined;
  return typeof parsed.value['ts'] === 'number' ? zapLine(parsed.value) : logrusJson(parsed.value);
}

function logrusJson(record: JsonObject): JournalLine | undefined {
  const message = textAt(record, 'msg');
  const stamp = stampOf(textAt(record, 'time') ?? '');
  if (message === undefined || stamp === undefined || textAt(record, 'level') === undefined) return undefined;
  return { logger: 'logrus', file: '', message, fields: () => fieldsOf(record), stamp };
}

const CALLER = /^(?:[\w.-]{1,80}\/)?(?<file>[\w.-]{1,80}\.go):\d{1,6}$/;

function zapLine(record: JsonObject): JournalLine | undefined {
  const message = textAt(record, 'msg');
  const stamp = millisecondStamp(Number(record['ts']));
  const file = CALLER.exec(textAt(record, 'caller') ?? '')?.groups?.['file'];
  if (message === undefined || file === undefined || stamp === undefined) return undefined;
  return { logger: 'klog', file, message, fields: () => fieldsOf(record), stamp };
}

/** Between 2001 and 2286: everything else is another unit or no time. */
function millisecondStamp(ts: number): Stamp | undefined {
  if (!(ts >= 1e12 && ts < 1e13)) return undefined;
  const micros = BigInt(Math.round(ts * 1000));
  return { at: instant(micros * 1000n), precision: MICROSECOND, zoned: true };
}

/** As the text form has them: text bare, everything else as JSON. */
const fieldsOf = (record: JsonObject): Fields =>
  new Map(
    Object.entries(record).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
