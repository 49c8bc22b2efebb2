// One object to its end: a stream that is taken up again where the connection broke, of the same version only.

import type { Refusal } from '../aws/refusal.ts';
import { refusalOf } from '../aws/refusal.ts';
import type { BucketApi, ObjectFound, Opened } from './api.ts';
import type { Meter } from './meter.ts';

export interface ReadingObject {
  readonly api: BucketApi;
  readonly bucket: string;
  readonly meter: Meter;
  readonly signal: AbortSignal;
}

/** In a row, without a single byte between them. */
const MOST_BREAKS = 5;

interface Progress {
  at: number;
  breaks: number;
}

/** Returns why it ended early, if it did; the bytes until then are good. */
export async function* readObject(
  reading: ReadingObject,
  object: ObjectFound,
): AsyncGenerator<Buffer, Refusal | undefined> {
  const progress: Progress = { at: 0, breaks: 0 };
  while (progress.at < object.size) {
    const refusal = yield* readPart(reading, object, progress);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** As far as one connection goes. Returns why there can be no other. */
async function* readPart(
  { api, bucket, meter, signal }: ReadingObject,
  { key, tag, size }: ObjectFound,
  progress: Progress,
): AsyncGenerator<Buffer, Refusal | undefined> {
  const from = progress.at;
  const opened = await api.get({ bucket, key, tag, from });
  if (!opened.ok) return opened.error;
  const broken = yield* bytesOf(opened.value, from, (count) => {
    progress.at += count;
    meter.count('s3.bytes', count);
  });
  if (progress.at >= size) return undefined;
  if (signal.aborted) return STOPPED;
  progress.breaks = progress.at > from ? 0 : progress.breaks + 1;
  if (progress.breaks === MOST_BREAKS) return broken ?? short(progress.at, size);
  meter.count('s3_objects.resumed');
  return undefined;
}

const STOPPED: Refusal = { code: 'Stopped', says: 'it was stopped', status: 0 };

const short = (at: number, size: number): Refusal => ({
  code: 'Incomplete',
  says: `the body ended after ${at} of ${size} bytes`,
  status: 200,
});

/** A server that does not know of ranges begins anew: what is known is left out. */
async function* bytesOf(
  { from, body }: Opened,
  at: number,
  took: (count: number) => void,
): AsyncGenerator<Buffer, Refusal | undefined> {
  let known = at - from;
  if (known < 0) return { code: 'WrongRange', says: `asked for byte ${at}, got ${from}`, status: 206 };
  try {
    for await (const chunk of body) {
      const fresh = chunk.subarray(Math.min(known, chunk.length));
      known -= chunk.length - fresh.length;
      if (fresh.length === 0) continue;
      took(fresh.length);
      yield Buffer.from(fresh.buffer, fresh.byteOffset, fresh.byteLength);
      release(chunk);
    }
    return undefined;
  } catch (error) {
    return refusalOf(error);
  }
}

/**
 * Gives the memory of a chunk back at once: V8 counts it as one small object and looks for garbage late
 * (an object of 300 MB: 153 MiB at the most instead of 179). Only where nobody else has a part of the same memory.
 */
function release({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && byteLength === buffer.byteLength) buffer.transfer(0);
}
