// One span of an OTLP document as a witness of a start, or the reason why it is none.
//
// Seen (vLLM 0.32.0, opentelemetry-sdk 1.45, JSON of a receiver):
//   {"traceId":"e2760d0a…","spanId":"788bcaf3eb0d182c","parentSpanId":"c92df3f1d5f3f41e","name":"Worker init",
//    "startTimeUnixNano":"1795310375304301135","endTimeUnixNano":"1795310380011477233","attributes":[…],"status":{}}

import {
  type Duration,
  type Instant,
  instant,
  MICROSECOND,
  NANOSECOND,
  SECOND,
  seconds,
} from '../base/instant.ts';
import { type JsonObject, objectAt, textAt } from '../base/json.ts';
import { redact } from '../base/redact.ts';
import { cut } from '../base/text.ts';
import { podUid, spanIdFrom, traceIdFrom } from '../model/ids.ts';
import type { Identity } from '../model/log-run.ts';
import type { NativeSpan } from '../model/native-span.ts';
import { type Attributes, attributesOf } from './attributes.ts';
import { ruleOf, type SpanName, spanNameOf } from './names.ts';

/** Why a span is no witness: names in the tally, under `native_spans.`. */
export type Refusal =
  /** Of something else than a start: a request, another program's. */
  | 'not_startup'
  /** Has the name of a start-up span, but nothing says that vLLM recorded it. */
  | 'foreign'
  | 'malformed'
  /** Never ended: no end, or zero. */
  | 'unfinished'
  /** Begins before 2000 and carries no seconds of its own. */
  | 'epoch'
  /** Ends before it begins. */
  | 'reversed';

/** What all spans of one resource have in common. */
export interface Resource {
  readonly attributes: Attributes;
  readonly identity: Identity;
}

export interface Told {
  readonly raw: JsonObject;
  readonly scope: string;
  readonly resource: Resource;
}

/** 2000-01-01: nothing that vLLM recorded began before. */
const EARLIEST: Instant = instant(946_684_800n * SECOND);

const PROCESS_NAME = 80;
const FAILURE = 300;

export function nativeSpanOf({ raw, scope, resource }: Told): NativeSpan | Refusal {
  const name = spanNameOf(textAt(raw, 'name') ?? '', scope);
  if (name === undefined) return 'not_startup';
  if (!scope.startsWith('vllm') && !resource.attributes.has('vllm.process_id')) return 'foreign';
  const traceId = traceIdFrom(textAt(raw, 'traceId') ?? '');
  const spanId = spanIdFrom(textAt(raw, 'spanId') ?? '');
  const times = timesOf(raw);
  if (traceId === undefined || spanId === undefined) return 'malformed';
  if (typeof times === 'string') return times;
  return { ...kindOf(name, times), traceId, spanId, ...times, ...toldBy(raw, resource) };
}

function kindOf(row: SpanName, { start, end }: Times) {
  const { name, boot, depth, isServer = false, least = 0 } = row;
  const means = end - start >= seconds(least);
  return { name, rule: ruleOf(name), witnesses: means ? row.witnesses : [], boot, depth, isServer };
}

function toldBy(raw: JsonObject, { attributes, identity }: Resource) {
  const told = (key: string): string => cut(redact(attributes.get(key) ?? ''), PROCESS_NAME);
  return {
    failure: failureOf(raw),
    process: {
      name: told('vllm.process_name'),
      kind: told('vllm.process_kind'),
      pid: told('vllm.process_id') || told('process.pid'),
    },
    identity,
    host: attributes.get('host.name') || undefined,
  };
}

interface Times {
  readonly start: Instant;
  readonly end: Instant;
  readonly precision: Duration;
  readonly startComputed: boolean;
  readonly seconds: number | undefined;
}

/**
 * Before vLLM 0.26 the Dynamo span took a monotonic clock for its beginning and so
 * lasted 56 years (#40698); its end is right, and so are the seconds that it carries.
 */
function timesOf(raw: JsonObject): Times | Refusal {
  const start = nanosecondsAt(raw, 'startTimeUnixNano');
  const end = nanosecondsAt(raw, 'endTimeUnixNano');
  if (start === 'malformed' || end === 'malformed') return 'malformed';
  if (end.at === 0n) return 'unfinished';
  const own = secondsOf(raw);
  if (end.at < EARLIEST) return 'epoch';
  const precision = start.precision > end.precision ? start.precision : end.precision;
  const known = { end: end.at, precision, seconds: own };
  if (start.at >= EARLIEST)
    return end.at < start.at ? 'reversed' : { ...known, start: start.at, startComputed: false };
  return own === undefined
    ? 'epoch'
    : { ...known, start: instant(end.at - seconds(own)), startComputed: true };
}

const DAY_SECONDS = 86_400;

function secondsOf(raw: JsonObject): number | undefined {
  const told = attributesOf(raw).get('dynamo.time_seconds');
  const value = told === undefined || told === '' ? Number.NaN : Number(told);
  return value >= 0 && value < DAY_SECONDS ? value : undefined;
}

/** OTLP writes 64-bit integers as text; a number has lost its last digits. Absent means zero. */
function nanosecondsAt(
  raw: JsonObject,
  key: string,
): { readonly at: Instant; readonly precision: Duration } | 'malformed' {
  const value = raw[key] ?? '0';
  if (typeof value === 'string' && /^\d{1,19}$/.test(value))
    return { at: instant(BigInt(value)), precision: NANOSECOND };
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 63)
    return { at: instant(BigInt(value)), precision: MICROSECOND };
  return 'malformed';
}

/** 2 or STATUS_CODE_ERROR, as the encoder likes. */
function failureOf(raw: JsonObject): string | undefined {
  const status = objectAt(raw, 'status');
  const hasFailed = status['code'] === 2 || status['code'] === 'STATUS_CODE_ERROR';
  if (!hasFailed) return undefined;
  return cut(redact(cut(textAt(status, 'message') ?? '', 4 * FAILURE)), FAILURE);
}

/** Who the pod is, as the resource says; what it does not say the file's place may. */
export function resourceOf(attributes: Attributes, place: Identity): Resource {
  const told = (key: string): string | undefined => attributes.get(key) || undefined;
  const uid = told('k8s.pod.uid');
  const restart = told('k8s.container.restart_count');
  const pairs = {
    uid: uid === undefined ? undefined : podUid(uid),
    namespace: told('k8s.namespace.name'),
    pod: told('k8s.pod.name'),
    container: told('k8s.container.name'),
    restart: restart !== undefined && /^\d{1,6}$/.test(restart) ? Number(restart) : undefined,
    node: told('k8s.node.name'),
  };
  const known = Object.entries(pairs).filter(([, value]) => value !== undefined);
  const isOther = uid !== undefined && place.uid !== undefined && uid !== place.uid;
  return { attributes, identity: { ...(isOther ? {} : place), ...Object.fromEntries(known) } };
}
