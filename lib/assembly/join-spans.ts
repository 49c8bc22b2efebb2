// Which of vLLM's own spans belong to which start.
//
// The pod uid decides where the resource names it, then the trace id, if it was
// made of a pod uid (TRACEPARENT), then the pod's name with the time, then the time alone, if
// there is just one start that it could be. What remains is told, not guessed.

import { byText } from '../base/text.ts';
import { type PodUid, podUid, syntheticUid, type TraceId, traceIdOf } from '../model/ids.ts';
import type { NativeSpan } from '../model/native-span.ts';
import type { NativeStart, PodEvidence } from './evidence.ts';
import { type Boot, bootsOf, bySpan, keyOf } from './native-boots.ts';
import { placeBoots, type Window, windowsOf } from './native-places.ts';

export interface SpansJoined {
  readonly pods: readonly PodEvidence[];
  /** Boots that no start can be named for. */
  readonly unjoined: readonly Unjoined[];
  readonly repeated: number;
  /** Different spans with one id in one trace. */
  readonly colliding: number;
}

export interface Unjoined {
  readonly boot: Boot;
  readonly traceId: TraceId;
  readonly why: string;
}

export function joinSpans(pods: readonly PodEvidence[], spans: readonly NativeSpan[]): SpansJoined {
  const once = withoutRepeats(spans);
  const colliding = once.length - new Set(once.map(idOf)).size;
  const told = { repeated: spans.length - once.length, colliding };
  if (once.length === 0) return { pods, unjoined: [], ...told };
  const scene = sceneOf(pods);
  const claims = claimsOf(once, scene);
  return { ...settled(scene, claims), ...told };
}

const idOf = ({ traceId, spanId }: NativeSpan): string => `${traceId}${spanId}`;

/** Of two copies the one whose resource tells more holds. */
function withoutRepeats(spans: readonly NativeSpan[]): readonly NativeSpan[] {
  const found = new Map<string, NativeSpan>();
  for (const span of spans) {
    const key = `${span.start}\0${keyOf(span)}`;
    const known = found.get(key);
    if (known === undefined || saysMore(span, known)) found.set(key, span);
  }
  return [...found.values()].sort(bySpan);
}

function saysMore(a: NativeSpan, b: NativeSpan): boolean {
  const [first, second] = [saidOf(a), saidOf(b)];
  return first.length > second.length || (first.length === second.length && first > second);
}

const saidOf = ({ identity, host, failure, startComputed, precision }: NativeSpan): string =>
  JSON.stringify([identity, host, failure, startComputed, Number(precision)]);

/** The pods of the evidence, and when each of their starts was. */
interface Scene {
  readonly pods: readonly PodEvidence[];
  readonly windows: ReadonlyMap<PodUid, readonly Window[]>;
  readonly byTrace: ReadonlyMap<TraceId, PodUid>;
  readonly hasStarts: boolean;
}

function sceneOf(pods: readonly PodEvidence[]): Scene {
  const windows = new Map(pods.map((pod) => [pod.uid, windowsOf(pod)]));
  const schemes = ['md5', 'sha256-llm-engine'] as const;
  const traces = pods.flatMap(({ uid }) => schemes.map((scheme) => [traceIdOf(uid, scheme), uid] as const));
  const hasStarts = [...windows.values()].some((own) => own.length > 0);
  return { pods, windows, byTrace: new Map(traces), hasStarts };
}

/** Spans of one pod, known or not. */
interface Claim {
  readonly uid: PodUid;
  readonly isSynthetic: boolean;
  readonly spans: readonly NativeSpan[];
}

type Claimed = Claim | Unjoined;

function claimsOf(spans: readonly NativeSpan[], scene: Scene): readonly Claimed[] {
  const byTrace = [...Map.groupBy(spans, ({ traceId }) => traceId)].sort(([a], [b]) => byText(a, b));
  return byTrace.flatMap(([traceId, trace]) =>
    [...Map.groupBy(trace, ownerIn(trace))].flatMap(([uid, group]) =>
      claimOf(traceId, uid === '' ? undefined : podUid(uid), { group, scene }),
    ),
  );
}

/** A span without a uid is of the one that the others of its trace name, if that is one. */
function ownerIn(trace: readonly NativeSpan[]): (span: NativeSpan) => string {
  const uids = new Set(trace.flatMap(({ identity }) => identity.uid ?? []));
  const sole = uids.size === 1 ? [...uids][0] : undefined;
  return ({ identity }) => identity.uid ?? sole ?? '';
}

