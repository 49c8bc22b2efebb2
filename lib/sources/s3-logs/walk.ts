// Finds the objects that may hold events of a window, without listing what the folders of dates rule out.

import type { Refusal } from '../aws/refusal.ts';
import type { BucketApi, BucketPlace, Listing, ListQuestion, ObjectFound } from './api.ts';
import { laneOf } from './layout.ts';
import type { Meter } from './meter.ts';
import { isInside, judge, partitionOf, type Reach, touches, type Window } from './window.ts';

export interface Walking {
  readonly api: BucketApi;
  readonly place: BucketPlace;
  /** When objects are written that may hold what is asked for. */
  readonly window: Window;
  readonly reach: Reach;
  readonly meter: Meter;
}

/** Deeper folders that name no time are listed as one: each would cost a call. */
const DEEPEST = 6;

type Found = AsyncGenerator<ObjectFound, Refusal | undefined>;

/** Returns why it ended early, if it did. */
export const walk = (walking: Walking): Found => walkBelow(walking, walking.place.prefix, 0);

async function* walkBelow(walking: Walking, prefix: string, depth: number): Found {
  const { bucket } = walking.place;
  const byFolder = depth < DEEPEST && !isSettled(prefix, walking.window);
  let token: string | undefined;
  do {
    const page = await nextPage(walking, { bucket, prefix, byFolder, token });
    if ('code' in page) return page;
    yield* page.objects.filter((object) => isWanted(walking, object));
    for (const below of page.prefixes.filter((one) => mayHold(walking, one))) {
      const refusal = yield* walkBelow(walking, below, depth + 1);
      if (refusal !== undefined) return refusal;
    }
    token = page.next;
  } while (token !== undefined);
  return undefined;
}

async function nextPage({ api }: Walking, question: ListQuestion): Promise<Listing | Refusal> {
  const listed = await api.list(question);
  if (!listed.ok) return listed.error;
  return listed.value.next !== undefined && listed.value.next === question.token ? LOOP : listed.value;
}

const LOOP: Refusal = {
  code: 'SameToken',
  says: 'the answer to a token was the same token: listing on would never end',
  status: 200,
};

/** Nothing below it can be ruled out by its folders. */
function isSettled(prefix: string, window: Window): boolean {
  const partition = partitionOf(prefix);
  if (partition === undefined) return false;
  const isFine = partition.unit === 'hour' || partition.unit === 'minute' || partition.unit === 'second';
  return isFine || isInside(partition, window);
}

function mayHold({ window, meter }: Walking, prefix: string): boolean {
  const partition = partitionOf(prefix);
  if (partition === undefined || touches(partition, window)) return true;
  meter.count('s3_prefixes.skipped');
  return false;
}

function isWanted({ window, reach, meter }: Walking, { key, modified, size }: ObjectFound): boolean {
  meter.count('s3_objects.listed');
  const lane = laneOf(key);
  if (lane === undefined || size === 0) return false;
  const verdict = judge({ key, modified, written: lane.written }, window, reach);
  if (verdict !== 'read') meter.count(`s3_objects.${verdict}`);
  return verdict === 'read';
}
