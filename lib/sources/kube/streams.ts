// Evidence of a cluster as streams of bytes, as if it lay in files.

import type { Instant } from '../../base/instant.ts';
import type { JsonObject } from '../../base/json.ts';
import { podUid } from '../../model/ids.ts';
import type { ByteStream } from '../contract.ts';
import { unpack } from '../unpack.ts';
import type { LogTarget } from './pod-logs.ts';

/** Objects in one stream; more would be one long text in memory. */
const TOGETHER = 500;

/** One object a line. `name`: the file that would hold them (`pods.jsonl`). */
export function objectStreams(
  name: string,
  objects: readonly JsonObject[],
  { where, now }: { readonly where: string; readonly now: Instant },
): readonly ByteStream[] {
  const streams: ByteStream[] = [];
  for (let from = 0; from < objects.length; from += TOGETHER) {
    const some = objects.slice(from, from + TOGETHER);
    const chunks = async function* (onRead?: (bytes: number) => void) {
      const bytes = Buffer.from(`${some.map((object) => JSON.stringify(object)).join('\n')}\n`);
      onRead?.(bytes.length);
      yield bytes;
    };
    streams.push({ ...COMMON, where: `${where}: ${name}`, name, identity: {}, modified: now, chunks });
  }
  return streams;
}

const COMMON = { kind: 'stream', previous: false, size: 0, hasSize: false, asked: false } as const;

/** Named as replay names the same log from /var/log/pods. */
export function logStreamOf(
  target: LogTarget,
  now: Instant,
  bytes: (onRead?: (bytes: number) => void) => AsyncIterable<Buffer>,
): ByteStream {
  const { namespace, pod, uid, container, run } = target;
  return {
    ...COMMON,
    where: logName(target),
    name: `${pod}/${container}/${run}`,
    identity: { uid: podUid(uid), namespace, pod, container, restart: run },
    modified: now,
    chunks: (onRead) => unpack(bytes(onRead)),
  };
}

/** For messages. */
export const logName = ({ namespace, pod, container, run }: LogTarget): string =>
  `log of ${namespace}/${pod}, container ${container}, run ${run}`;
