// The public schema `coldtrace/v1`: what `replay --format json` prints.
//
// The schema is the type: json.ts builds exactly this. Within v1 fields are only
// added, and only together with this file. docs/coldtrace-v1.schema.json is made
// of it by `npm run docs`, and a test checks that it is current.

import * as z from 'zod';
import { PHASE_NAMES, type PhaseName } from '../model/phase.ts';

export const SCHEMA = 'coldtrace/v1';

const says = <T extends z.ZodType>(type: T, text: string): T => type.describe(text);

const instant = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/)
  .meta({ id: 'instant', description: 'RFC 3339 in UTC, always nine fraction digits' });
const seconds = z.number().describe('seconds');
const phaseName = z.enum(phaseNames()).meta({ id: 'phase_name', description: 'Name in the phase table' });
const factValue = z.union([z.string(), z.number(), z.boolean()]);
const container = says(z.string().nullable(), 'Container name; null on pod level');
const spanId = says(z.string().regex(/^[0-9a-f]{16}$/), 'Id of the span that is exported for it');

const proof = z
  .strictObject({
    source: says(
      z.string(),
      'Where it was said: pod/container/run, a base name, event/NAME, pod/NAME. Never a path',
    ),
    line: says(z.int().min(1).exactOptional(), 'Line number, counted from 1, lines split at LF only'),
    text: says(z.string(), 'The line, secrets replaced, cut'),
    rule: says(z.string(), 'Id of the rule that spoke'),
  })
  .meta({ id: 'proof' });

const placedProof = z
  .strictObject({
    at: says(z.enum(['start', 'end']), 'Which end it proves'),
    ...proof.shape,
  })
  .meta({ id: 'placed_proof' });

const ranks = z
  .strictObject({
    count: says(z.int(), 'How many ranks told of it'),
    slowest: says(z.string(), 'The rank that ended last'),
    spread_seconds: says(seconds, 'Seconds between the first and the last rank to end'),
  })
  .meta({ id: 'ranks' });

const phase = z
  .strictObject({
    name: phaseName,
    parent: says(phaseName, 'Where it belongs in the table, which says nothing about when it was'),
    occurrence: says(z.int().min(0), 'Index among the disjoint intervals of this phase'),
    container,
    start: instant,
    end: says(instant, 'The end of the startup when certainty is open'),
    duration_seconds: says(
      seconds.exactOptional(),
      'end − start; absent when it is not known: the log has no clock and the program printed no length, or the end was seen before the beginning (conflicts say so)',
    ),
    reported_seconds: says(seconds.exactOptional(), 'Seconds that the program itself printed'),
    certainty: says(
      z.enum(['observed', 'derived', 'open']),
      'observed: both ends seen; derived: an end was computed or borrowed; open: never ended',
    ),
    precision_seconds: says(z.tuple([seconds, seconds]), 'Each end lies in [t, t + precision)'),
    ranks: ranks.exactOptional(),
    span_id: spanId,
    evidence: says(
      z.array(placedProof),
      'What proves each end; the first of each side is the one that was taken',
    ),
    clamped: says(z.string().exactOptional(), 'Why and where an end was moved'),
    attributes: says(z.record(z.string(), factValue), 'Facts about this phase'),
  })
  .meta({ id: 'phase' });

const gap = z
  .strictObject({
    parent: says(phaseName, 'The phase whose children leave it unexplained'),
    start: instant,
    end: instant,
    duration_seconds: seconds,
    span_id: spanId,
    after: says(z.string().exactOptional(), 'The line before the silence'),
    before: says(z.string().exactOptional(), 'The line after the silence'),
  })
  .meta({ id: 'gap' });

const missing = z
  .strictObject({
    phase: phaseName,
    why: z.string(),
    legitimate: says(
      z.boolean(),
      'true: it rightly did not happen; false: a marker that should be there was not found',
    ),
  })
  .meta({ id: 'missing' });

