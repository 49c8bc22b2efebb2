// A scene for faults: recorded evidence in a store, a clock that is set by hand, a destination over HTTP, and runs.
//
// What is expected is what `replay` tells of the same recordings: the same spans, the same points.

import { globSync, readFileSync } from 'node:fs';
import { analyze, RHYTHM } from '../../lib/analyze.ts';
import type { Rhythm, RunDeps, RunJob, RunTold } from '../../lib/analyze-types.ts';
import {
  after,
  before,
  type Duration,
  duration,
  type Instant,
  instant,
  parseInstant,
  SECOND,
  seconds,
} from '../../lib/base/instant.ts';
import type { JsonObject } from '../../lib/base/json.ts';
import type { CloudwatchConfig } from '../../lib/cloudwatch-types.ts';
import type { ExportSettings } from '../../lib/export-settings.ts';
import type { OtlpSettings } from '../../lib/exporters/otlp-settings.ts';
import { storeNew } from '../../lib/ledger/collected.ts';
import type { ObjectStore } from '../../lib/ledger/contract.ts';
import type { Ledger } from '../../lib/ledger/ledger.ts';
import { SAFETY_DELAY, type Slice } from '../../lib/ledger/window.ts';
import type { Startup } from '../../lib/model/startup.ts';
import { replay } from '../../lib/pipeline.ts';
import type { Answer, ReplayRequest } from '../../lib/pipeline-types.ts';
import { readWindow } from '../../lib/read-window.ts';
import { shippingTo } from '../../lib/shipping.ts';
import { rawPoints } from '../../lib/telemetry/points/to-points.ts';
import { toTraces } from '../../lib/telemetry/to-trace.ts';
import { memoryStore } from '../ledger/memory-store.ts';

/** Recorded between 01:43 and 02:07; seven pods, some of which start several times. */
export const RECORDINGS = [
  'crashloop',
  'imagepullbackoff',
  'oom',
  'sidecar',
  'startupprobe',
  'vllm-cold-image',
] as const;

export type Recording = (typeof RECORDINGS)[number];

export const at = (text: string): Instant => parseInstant(text) ?? instant(0n);

/** When all of them are final. */
export const LATER = at('2026-11-22T03:00:00Z');

export const minutes = (count: number): Duration => seconds(60 * count);

export const EPOCH_STEP = RHYTHM.step;

export const settingsFor = (sending: Partial<ExportSettings['sending']> = {}): ExportSettings => ({
  trace: { traceIdScheme: 'md5', serviceName: 'vllm-startup' },
  sending: { destination: 'otlp', tooOld: 'refuse', metrics: true, ...sending },
});

/** Pods and events of a recording, as the API server gave them. */
const objectsOf = (recording: Recording): readonly JsonObject[] =>
  ['pods', 'events'].flatMap(
    (name) => JSON.parse(readFileSync(`fixtures/${recording}/evidence/${name}.json`, 'utf8')).items,
  );

export const logsOf = (recordings: readonly Recording[]): readonly string[] =>
  recordings.flatMap((recording) => globSync(`fixtures/${recording}/evidence/var-log-pods*`));

export interface Scene {
  readonly store: ObjectStore;
  readonly settings: ExportSettings;
  readonly recordings: readonly Recording[];
  clock: Instant;
  /** What was waited for, which moves the clock and nothing else. */
  readonly waits: Duration[];
  /** Where logs come from: files unless a group is named. */
  logs: { readonly paths: readonly string[]; readonly cloudwatch?: CloudwatchConfig };
  url: string;
  rhythm: Rhythm;
  /** Counts runs, so that each has a name of its own. */
  runs: number;
  source: string;
  /** How long a run may go on. */
  longest: Duration;
  /** How long an answer is waited for: the SDK, which knows nothing of the clock here, tries again for as long. */
  timeout: Duration;
}

export interface SceneOptions {
  readonly url: string;
  readonly store?: ObjectStore;
  readonly recordings?: readonly Recording[];
  readonly sending?: Partial<ExportSettings['sending']>;
  readonly clock?: Instant;
}

/** Nothing is collected yet. */
export function newScene({
  url,
  store,
  recordings = RECORDINGS,
  sending,
  clock = LATER,
}: SceneOptions): Scene {
  return {
    store: store ?? memoryStore(),
    settings: settingsFor(sending),
    recordings,
    clock,
    waits: [],
    logs: { paths: logsOf(recordings) },
    url,
    rhythm: RHYTHM,
    runs: 0,
    source: 'analyze',
    longest: minutes(14),
    timeout: seconds(2),
  };
}

