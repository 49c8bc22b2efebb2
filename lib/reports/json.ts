// The answer as `coldtrace/v1` JSON. schema.ts describes it; here only its type is used, so zod is not loaded.

import { type Duration, formatInstant, toSeconds } from '../base/instant.ts';
import { sortedTally } from '../base/tally.ts';
import { byText } from '../base/text.ts';
import { spanIdOf, traceIdOf } from '../model/ids.ts';
import type { FactValue, Proof } from '../model/mark.ts';
import { gapKey, phaseKey, rootKey } from '../model/span-key.ts';
import type {
  Failure,
  Gap,
  NativeRow,
  Phase,
  PlacedProof,
  Ranks,
  Startup,
  StartupPod,
} from '../model/startup.ts';
import type { Telling, Told } from './contract.ts';
import { groupOf } from './group-json.ts';
import type { AnswerV1, PhaseV1, StartupV1 } from './schema.ts';
import { isLengthKnown } from './words.ts';

type Facts = Readonly<Record<string, FactValue>>;

/** Deterministic: the same answer gives the same bytes. Absent fields are left out. */
export const jsonReport = (told: Told, telling: Pick<Telling, 'traceIdScheme'>): string =>
  [...jsonPieces(told, telling)].join('');

/** The same text startup by startup: that of ten thousand pods is 100 MB long. */
export function* jsonPieces(told: Told, telling: Pick<Telling, 'traceIdScheme'>): Iterable<string> {
  const { schema, tally, problems } = answerOf({ ...told, startups: [] }, telling);
  const frame = `${JSON.stringify({ schema, startups: [], tally, problems }, undefined, 2)}\n`;
  // The schema's own text holds no bracket.
  const at = frame.indexOf('[') + 1;
  yield frame.slice(0, at);
  for (const [index, startup] of told.startups.entries()) {
    const text = JSON.stringify(startupOf(startup, telling), undefined, 2);
    yield `${index === 0 ? '' : ','}\n    ${text.replaceAll('\n', '\n    ')}`;
  }
  yield `${told.startups.length === 0 ? '' : '\n  '}${frame.slice(at)}`;
}

/** The object that is printed; key order is that of the schema. */
export function answerOf(
  { startups, tally, problems }: Told,
  telling: Pick<Telling, 'traceIdScheme'>,
): AnswerV1 {
  return {
    schema: 'coldtrace/v1',
    startups: startups.map((startup) => startupOf(startup, telling)),
    tally: { ...sortedTally(tally) },
    problems: problems.map(({ what, where, expected, came }) => ({ what, where, expected, came })),
  };
}

function startupOf(startup: Startup, { traceIdScheme }: Pick<Telling, 'traceIdScheme'>): StartupV1 {
  return {
    pod: podOf(startup.pod),
    attributes: factsOf(startup.attributes),
    trace_id: traceIdOf(startup.pod.uid, traceIdScheme),
    span_id: spanIdOf(rootKey(startup)),
    attempt: startup.attempt,
    container: startup.container,
    restart_count: startup.restart,
    ...(startup.engine === undefined ? {} : { engine: startup.engine }),
    ...resultOf(startup),
    ...timesOf(startup),
    evidence: startup.evidence.map(placedProofOf),
    phases: startup.phases.map((phase) => phaseOf(startup, phase)),
    gaps: startup.gaps.map((gap) => gapOf(startup, gap)),
    missing: startup.missing.map(({ phase, why, legitimate }) => ({ phase, why, legitimate })),
    ...(startup.conflicts.length === 0
      ? {}
      : { conflicts: startup.conflicts.map(({ what, says }) => ({ what, says })) }),
    ...(startup.group === undefined ? {} : { group: groupOf(startup.group, traceIdScheme) }),
    ...(startup.nativeSpans === undefined ? {} : { native_spans: startup.nativeSpans.map(nativeRowOf) }),
    ...(startup.advice.length === 0 ? {} : { advice: [...startup.advice] }),
  };
}

const podOf = ({ uid, uidSynthetic, name, namespace, node }: StartupPod): StartupV1['pod'] => ({
  uid,
  uid_synthetic: uidSynthetic,
  ...(name === null ? {} : { name }),
  ...(namespace === null ? {} : { namespace }),
  node,
});

function resultOf({ outcome, class: warmth, failure, silent, note }: Startup) {
  return {
    outcome,
    class: warmth,
    ...(failure === undefined ? {} : { failure: failureOf(failure) }),
    ...(silent === undefined
      ? {}
      : {
          silent: {
            phase: silent.phase,
            since: formatInstant(silent.since),
            seconds: toSeconds(silent.lasting),
          },
        }),
    ...(note === undefined ? {} : { note }),
  };
}

