// A guard against archives that unpack to far more than any log: the rest of such a one is not read.

import { unpack } from './unpack.ts';

export interface Bounds {
  /** Bytes that one archive may become. */
  readonly most: number;
  /** How many times more than it is packed; looked at once it is longer than `free`. */
  readonly ratio: number;
  readonly free: number;
}

/** Real logs pack 10 to 60 times; gzip can do 1032. 64 GB of log of one object is no log either. */
export const LOG_BOUNDS: Bounds = { most: 2 ** 36, ratio: 500, free: 2 ** 28 };

/** Thrown by `unpackBounded`: what came before is good. */
export class Overblown extends Error {
  override readonly name = 'Overblown';
}

export async function* unpackBounded(packed: AsyncIterable<Buffer>, bounds: Bounds): AsyncIterable<Buffer> {
  let taken = 0;
  let given = 0;
  async function* counted(): AsyncIterable<Buffer> {
    for await (const chunk of packed) {
      taken += chunk.length;
      yield chunk;
    }
  }
  for await (const chunk of unpack(counted())) {
    given += chunk.length;
    if (isOver({ taken, given }, bounds))
      throw new Overblown(`${taken} bytes that had become ${given} and were not yet at their end`);
    yield chunk;
  }
}

const isOver = (
  { taken, given }: { readonly taken: number; readonly given: number },
  bounds: Bounds,
): boolean => given > taken && (given > bounds.most || (given > bounds.free && given > taken * bounds.ratio));