function claimOf(
  traceId: TraceId,
  named: PodUid | undefined,
  { group, scene }: { group: readonly NativeSpan[]; scene: Scene },
): readonly Claimed[] {
  const uid = named ?? scene.byTrace.get(traceId);
  if (uid !== undefined) return [{ uid, isSynthetic: false, spans: group }];
  if (!scene.hasStarts)
    return [{ uid: syntheticUid(['vllm-span', traceId]), isSynthetic: true, spans: group }];
  return bootsOf(group).map((boot) => byTime(traceId, boot, scene));
}

/** Neither uid nor trace id: the pod's name and the time, else the time alone where there is but one start. */
function byTime(traceId: TraceId, boot: Boot, scene: Scene): Claimed {
  const names = new Set(boot.spans.flatMap(({ identity, host }) => identity.pod ?? host ?? []));
  const overlapping = scene.pods.flatMap((pod) =>
    (scene.windows.get(pod.uid) ?? []).filter((window) => overlaps(window, boot)).map(() => pod),
  );
  const named = overlapping.filter(({ name }) => name !== undefined && names.has(name));
  const starts = [...scene.windows.values()].flat().length;
  const fits = named.length > 0 ? named : starts === 1 ? overlapping : [];
  const [pod] = fits;
  if (pod !== undefined && fits.length === 1) return { uid: pod.uid, isSynthetic: false, spans: boot.spans };
  return { boot, traceId, why: whyNot({ named: named.length, overlapping: overlapping.length, starts }) };
}

const overlaps = (window: Window, boot: Boot): boolean =>
  boot.start <= window.end && boot.end >= window.start;

function whyNot(found: { named: number; overlapping: number; starts: number }): string {
  if (found.named > 1) return `no pod uid, and ${found.named} starts of pods of that name at that time`;
  if (found.overlapping === 0) return 'no pod uid, and no start at that time';
  return `no pod uid, and ${found.starts} starts that it could be of`;
}

function settled(scene: Scene, claims: readonly Claimed[]): Pick<SpansJoined, 'pods' | 'unjoined'> {
  const isClaim = (claimed: Claimed): claimed is Claim => 'uid' in claimed;
  const byUid = Map.groupBy(claims.filter(isClaim), ({ uid }) => uid);
  const unjoined = claims.filter((claimed): claimed is Unjoined => !isClaim(claimed));
  const known = scene.pods.map((pod) => withNative(pod, byUid.get(pod.uid) ?? [], unjoined));
  const uids = new Set(scene.pods.map(({ uid }) => uid));
  const others = [...byUid].filter(([uid]) => !uids.has(uid));
  const made = others.map(([uid, own]) => withNative(podOf(uid, own), own, unjoined));
  const pods = [...known, ...made.filter(({ native = [] }) => native.length > 0)];
  return { pods: pods.sort((a, b) => byText(a.uid, b.uid)), unjoined };
}

function withNative(pod: PodEvidence, claims: readonly Claim[], unjoined: Unjoined[]): PodEvidence {
  if (claims.length === 0) return pod;
  const { placed, lost } = placeBoots(pod, bootsOf(claims.flatMap(({ spans }) => spans)));
  for (const boot of lost) {
    const [span] = boot.spans;
    const why = boot.isWhole
      ? 'of a known pod, but outside all its starts'
      : 'without the spans that enclose a start';
    if (span !== undefined) unjoined.push({ boot, traceId: span.traceId, why });
  }
  return placed.length === 0 ? pod : { ...pod, native: startsOf(placed) };
}

/** Two boots in one start (data-parallel engines, each with a trace of its own) are one. */
function startsOf(placed: readonly NativeStart[]): readonly NativeStart[] {
  const byStart = Map.groupBy(placed, ({ restart, process }) => `${restart}\0${process}`);
  return [...byStart.values()].flatMap((own) => {
    const [first] = own;
    const spans = own.flatMap((one) => one.spans).sort(bySpan);
    return first === undefined ? [] : [{ ...first, spans }];
  });
}

/** A pod that only its spans tell of. */
function podOf(uid: PodUid, claims: readonly Claim[]): PodEvidence {
  const spans = claims.flatMap((claim) => claim.spans);
  const told = <T>(pick: (span: NativeSpan) => T | undefined): T | undefined =>
    spans.map(pick).find((value) => value !== undefined);
  return {
    uid,
    uidSynthetic: claims.every(({ isSynthetic }) => isSynthetic),
    name: told(({ identity }) => identity.pod),
    namespace: told(({ identity }) => identity.namespace),
    story: undefined,
    logs: [],
  };
}
