// Which reads a group takes: one for all streams whose names tell the pod, one each for the others.
//
// The lines of a group come mixed. Container Insights names a stream after pod and container, so its lines
// find their owner again. A stream called `ecs/app/4f2e…` says nothing of a pod: mixed with others of its
// kind its lines would be one log of several programs. So each of those is read by itself.

import { ok, type Result } from '../../base/result.ts';
import { byText } from '../../base/text.ts';
import type { Refusal } from '../aws/refusal.ts';
import type { LogStream, LogsApi, Selection } from './api.ts';
import type { Window } from './window.ts';

export interface Read {
  readonly selection: Selection;
  /** The one stream; undefined when lines of several come mixed. */
  readonly stream: string | undefined;
}

export interface Chosen {
  readonly group: string;
  readonly prefix: string | undefined;
  readonly window: Window;
}

const FOLDER = 'var.log.containers.';

/** `<pod>_<namespace>_<container>-<64 hex>.log` */
const LINK = /^[a-z0-9][a-z0-9.-]{0,252}_[a-z0-9-]{1,63}_[a-z0-9-]{1,63}-[0-9a-f]{64}\.log$/;

/** `<node>-application.var.log.containers.<pod>_…`; in front of the folder stands what the writer was told to put there. */
export function namesPod(stream: string): boolean {
  const at = stream.lastIndexOf(FOLDER);
  return at >= 0 && LINK.test(stream.slice(at + FOLDER.length));
}

/** The most names that one FilterLogEvents takes. */
const TOGETHER = 100;

/** In name order, so that the same group is read in the same order. */
export async function planReads(api: LogsApi, chosen: Chosen): Promise<Result<readonly Read[], Refusal>> {
  const listed = await listStreams(api, chosen);
  if (!listed.ok) return listed;
  const names = listed.value.map(({ name }) => name).toSorted(byText);
  const alone = names.filter((name) => !namesPod(name));
  const mixed = names.length === alone.length ? [] : mixedReads(chosen, names, alone);
  return ok([
    ...mixed,
    ...alone.map((name) => ({ selection: { kind: 'names', names: [name] } as const, stream: name })),
  ]);
}

/** Without others among them the group is read whole: then a stream that is born meanwhile is read, too. */
function mixedReads({ prefix }: Chosen, names: readonly string[], alone: readonly string[]): readonly Read[] {
  if (alone.length === 0) return [{ selection: wholeOf(prefix), stream: undefined }];
  const ofPods = names.filter(namesPod);
  const reads: Read[] = [];
  for (let at = 0; at < ofPods.length; at += TOGETHER)
    reads.push({ selection: { kind: 'names', names: ofPods.slice(at, at + TOGETHER) }, stream: undefined });
  return reads;
}

const wholeOf = (prefix: string | undefined): Selection =>
  prefix === undefined ? { kind: 'all' } : { kind: 'prefix', prefix };

/** `lastEventTimestamp` follows "typically in less than an hour, in rare situations longer" (SDK comments). */
const SLACK = 6 * 3_600_000;
/** 50,000 streams. */
const MOST_PAGES = 1000;

async function listStreams(
  api: LogsApi,
  { group, prefix, window }: Chosen,
): Promise<Result<readonly LogStream[], Refusal>> {
  const streams: LogStream[] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const listed = await api.logStreams({ group, prefix, token });
    if (!listed.ok) return listed;
    const { items, next } = listed.value;
    const recent = items.filter((stream) => mayHold(stream, window));
    streams.push(...recent);
    // Newest first: behind a page of old ones there are only older ones.
    const isOver = prefix === undefined && items.length > 0 && recent.length === 0;
    if (next === undefined || next === token || isOver) break;
    token = next;
  }
  return ok(streams);
}

const mayHold = ({ lastEvent }: LogStream, { from }: Window): boolean =>
  lastEvent === undefined || lastEvent >= from - SLACK;