const member = z
  .strictObject({
    pod: says(z.string(), "The pod's name; of a bare log, the name of the file"),
    uid: z.string(),
    trace_id: z.string().regex(/^[0-9a-f]{32}$/),
    span_id: says(spanId, 'Id of the root span of that startup'),
    attempt: says(z.int().min(0), 'Which attempt of that pod'),
    role: z.enum(['leader', 'worker']),
    rank: says(z.int().min(0).exactOptional(), 'Its index in the group, 0 for a leader'),
    because: says(z.string(), 'What proves that it belongs to the group'),
    joined: says(instant.exactOptional(), 'When it had found its head'),
    ready: says(instant.exactOptional(), 'When its start was over, if it got there'),
  })
  .meta({ id: 'group_member' });

const slowest = z.strictObject({
  pod: z.string(),
  uid: z.string(),
  by: says(z.enum(['joined', 'engine_ready', 'container_started']), 'By what the members are compared'),
  at: says(instant.exactOptional(), 'Absent: it never got there'),
  after: says(
    z.enum(['first', 'leader']),
    'Counted from the first other member, or from when the leader began to wait',
  ),
  seconds: says(seconds, 'Until it got there, or until the start of the leader ended without it'),
  meanwhile: says(
    z.strictObject({ what: z.union([phaseName, z.enum(['gap', 'not_created'])]), seconds }).exactOptional(),
    'What it did for most of that time; absent when that is not known',
  ),
  evidence: proof.exactOptional(),
});

const group = z
  .strictObject({
    kind: says(
      z.enum(['leaderworkerset', 'raycluster', 'ray', 'vllm']),
      'The first two by labels, the others by what logs and commands say of a head node',
    ),
    name: z.string(),
    index: says(z.int().min(0).exactOptional(), 'Which replica of the set'),
    size: says(z.int().min(1).exactOptional(), 'Pods of the whole group as declared; absent: nobody said'),
    role: z.enum(['leader', 'worker']),
    rank: z.int().min(0).exactOptional(),
    leader: says(member.exactOptional(), "Of a worker: its leader's startup, when it is in the evidence"),
    members: says(z.array(member).exactOptional(), 'Of a leader: itself, then its workers'),
    slowest: says(slowest.exactOptional(), 'Whom the others waited for, when that can be told'),
  })
  .meta({ id: 'group' });
const nativeSpan = z
  .strictObject({
    name: says(z.string(), 'As vLLM names it'),
    count: says(z.int().min(1), 'How many alike: ranks, or pieces'),
    start: instant,
    end: instant,
    duration_seconds: says(seconds, 'end − start; of pieces that do not overlap their sum'),
    failed: says(z.boolean().exactOptional(), 'true: it ended with an error'),
    phase: says(phaseName.exactOptional(), 'The phase that it is a witness of'),
    log: says(
      z
        .strictObject({
          start: instant,
          end: says(instant.exactOptional(), 'Absent when it never ended'),
          duration_seconds: seconds.exactOptional(),
          certainty: z.enum(['observed', 'derived', 'open']),
        })
        .exactOptional(),
      'That phase by the log alone',
    ),
    start_apart_seconds: says(seconds.exactOptional(), 'Start of the span − start by the log'),
    end_apart_seconds: says(seconds.exactOptional(), 'End of the span − end by the log'),
    note: says(z.string().exactOptional(), 'What a difference beyond precision means'),
  })
  .meta({ id: 'native_span' });

