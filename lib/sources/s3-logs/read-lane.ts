// The objects of one log, one after the other: unpacked each by itself, so that one that is broken costs the others nothing.

import type { Refusal } from '../aws/refusal.ts';
import { refusalOf } from '../aws/refusal.ts';
import { type Bounds, Overblown, unpackBounded } from '../bounded.ts';
import type { ObjectFound } from './api.ts';
import { troubleOf } from './problem.ts';
import { type ReadingObject, readObject } from './read-object.ts';
import type { Troubles } from './troubles.ts';

export interface ReadingLane extends ReadingObject {
  readonly bounds: Bounds;
  readonly found: Troubles;
  readonly onRead: ((bytes: number) => void) | undefined;
}

const LF = 10;
const LINE_END = Buffer.from('\n');

export async function* readLane(lane: ReadingLane, objects: readonly ObjectFound[]): AsyncIterable<Buffer> {
  let endsLine = true;
  for (const object of objects) {
    if (lane.found.isHopeless()) {
      lane.meter.count('s3_objects.unread');
      continue;
    }
    // A line never goes on in the next object, but the last one of an object may lack its end.
    if (!endsLine) yield LINE_END;
    endsLine = true;
    for await (const chunk of unpackedObject(lane, object)) {
      endsLine = chunk.at(-1) === LF;
      yield chunk;
    }
  }
}

/** Never throws: what is wrong is noted, and what came before it is good. */
async function* unpackedObject(lane: ReadingLane, object: ObjectFound): AsyncIterable<Buffer> {
  const { found, bounds } = lane;
  const end: { refusal?: Refusal } = {};
  const bytes = readObject(lane, object);
  let isFirst = true;
  try {
    for await (const chunk of unpackBounded(raw(lane, bytes, end), bounds)) {
      if (isFirst && isParquet(chunk)) return found.note('parquet', object.key, PARQUET);
      isFirst = false;
      yield chunk;
    }
  } catch (error) {
    // zlib complains of an archive that ends early, too: why it ended is said below.
    end.refusal ??= refusalOf(error);
    if (error instanceof Overblown)
      return found.note('overblown', object.key, { ...end.refusal, code: '', says: error.message });
  } finally {
    // Closes the connection of an object that is not read to its end; nobody waits for that.
    bytes.return(undefined).catch(() => undefined);
  }
  if (end.refusal === undefined) found.given();
  else found.note(troubleOf(end.refusal), object.key, end.refusal);
}

async function* raw(
  lane: ReadingLane,
  bytes: AsyncGenerator<Buffer, Refusal | undefined>,
  end: { refusal?: Refusal },
): AsyncIterable<Buffer> {
  for (;;) {
    const step = await bytes.next();
    if (step.done === true) {
      if (step.value !== undefined) end.refusal = step.value;
      return;
    }
    lane.onRead?.(step.value.length);
    yield step.value;
  }
}

const isParquet = (chunk: Buffer): boolean => chunk.subarray(0, 4).toString('latin1') === 'PAR1';

const PARQUET: Refusal = { code: 'parquet', says: 'columns of Parquet', status: 200 };