export async function openScene(options: SceneOptions): Promise<Scene> {
  const scene = newScene(options);
  await collect(scene);
  return scene;
}

/** As `coldtrace collect` stores it: at ten past two all of it was there. */
export async function collect(scene: Scene, recordings = scene.recordings): Promise<void> {
  const arrival = at('2026-11-22T02:10:00Z');
  await storeNew(ledgerOf(scene, 'collect'), 'lab', { objects: recordings.flatMap(objectsOf), arrival });
}

export function ledgerOf(scene: Scene, run: string, store = scene.store): Ledger {
  let writes = 0;
  const newId = () => {
    writes += 1;
    return `${run}/${writes}`;
  };
  return { store, run, now: () => scene.clock, newId };
}

export const patienceOf = (scene: Scene) => ({
  sleep: async (time: Duration) => {
    scene.waits.push(time);
    pass(scene, time);
  },
  random: () => 0.5,
});

const REQUEST: ReplayRequest = { paths: [], filters: {}, identity: {}, clock: {} };

const otlp = (url: string, timeout: Duration): OtlpSettings => ({
  url,
  protocol: 'http/protobuf',
  headers: {},
  compression: 'none',
  timeout,
});

export interface RunOptions {
  readonly run?: string;
  /** The same store behind a fault. */
  readonly store?: ObjectStore;
  readonly read?: RunDeps['read'];
}

export interface Runnable {
  readonly job: RunJob;
  readonly deps: RunDeps;
}

/** All of a run but the door. */
export async function runnable(scene: Scene, { run, store, read }: RunOptions = {}): Promise<Runnable> {
  scene.runs += 1;
  const ledger = ledgerOf(scene, run ?? `run-${scene.runs}`, store);
  const { settings, url, rhythm, source, timeout } = scene;
  const traces =
    settings.sending.destination === 'prometheus' ? undefined : otlp(`${url}/v1/traces`, timeout);
  const metrics = settings.sending.metrics ? otlp(`${url}/v1/metrics`, timeout) : undefined;
  const patience = patienceOf(scene);
  const shipping = await shippingTo({ traces, metrics, dryRun: false }, settings, { ledger, patience });
  const terms = { ttl: minutes(15), skew: minutes(1) };
  const job = { source, terms, rhythm, settings, deadline: after(scene.clock, scene.longest) };
  return { job, deps: { ledger, shipping, read: read ?? ((window) => readScene(scene, ledger, window)) } };
}

export function readScene(scene: Scene, ledger: Ledger, window: Slice): Promise<Answer> {
  const { paths, cloudwatch } = scene.logs;
  const patience = patienceOf(scene);
  const pause = (time: Duration): Promise<void> => patience.sleep(time);
  const interrupted = (): AbortSignal => new AbortController().signal;
  const deps = { now: ledger.now, patience, pause, interrupted };
  const remote = cloudwatch === undefined ? undefined : { cloudwatch };
  return readWindow(ledger, { paths, remote, request: REQUEST }, { window, deps });
}

/** One scheduled run. */
export async function runOnce(scene: Scene, options: RunOptions = {}): Promise<RunTold> {
  const { job, deps } = await runnable(scene, options);
  const told = await analyze(job, deps);
  await deps.shipping.close();
  return told;
}

/** Runs 20 min apart, longer than a lease lasts, until one has nothing to complain of. */
export async function recover(scene: Scene, most = 3): Promise<readonly RunTold[]> {
  const runs: RunTold[] = [];
  while (runs.length < most && runs.at(-1)?.status !== 'ok') {
    pass(scene, minutes(20));
    runs.push(await runOnce(scene));
  }
  return runs;
}

export function pass(scene: Scene, time: Duration): void {
  scene.clock = after(scene.clock, time);
}

/** Where the watermark has to stand at a moment. */
export function targetOf(now: Instant): Instant {
  const to = before(now, SAFETY_DELAY);
  return instant(to - (to % RHYTHM.step));
}

export const toldBy = async (recordings: readonly Recording[]): Promise<readonly Startup[]> => {
  const paths = recordings.map((recording) => `fixtures/${recording}/evidence`);
  const deps = { now: () => LATER, stdin: nothing(), progress: () => undefined };
  return (await replay({ ...REQUEST, paths }, deps)).startups;
};

async function* nothing(): AsyncGenerator<Uint8Array> {}

export const expectedTraces = (startups: readonly Startup[]) => toTraces(startups, settingsFor().trace);

export const expectedPoints = (startups: readonly Startup[]) => rawPoints(startups).points;

export const secondsOf = (time: Duration): number => Number(time / SECOND);

export const noTime = duration(0n);