const startup = z
  .strictObject({
    pod: z.strictObject({
      uid: z.string(),
      uid_synthetic: says(z.boolean(), 'true: no pod claims this log; the uid is derived from what it says'),
      name: z.string().exactOptional(),
      namespace: z.string().exactOptional(),
      node: says(z.string().nullable(), 'null: not known'),
    }),
    attributes: says(
      z.record(z.string(), factValue),
      'endpoint_name, model_name, gpu_type, num_gpus, node_name, namespace, image_tag, region and what else is known',
    ),
    trace_id: says(
      z.string().regex(/^[0-9a-f]{32}$/),
      'md5 of the pod uid, unless another scheme was chosen',
    ),
    span_id: says(spanId, 'Id of the root span'),
    attempt: says(z.int().min(0), '0 for the first attempt of the pod'),
    container,
    restart_count: says(z.int().min(0), 'Restarts of that container before this attempt'),
    engine: says(
      z.strictObject({ name: z.string(), version: z.string().exactOptional() }).exactOptional(),
      'The engine, when its lines were seen',
    ),
    outcome: z.enum(['ready', 'failed', 'incomplete']),
    class: z.enum(['cold', 'warm', 'hot', 'unknown']),
    failure: says(
      z
        .strictObject({
          phase: phaseName.exactOptional(),
          cause: says(z.string(), 'The first cause, not the last line'),
          evidence: proof,
        })
        .exactOptional(),
      'Why it failed, or what went wrong in an incomplete start',
    ),
    silent: says(
      z.strictObject({ phase: phaseName, since: instant, seconds }).exactOptional(),
      'Of an incomplete start: the phase of which nothing more was heard, and for how long',
    ),
    note: z.string().exactOptional(),
    start: instant,
    end: instant,
    duration_seconds: says(
      seconds.exactOptional(),
      'end − start; absent when it is not known: the log has no clock, or the end was seen before the beginning (conflicts say so), or never (a run known by its number only)',
    ),
    pod_total_seconds: says(
      seconds.exactOptional(),
      'On the last of several attempts: since the pod was created',
    ),
    coverage: says(
      z.number().min(0).max(1).exactOptional(),
      'Share of the startup that is not in gaps; absent when duration_seconds is, though there is a clock',
    ),
    evidence: says(z.array(placedProof), 'What proves the ends of the startup itself'),
    phases: z.array(phase),
    gaps: z.array(gap),
    missing: z.array(missing),
    conflicts: says(
      z.array(z.strictObject({ what: z.string(), says: z.string() })).exactOptional(),
      'Witnesses that contradict each other',
    ),
    group: says(group.exactOptional(), 'The pods that start one endpoint together'),
    native_spans: says(
      z.array(nativeSpan).exactOptional(),
      "vLLM's own spans of this start beside what the log alone says",
    ),
    advice: says(z.array(z.string()).exactOptional(), 'What evidence would make the answer better next time'),
  })
  .meta({ id: 'startup' });

const problem = z
  .strictObject({
    what: says(z.string(), 'Name in the tally'),
    where: z.string(),
    expected: z.string(),
    came: z.string(),
  })
  .meta({ id: 'problem' });

export const answerSchema = z
  .strictObject({
    schema: z.literal(SCHEMA),
    startups: says(z.array(startup), 'Ordered by pod, then time'),
    tally: says(z.record(z.string(), z.number()), 'Everything read, matched, unmatched and dropped, by name'),
    problems: says(z.array(problem), 'What could not be read or understood'),
  })
  .describe('Where the time of LLM endpoint cold starts went, as told by coldtrace');

export type AnswerV1 = z.infer<typeof answerSchema>;
export type StartupV1 = AnswerV1['startups'][number];
export type GroupV1 = NonNullable<StartupV1['group']>;
export type PhaseV1 = StartupV1['phases'][number];

/** The JSON Schema (2020-12) for docs/, as text. */
export function exportJsonSchema(): string {
  const { $schema, ...rest } = z.toJSONSchema(answerSchema, { target: 'draft-2020-12', reused: 'inline' });
  const head = { $schema, $id: 'urn:coldtrace:schema:v1', title: SCHEMA };
  return `${JSON.stringify({ ...head, ...rest }, undefined, 2)}\n`;
}

/** zod wants a list that is known not to be empty. */
function phaseNames(): [PhaseName, ...PhaseName[]] {
  const [first = 'endpoint_startup', ...rest] = PHASE_NAMES;
  return [first, ...rest];
}
