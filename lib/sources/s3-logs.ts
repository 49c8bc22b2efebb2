// Logs in a bucket: the objects that may hold events of a window, as streams with the identity that their keys tell.

import type { Instant } from '../base/instant.ts';
import { byText } from '../base/text.ts';
import type { Refusal } from './aws/refusal.ts';
import { type Bounds, LOG_BOUNDS } from './bounded.ts';
import type { ByteStream, Source, SourceProblem } from './contract.ts';
import type { BucketApi, BucketPlace, ObjectFound } from './s3-logs/api.ts';
import { type Lane, laneOf } from './s3-logs/layout.ts';
import type { Meter } from './s3-logs/meter.ts';
import { preflight } from './s3-logs/preflight.ts';
import { placeOf, refused } from './s3-logs/problem.ts';
import { readLane } from './s3-logs/read-lane.ts';
import { type Troubles, troubles } from './s3-logs/troubles.ts';
import { walk } from './s3-logs/walk.ts';
import { isEmpty, type Reach, writtenWindow } from './s3-logs/window.ts';

export interface BucketQuestion extends BucketPlace {
  /** Events of [from, to). */
  readonly from: Instant;
  readonly to: Instant;
  readonly reach: Reach;
}

export interface BucketAccess {
  /** Patient, counted, within the budget. */
  readonly api: BucketApi;
  readonly meter: Meter;
  readonly signal: AbortSignal;
  readonly bounds?: Bounds;
}

/** Lists when it is opened; objects are only asked for when a stream is read. */
export function s3Logs(access: BucketAccess, question: BucketQuestion): Source {
  const found = troubles(access.meter);
  let region = '';
  return {
    name: 's3-logs',
    async *open() {
      if (isEmpty(question)) return;
      region = await access.api.region();
      yield* opened({ access, question, found }, region);
    },
    afterwards: () => found.told({ ...question, action: 'GetObject', region }),
    counts: access.meter.told,
  };
}

interface Reading {
  readonly access: BucketAccess;
  readonly question: BucketQuestion;
  readonly found: Troubles;
}

async function* opened(reading: Reading, region: string): AsyncIterable<ByteStream | SourceProblem> {
  const { access, question } = reading;
  const problem = await preflight(access.api, question);
  if (problem !== undefined) {
    yield problem;
    return;
  }
  const { lanes, refusal } = await plan(access, question);
  if (refusal !== undefined) yield refused(refusal, { ...question, action: 'ListBucket', region });
  else if (lanes.length === 0) yield nothing(question);
  for (const lane of lanes) yield streamOf(reading, lane);
}

interface LaneRead {
  readonly lane: Lane;
  readonly objects: readonly ObjectFound[];
}

interface Plan {
  readonly lanes: readonly LaneRead[];
  readonly refusal: Refusal | undefined;
}

/** In the order of keys, so that the same bucket is read in the same order. */
async function plan({ api, meter }: BucketAccess, question: BucketQuestion): Promise<Plan> {
  const window = writtenWindow(question, question.reach);
  const objects: ObjectFound[] = [];
  const walking = walk({ api, place: question, window, reach: question.reach, meter });
  let step = await walking.next();
  for (; step.done !== true; step = await walking.next()) objects.push(step.value);
  return { lanes: lanesOf(objects), refusal: step.value };
}

function lanesOf(objects: readonly ObjectFound[]): readonly LaneRead[] {
  const lanes = new Map<string, { lane: Lane; objects: ObjectFound[] }>();
  for (const object of objects.toSorted((a, b) => byText(a.key, b.key))) {
    const lane = laneOf(object.key);
    if (lane === undefined) continue;
    const known = lanes.get(lane.lane);
    if (known === undefined) lanes.set(lane.lane, { lane, objects: [object] });
    else known.objects.push(object);
  }
  return [...lanes.values()];
}

function streamOf({ access, question, found }: Reading, { lane, objects }: LaneRead): ByteStream {
  const { bucket } = question;
  const { name, identity, previous } = lane;
  const { bounds = LOG_BOUNDS, ...reading } = access;
  return {
    kind: 'stream',
    where: placesText(bucket, objects),
    name,
    identity,
    previous,
    modified: objects.at(-1)?.modified,
    size: objects.reduce((sum, { size }) => sum + size, 0),
    hasSize: true,
    asked: true,
    chunks: (onRead) => readLane({ ...reading, bucket, bounds, found, onRead }, objects),
  };
}

const placesText = (bucket: string, [first, ...others]: readonly ObjectFound[]): string => {
  const place = placeOf({ bucket, prefix: first?.key ?? '' });
  return others.length === 0 ? place : `${place} and ${others.length} more of the same log`;
};

const nothing = (question: BucketQuestion): SourceProblem => ({
  kind: 'problem',
  where: placeOf(question),
  expected: 'objects that were written in the window',
  came: 'none',
  asked: false,
  what: 's3_objects.none',
  remedy:
    'Check --since and --until. Dates in keys are taken for UTC, and of objects without a date LastModified counts: copies have a later one.',
});