const failureOf = ({ phase, cause, evidence }: Failure) => ({
  ...(phase === undefined ? {} : { phase }),
  cause,
  evidence: proofOf(evidence),
});

function timesOf(startup: Startup) {
  const { podTotal, coverage, lengthUnknown } = startup;
  return {
    ...momentsOf(startup),
    ...(podTotal === undefined ? {} : { pod_total_seconds: toSeconds(podTotal) }),
    ...(lengthUnknown === true ? {} : { coverage: Math.round(coverage * 1e6) / 1e6 }),
  };
}

/** Unknown is not zero: of a log without a clock only the lengths that the program printed are told, of reversed ends none. */
function momentsOf(of: Startup | Phase) {
  const { duration_seconds: length, ...ends } = intervalOf(of.start.at, of.end.at);
  return { ...ends, ...(isLengthKnown(of) ? { duration_seconds: length } : {}) };
}

const intervalOf = (start: Gap['start'], end: Gap['end']) => ({
  start: formatInstant(start),
  end: formatInstant(end),
  duration_seconds: Number(end - start) / 1e9,
});

function phaseOf(startup: Startup, phase: Phase): PhaseV1 {
  const { name, parent, occurrence, container, start, end, certainty, reported, ranks, clamped } = phase;
  return {
    name,
    parent,
    occurrence,
    container,
    ...momentsOf(phase),
    ...(reported === undefined ? {} : { reported_seconds: reported }),
    certainty,
    precision_seconds: [toSeconds(start.precision), toSeconds(end.precision)],
    ...(ranks === undefined ? {} : { ranks: ranksOf(ranks) }),
    span_id: spanIdOf(phaseKey(startup, phase)),
    evidence: phase.evidence.map(placedProofOf),
    ...(clamped === undefined ? {} : { clamped }),
    attributes: sorted(phase.attributes),
  };
}

function nativeRowOf(row: NativeRow): NonNullable<StartupV1['native_spans']>[number] {
  const { name, count, phase, failed, said, startApart, endApart, note } = row;
  return {
    name,
    count,
    start: formatInstant(row.start.at),
    end: formatInstant(row.end.at),
    duration_seconds: toSeconds(row.length),
    ...(failed ? { failed } : {}),
    ...(phase === undefined ? {} : { phase }),
    ...(said === undefined ? {} : { log: saidOf(said) }),
    ...(startApart === undefined ? {} : { start_apart_seconds: toSeconds(startApart) }),
    ...(endApart === undefined ? {} : { end_apart_seconds: toSeconds(endApart) }),
    ...(note === undefined ? {} : { note }),
  };
}

const saidOf = ({ start, end, certainty }: NonNullable<NativeRow['said']>) => ({
  ...(end === undefined ? { start: formatInstant(start.at) } : intervalOf(start.at, end.at)),
  certainty,
});

const ranksOf = ({ count, slowest, spread }: Ranks) => ({
  count,
  slowest,
  spread_seconds: secondsOf(spread),
});

const secondsOf = (length: Duration): number => toSeconds(length);

const gapOf = (startup: Startup, gap: Gap): StartupV1['gaps'][number] => ({
  parent: gap.parent,
  ...intervalOf(gap.start, gap.end),
  span_id: spanIdOf(gapKey(startup, gap)),
  ...(gap.before === undefined ? {} : { after: gap.before.text }),
  ...(gap.next === undefined ? {} : { before: gap.next.text }),
});

const proofOf = ({ source, line, text, rule }: Proof) => ({
  source,
  ...(line === undefined ? {} : { line }),
  text,
  rule,
});

const placedProofOf = (proof: PlacedProof) => ({ at: proof.at, ...proofOf(proof) });

const SEED = [
  'endpoint_name',
  'model_name',
  'gpu_type',
  'num_gpus',
  'node_name',
  'namespace',
  'image_tag',
  'region',
];

/** The seed's names first, in its order; the others after them by name. */
function factsOf(facts: Facts): Record<string, FactValue> {
  const first = SEED.filter((name) => Object.hasOwn(facts, name));
  const others = Object.keys(facts).filter((name) => !SEED.includes(name));
  return pick(facts, [...first, ...others.toSorted(byText)]);
}

const sorted = (facts: Facts): Record<string, FactValue> => pick(facts, Object.keys(facts).toSorted(byText));

const pick = (facts: Facts, names: readonly string[]): Record<string, FactValue> =>
  Object.fromEntries(names.flatMap((name) => (facts[name] === undefined ? [] : [[name, facts[name]]])));
