// Standard input: one stream, as a pipe gives it.

import type { Instant } from '../base/instant.ts';
import type { Source } from './contract.ts';
import { unpack } from './unpack.ts';

/** `modified`: now, as the door knows it; a pipe has no time of its own. */
export function standardInput(input: AsyncIterable<Uint8Array>, modified: Instant): Source {
  const chunks = async function* (onRead?: (bytes: number) => void) {
    yield* unpack(counted(input, onRead));
  };
  const common = {
    where: 'standard input',
    name: 'stdin',
    identity: {},
    previous: false,
    size: 0,
    hasSize: false,
    asked: true,
  };
  return {
    name: 'stdin',
    async *open() {
      yield { kind: 'stream', ...common, modified, chunks };
    },
  };
}

async function* counted(
  input: AsyncIterable<Uint8Array>,
  onRead?: (bytes: number) => void,
): AsyncIterable<Buffer> {
  for await (const chunk of input) {
    onRead?.(chunk.length);
    yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  }
}
