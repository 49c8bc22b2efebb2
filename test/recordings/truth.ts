// The truth of our recorded pods, and how a border that coldtrace tells is held against it.
//
// A border is right when it equals any one witness of the truth within 1 ms, or lies
// within 100 ms (or its own told precision) of what the stopwatch took as truth.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CHECKOUT } from '../run-program.ts';

export const RECORDINGS = join(CHECKOUT, '..', 'shared', 'recordings', 'kubernetes');

export const hasRecordings = existsSync(RECORDINGS);

const nanoseconds = z.number().nullish();

const border = z
  .looseObject({ ns: nanoseconds, alternatives_ns: z.record(z.string(), nanoseconds).optional() })
  .nullish();

const attempt = z.looseObject({ started_ns: nanoseconds, exited_ns: nanoseconds });

const pull = z.looseObject({
  kind: z.string().nullish(),
  end_event_ns: nanoseconds,
  end_containerd_ns: nanoseconds,
  pulling_event_ns: nanoseconds,
  start_containerd_ns: nanoseconds,
  start_best_ns: nanoseconds,
  transfer_start_best_ns: nanoseconds,
});

const container = z.looseObject({
  name: z.string(),
  kind: z.string(),
  attempts: z.array(attempt).nullish(),
  pulls: z.array(pull).nullish(),
});

const pod = z.looseObject({
  pod: z.string(),
  uid: z.string(),
  borders: z.looseObject({ created: border, scheduled: border, sandbox_ready: border, ready: border }),
  containers: z.array(container),
  outcome: z.looseObject({ ready_at_end: z.boolean().nullish() }),
});

const truth = z.looseObject({ pods: z.array(pod) });

export type TruePod = z.infer<typeof pod>;

/** Scenario folders that have a truth file. */
export const SCENARIOS: readonly string[] = hasRecordings
  ? readdirSync(RECORDINGS).filter((name) => existsSync(join(RECORDINGS, name, 'truth.json')))
  : [];

// A number of JSON is good to some 200 ns at this size: far below the 1 ms that is asked for.
export const truthOf = (scenario: string): readonly TruePod[] =>
  truth.parse(JSON.parse(readFileSync(join(RECORDINGS, scenario, 'truth.json'), 'utf8'))).pods;

/** What is true of one border. */
export interface TrueBorder {
  readonly name: string;
  readonly phase: string;
  readonly side: 'start' | 'end';
  readonly container?: string;
  readonly at: number;
  readonly witnesses: readonly number[];
}

export const trueBorders = (of: TruePod): readonly TrueBorder[] => [
  ...fromBorder('scheduled', { phase: 'pod_pending', side: 'end', of: of.borders.scheduled }),
  ...fromBorder('created', { phase: 'endpoint_startup', side: 'start', of: of.borders.created }),
  ...fromBorder('sandbox', { phase: 'pod_sandbox', side: 'end', of: of.borders.sandbox_ready }),
  ...fromBorder('ready', { phase: 'readiness_lag', side: 'end', of: of.borders.ready }),
  ...of.containers.flatMap(ofContainer),
];

function fromBorder(
  name: string,
  { phase, side, of }: { phase: string; side: 'start' | 'end'; of: z.infer<typeof border> },
): readonly TrueBorder[] {
  if (of?.ns === undefined || of.ns === null) return [];
  return [{ name, phase, side, at: of.ns, witnesses: known(Object.values(of.alternatives_ns ?? {})) }];
}

const known = (all: readonly (number | null | undefined)[]): readonly number[] =>
  all.filter((one) => typeof one === 'number');

type TrueContainer = TruePod['containers'][number];

function ofContainer(of: TrueContainer): readonly TrueBorder[] {
  const starts =
    of.kind === 'main' ? (of.attempts ?? []).flatMap((one) => startOf(of.name, one.started_ns)) : [];
  const end = of.kind === 'init' ? of.attempts?.at(-1)?.exited_ns : undefined;
  const over = typeof end === 'number' ? [initEnd(of.name, end)] : [];
  return [...starts, ...over, ...(of.pulls ?? []).flatMap((one) => pullBorders(of.name, one))];
}

const startOf = (container: string, at: number | null | undefined): readonly TrueBorder[] =>
  typeof at === 'number'
    ? [{ name: 'started', phase: 'container_creating', side: 'end', container, at, witnesses: [at] }]
    : [];

const initEnd = (container: string, at: number): TrueBorder => ({
  name: 'init ended',
  phase: 'init_container',
  side: 'end',
  container,
  at,
  witnesses: [],
});

function pullBorders(name: string, one: z.infer<typeof pull>): readonly TrueBorder[] {
  if (one.kind !== 'pulled') return [];
  const ends = known([one.end_event_ns, one.end_containerd_ns]);
  const starts = known([
    one.start_best_ns,
    one.pulling_event_ns,
    one.start_containerd_ns,
    one.transfer_start_best_ns,
  ]);
  const common = { phase: 'image_pull', container: name } as const;
  return [
    ...ends
      .slice(0, 1)
      .map((at) => ({ ...common, name: 'pulled', side: 'end' as const, at, witnesses: ends })),
    ...starts
      .slice(0, 1)
      .map((at) => ({ ...common, name: 'pulling', side: 'start' as const, at, witnesses: starts })),
  ];
}
