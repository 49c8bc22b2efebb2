// A watch of the chosen pods that goes on: resumed where it stopped, listed anew when the server has forgotten.

import { type Duration, duration, SECOND, seconds } from '../../base/instant.ts';
import { isObject, type JsonObject, objectAt, parseJson, textAt } from '../../base/json.ts';
import type { Ask, Patience, Reply } from './access.ts';
import { type ListSpec, listAll } from './list.ts';
import { type Refusal, refusalOf } from './refusal.ts';
import { slim } from './slim.ts';

export interface WatchDeps {
  /** Not counted among the requests in flight: it is always open. */
  readonly ask: Ask;
  readonly patience: Patience;
  readonly signal: AbortSignal;
}

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: JsonObject;
}

const FIRST_WAIT = SECOND;
const LONGEST_WAIT = seconds(30);

/** How a connection ended. */
type Ended =
  | { readonly kind: 'closed' | 'listed'; readonly version: string }
  /** 410: the version is older than what the server remembers. */
  | { readonly kind: 'expired' }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/**
 * Changes until the signal. Returns a refusal when the server will not have it
 * (no permission, no credentials); everything else is tried again.
 */
export async function* watch(
  spec: ListSpec,
  version: string,
  deps: WatchDeps,
): AsyncGenerator<Change, Refusal | undefined> {
  let from: string = version;
  let wait: Duration = FIRST_WAIT;
  while (!deps.signal.aborted) {
    const ended: Ended = yield* from === '' ? relisted(spec, deps) : connection(spec, from, deps);
    if (isFinal(ended)) return ended.refusal;
    const next = versionAfter(ended, from);
    wait = waitAfter(wait, next !== from && next !== '');
    from = next;
    if (ended.kind !== 'listed') await deps.patience.sleep(wait);
  }
  return undefined;
}

/** A server closes a watch every few minutes; one that had nothing to say and closed at once is asked more slowly. */
const waitAfter = (wait: Duration, wentOn: boolean): Duration =>
  wentOn ? FIRST_WAIT : duration(wait * 2n < LONGEST_WAIT ? wait * 2n : LONGEST_WAIT);

const isFinal = (ended: Ended): ended is Extract<Ended, { kind: 'refused' }> =>
  ended.kind === 'refused' && (ended.refusal.status === 401 || ended.refusal.status === 403);

/** '': it must be listed anew. */
function versionAfter(ended: Ended, before: string): string {
  if (ended.kind === 'expired') return '';
  return ended.kind === 'refused' ? before : ended.version;
}

/** What is there now are changes too: nobody knows what was missed. */
async function* relisted(spec: ListSpec, { ask }: WatchDeps): AsyncGenerator<Change, Ended> {
  const { items, resourceVersion, refusal } = await listAll(ask, spec, slim);
  if (refusal !== undefined) return { kind: 'refused', refusal };
  for (const object of items) yield { type: 'MODIFIED', object };
  return { kind: 'listed', version: resourceVersion };
}

const NO_ANSWER: Refusal = { status: 0, says: '', code: '' };

async function* connection(
  spec: ListSpec,
  version: string,
  { ask, signal }: WatchDeps,
): AsyncGenerator<Change, Ended> {
  const query = { ...spec.query, watch: 'true', resourceVersion: version, allowWatchBookmarks: 'true' };
  const reply = await ask({ path: spec.path, query, signal });
  const refusal = await refusalOf(reply);
  if (refusal?.status === 410) return { kind: 'expired' };
  if (refusal !== undefined || !reply.ok) return { kind: 'refused', refusal: refusal ?? NO_ANSWER };
  return yield* told(reply.value, version);
}

async function* told(reply: Reply, version: string): AsyncGenerator<Change, Ended> {
  let latest = version;
  for await (const line of lines(reply)) {
    const one = changeOf(line);
    if (one === 'expired') return { kind: 'expired' };
    if (one === undefined) continue;
    latest = textAt(objectAt(one.object, 'metadata'), 'resourceVersion') ?? latest;
    if (one.type !== 'BOOKMARK') yield { type: one.type, object: slim(one.object) };
  }
  return { kind: 'closed', version: latest };
}

interface Told {
  readonly type: Change['type'] | 'BOOKMARK';
  readonly object: JsonObject;
}

/** `{"type":"ERROR","object":{"kind":"Status","code":410,…}}` is how a watch under way is told that it is too old. */
function changeOf(line: string): Told | 'expired' | undefined {
  const parsed = parseJson(line);
  if (!parsed.ok || !isObject(parsed.value)) return undefined;
  const { type, object } = parsed.value;
  if (!isObject(object)) return undefined;
  if (type === 'ERROR') return object['code'] === 410 ? 'expired' : undefined;
  if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED' && type !== 'BOOKMARK') return undefined;
  return { type, object };
}

/** An object has at most a few MB: etcd takes no more. */
const LONGEST_LINE = 16 << 20;

/** Whole lines, until the connection ends in whatever way. */
async function* lines({ body, close }: Reply): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      const pieces = split(chunk);
      for (const piece of pieces.slice(0, -1)) {
        yield Buffer.concat([...parts, piece]).toString('utf8');
        [parts, size] = [[], 0];
      }
      const rest = pieces.at(-1) ?? Buffer.alloc(0);
      parts.push(rest);
      size += rest.length;
      if (size > LONGEST_LINE) return;
    }
  } catch {
    // Broken off: it is resumed from what was last told.
  } finally {
    close();
  }
}

function split(chunk: Buffer): readonly Buffer[] {
  const pieces: Buffer[] = [];
  let from = 0;
  for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
    pieces.push(chunk.subarray(from, at));
    from = at + 1;
  }
  return [...pieces, chunk.subarray(from)];
}
