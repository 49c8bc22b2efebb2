// A list, page by page; one that expired on the way is asked anew.

import { isObject, type JsonObject, listAt, objectAt, parseJson, textAt } from '../../base/json.ts';
import type { Ask, Reply } from './access.ts';
import { type Refusal, refusalOf } from './refusal.ts';

export interface ListSpec {
  readonly path: string;
  readonly kind: string;
  readonly apiVersion: string;
  readonly query: Readonly<Record<string, string>>;
}

export interface Listed {
  readonly items: readonly JsonObject[];
  /** Where a watch goes on. */
  readonly resourceVersion: string;
  /** Why it is not whole; then there are no items. */
  readonly refusal?: Refusal;
}

/** What kubectl asks for as well; the server holds a page in memory. */
const PAGE = '500';

/** A continue token lives as long as etcd keeps old versions: 5 minutes, usually. */
const RESTARTS = 3;

/** Never rejects. `keep` makes of each item what is kept of it, so that a page is not held whole. */
export async function listAll(
  ask: Ask,
  spec: ListSpec,
  keep: (item: JsonObject) => JsonObject | undefined,
): Promise<Listed> {
  for (let restarts = 0; ; restarts += 1) {
    const listed = await onePass(ask, spec, keep);
    if (listed.refusal?.status !== 410 || restarts === RESTARTS) return listed;
  }
}

async function onePass(
  ask: Ask,
  spec: ListSpec,
  keep: (item: JsonObject) => JsonObject | undefined,
): Promise<Listed> {
  const items: JsonObject[] = [];
  let resourceVersion = '';
  let token: string | undefined = '';
  while (token !== undefined) {
    const page: Page = await pageOf(ask, spec, token);
    if ('status' in page) return { items: [], resourceVersion, refusal: page };
    for (const item of page.items) items.push(...one(keep(item)));
    resourceVersion = page.resourceVersion;
    token = page.token;
  }
  return { items, resourceVersion };
}

const one = <T>(item: T | undefined): readonly T[] => (item === undefined ? [] : [item]);

type Page =
  | {
      readonly items: readonly JsonObject[];
      readonly resourceVersion: string;
      /** Undefined after the last page. */
      readonly token: string | undefined;
    }
  | Refusal;

async function pageOf(ask: Ask, { path, query, kind, apiVersion }: ListSpec, token: string): Promise<Page> {
  // Servers refuse an empty `continue` no less than an empty `limit`.
  const reply = await ask({
    path,
    query: { ...query, limit: PAGE, ...(token === '' ? {} : { continue: token }) },
  });
  const refusal = await refusalOf(reply);
  if (refusal !== undefined || !reply.ok) return refusal ?? NO_ANSWER;
  const list = await objectOf(reply.value);
  if (list === undefined) return { status: 200, says: 'something that is no whole JSON list', code: '' };
  const metadata = objectAt(list, 'metadata');
  // Items of a typed list have neither; kubectl fills them in too.
  const items = listAt(list, 'items')
    .filter(isObject)
    .map((item) => ({ apiVersion, kind, ...item }));
  return {
    items,
    resourceVersion: textAt(metadata, 'resourceVersion') ?? '',
    token: textAt(metadata, 'continue'),
  };
}

const NO_ANSWER: Refusal = { status: 0, says: 'no answer', code: '' };

async function objectOf({ body }: Reply): Promise<JsonObject | undefined> {
  const parts: Buffer[] = [];
  try {
    for await (const part of body) parts.push(part);
  } catch {
    return undefined;
  }
  const parsed = parseJson(Buffer.concat(parts).toString('utf8'));
  return parsed.ok && isObject(parsed.value) ? parsed.value : undefined;
}
