// Who is who: pod, trace and span identity.
//
// These recipes are a public contract. Re-running a backfill must land on the
// same ids, and other tools compute them too, so a change here is a breaking
// change. test/model/ids.test.ts pins them with published vectors.

import { createHash } from 'node:crypto';
import type { Brand } from '../base/brand.ts';

export type PodUid = Brand<string, 'PodUid'>;

/** 32 lowercase hex digits. */
export type TraceId = Brand<string, 'TraceId'>;

/** 16 lowercase hex digits, never all zero. */
export type SpanId = Brand<string, 'SpanId'>;

/** How a trace id is made of a pod uid. `sha256-llm-engine` joins the traces of llm-engine's own watcher. */
export type TraceIdScheme = 'md5' | 'sha256-llm-engine';

/** Exactly as Kubernetes gave it: other emitters hash the same characters. */
export const podUid = (text: string): PodUid => text as PodUid;

/** trace_id = md5(pod_uid), so that every emitter agrees without talking. */
export function traceIdOf(uid: PodUid, scheme: TraceIdScheme = 'md5'): TraceId {
  const hash = scheme === 'md5' ? 'md5' : 'sha256';
  return createHash(hash).update(uid).digest('hex').slice(0, 32) as TraceId;
}

/** A trace id that somebody else made: 32 hex digits, not all zero. */
export const traceIdFrom = (text: string): TraceId | undefined =>
  /^(?!0{32})[0-9a-f]{32}$/i.test(text) ? (text.toLowerCase() as TraceId) : undefined;

/** A span id that somebody else made: 16 hex digits, not all zero. */
export const spanIdFrom = (text: string): SpanId | undefined =>
  /^(?!0{16})[0-9a-f]{16}$/i.test(text) ? (text.toLowerCase() as SpanId) : undefined;

/** What a span is of: the six parts of its id. */
export interface SpanKey {
  readonly uid: PodUid;
  /** '' for pod-level phases. */
  readonly container: string;
  /** Restart count of that container. */
  readonly restart: number;
  /** Index of the process start within that container run. */
  readonly process: number;
  /** Phase name, or `gap/<parent>/<phase before it>`. */
  readonly name: string;
  readonly occurrence: number;
}

/**
 * span_id = first 16 digits of md5 over the six parts, joined by NUL.
 *
 * NUL cannot occur in a part, so ('1', '11') and ('11', '1') stay apart.
 */
export function spanIdOf({ uid, container, restart, process, name, occurrence }: SpanKey): SpanId {
  const parts = [uid, container, String(restart), String(process), name, String(occurrence)];
  const id = createHash('md5').update(parts.join('\0')).digest('hex').slice(0, 16);
  return (/^0+$/.test(id) ? '0000000000000001' : id) as SpanId;
}

/** The uid of a log that no pod claims: derived from what it says, so that it is the same every time. */
export function syntheticUid(parts: readonly string[]): PodUid {
  const hex = createHash('md5').update(parts.join('\0')).digest('hex');
  return podUid(
    [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-'),
  );
}
