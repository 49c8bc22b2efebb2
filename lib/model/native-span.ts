// A span that vLLM recorded of its own start (0.16 and later), as a trace exporter wrote it down.
//
// It is a witness beside the log: it tells where a function began and ended, to
// the nanosecond, while a line only tells when something was printed.

import type { Duration, Instant } from '../base/instant.ts';
import type { SpanId, TraceId } from './ids.ts';
import type { Identity } from './log-run.ts';
import type { PhaseName } from './phase.ts';

/**
 * What an end of a span is to an end of the phase.
 * same: the same border. earlier, later: the same, but the log's first line may stand after it, its last line
 * before it. near: the same within moments, otherwise the log's holds. part: the phase began no later; holds
 * when nothing else tells.
 */
export type Border = 'same' | 'earlier' | 'later' | 'near' | 'part' | 'no';

export interface SpanWitness {
  readonly phase: PhaseName;
  readonly start: Border;
  readonly end: Border;
  /** Only where the log tells of the phase as well: alone it does not prove it. */
  readonly refines?: true;
  /** Only where no better span of this phase was recorded. */
  readonly standsIn?: true;
}

/** Borders of engine_boot, which is told in two parts: what spawns, the engine core, the first worker. */
export type BootBorder = 'spawning' | 'core' | 'worker';

export interface NativeProcess {
  /** `Worker_0`, `EngineCore`; '' for the API server, whose resource has no name. */
  readonly name: string;
  readonly kind: string;
  readonly pid: string;
}

export interface NativeSpan {
  readonly name: string;
  /** `vllm.span.loading_cpu`. */
  readonly rule: string;
  readonly witnesses: readonly SpanWitness[];
  readonly boot: BootBorder | undefined;
  /** 0 for the outermost span that encloses a start, 1 for the one below …; undefined: it encloses none. */
  readonly depth: number | undefined;
  /** The client of an API server: its engine being ready does not prove that HTTP answers. */
  readonly isServer: boolean;
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly start: Instant;
  readonly end: Instant;
  readonly precision: Duration;
  /** The start was of 1970 and was computed from the seconds that the span itself carries. */
  readonly startComputed: boolean;
  /** Seconds that the span itself carries (`dynamo.time_seconds`). */
  readonly seconds: number | undefined;
  /** The message of a failed span, redacted and cut; '' when it has none. */
  readonly failure: string | undefined;
  readonly process: NativeProcess;
  readonly identity: Identity;
  /** `host.name`: in a pod that is the pod's name, unless it uses the node's network. */
  readonly host: string | undefined;
}
