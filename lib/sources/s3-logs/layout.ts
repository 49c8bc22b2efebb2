// Whose log an object is, by its key: how the writers of logs to S3 lay them out.
//
//   fluent-bit-logs/kube.var.log.containers.llm-0_serving_engine-<64 hex>.log/2026/11/22/02/04/05-objectXa3…   Fluent Bit, s3_key_format
//   date=2026-11-22/1795312800-<uuid>.log.gz                                                                    Vector
//   2026/11/22/02/<stream>-1-2026-11-22-02-04-05-<uuid>                                                          Firehose
//   exportedlogs/<task id>/<stream, / as ->/000000.gz                                                            CloudWatch Logs export
//   any/where/serving_llm-0_<uid>/engine/0.log                                                                   a copy of /var/log/pods
//
// Where the key tells one writer, its objects are one log after the other; what several containers
// may have written stays apart, object by object, and each record says whose it is.

import type { Identity } from '../../model/log-run.ts';
import { identityOfPath, identityOfTag } from '../identity-of-path.ts';
import { partitionOf, type Written } from './window.ts';

export interface Lane {
  /** Objects with the same lane are one log, in the order of their keys. */
  readonly lane: string;
  /** Logical: never where it lay. */
  readonly name: string;
  readonly identity: Identity;
  readonly previous: boolean;
  readonly written: Written;
}

/** Undefined: it is no log, but a writer's own business. */
export function laneOf(key: string): Lane | undefined {
  const folders = key.split('/');
  const base = folders.at(-1) ?? '';
  // CloudWatch Logs tries whether it may write before it exports.
  if (base === '' || base === 'aws-logs-write-test') return undefined;
  return exported(key) ?? copied(key) ?? tagged(key, folders) ?? alone(key, base);
}

const EXPORT =
  /^(?<lane>(?:.{0,900}\/)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\/(?<stream>[^/]{1,512})\/)\d{6}\.gz$/s;

/** Some day: an export is made when somebody asks for it. */
function exported(key: string): Lane | undefined {
  const { lane, stream } = EXPORT.exec(key)?.groups ?? {};
  if (lane === undefined || stream === undefined) return undefined;
  return { lane, name: stream, identity: identityOfTag(stream) ?? {}, previous: false, written: 'some day' };
}

/** As a file of that path. Behind a date it is no copy: there the key's time counts. */
function copied(key: string): Lane | undefined {
  const { name, identity, previous } = identityOfPath(`/${key}`);
  return Object.keys(identity).length === 0
    ? undefined
    : { lane: key, name, identity, previous, written: 'some day' };
}

/** A folder or a name that is the tag of one container. */
function tagged(key: string, folders: readonly string[]): Lane | undefined {
  for (const folder of folders) {
    const identity = identityOfTag(folder);
    if (identity === undefined) continue;
    const lane = key.slice(0, partitionOf(key)?.start ?? key.lastIndexOf('/') + 1);
    return {
      lane: `${lane}\0${nameOf(identity)}`,
      name: nameOf(identity),
      identity,
      previous: false,
      written: 'at once',
    };
  }
  return undefined;
}

const nameOf = ({ pod, container, restart }: Identity): string =>
  [pod, container, restart].filter((part) => part !== undefined).join('/');

const alone = (key: string, base: string): Lane => ({
  lane: key,
  name: base,
  identity: {},
  previous: false,
  written: 'at once',
});
