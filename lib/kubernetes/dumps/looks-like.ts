// Tells from the beginning of a text whether it holds Kubernetes objects.
//
// Must say no to what merely carries such words: docker JSON logs, Fluent Bit
// records, CloudWatch exports, OTLP, a log that prints a manifest. And to an audit
// log with one record per line, which may be endless and is read line by line.

const HEAD = 4096;

/** From the first ~4 KB of a file: a JSON or YAML dump of objects, a list or a watch stream. */
export function looksLikeKubernetes(head: string): boolean {
  const text = head.slice(0, HEAD).replace(/^\uFEFF/, '');
  const start = text.search(/\S/);
  if (start === -1) return false;
  return text[start] === '{' || text[start] === '[' ? isJsonDump(text, start) : isYamlDump(text);
}

const OBJECT_KEYS = ['kind', 'items', 'metadata', 'involvedObject', 'regarding', 'spec', 'status'];

const WATCH_TYPES = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']);

function isJsonDump(text: string, start: number): boolean {
  const members = membersAt(text, start);
  if (members.has('object')) return WATCH_TYPES.has(members.get('type')?.text ?? '');
  if (isObjectAt(text, start) || isAuditDump(text, start, members)) return true;
  const items = members.get('items')?.at;
  return items !== undefined && (isObjectAt(text, items) || isAuditAt(text, items));
}

/** Audit records that are one document: an `EventList` (what a webhook gets), an array, or printed over several lines. */
function isAuditDump(text: string, start: number, members: ReadonlyMap<string, Member>): boolean {
  if (!isAudit(members)) return false;
  const isPretty = /^\{[ \t]{0,8}\r?\n/.test(text.slice(start, start + 12));
  return text[start] === '[' || isPretty || members.get('kind')?.text === 'EventList';
}

const isAuditAt = (text: string, start: number): boolean => isAudit(membersAt(text, start));

const isAudit = (members: ReadonlyMap<string, Member>): boolean =>
  members.get('apiVersion')?.text.startsWith('audit.k8s.io/') === true;

/** Audit records are of kind Event too, but tell of requests, not of pods. */
function isObjectAt(text: string, start: number): boolean {
  const members = membersAt(text, start);
  const version = members.get('apiVersion')?.text;
  if (version === undefined) return isBareObject(text, members.get('metadata')?.at);
  if (isAudit(members)) return false;
  return OBJECT_KEYS.some((key) => members.has(key));
}

/** Go programs that marshal a typed object leave kind and apiVersion out (OpenShift insights archives). */
function isBareObject(text: string, metadata: number | undefined): boolean {
  if (metadata === undefined) return false;
  const members = membersAt(text, metadata);
  return members.has('name') && (members.has('creationTimestamp') || members.has('uid'));
}

interface Member {
  /** The value, when it is a string. */
  readonly text: string;
  /** Where the value begins. */
  readonly at: number;
}

/** A string that the head cuts off ends with the head. */
const TOKEN = /"(?:[^"\\]|\\.)*"?|[{}[\]:,]/g;

/** The members of the object that begins at `start`; of a list, of its first object. */
function membersAt(text: string, start: number): ReadonlyMap<string, Member> {
  const members = new Map<string, Member>();
  const tokens = [...text.slice(start).matchAll(TOKEN)];
  const base = tokens[0]?.[0] === '[' ? 2 : 1;
  if (base === 2 && tokens[1]?.[0] !== '{') return members;
  let depth = 0;
  tokens.forEach((token, index) => {
    const [mark] = token;
    if ((mark === '}' || mark === ']') && depth === base) depth = Number.NEGATIVE_INFINITY;
    depth += stepOf(mark);
    const value = tokens[index + 2];
    if (depth !== base || !mark.startsWith('"') || tokens[index + 1]?.[0] !== ':' || value === undefined)
      return;
    members.set(mark.slice(1, -1), { text: stringOf(value[0]), at: start + value.index });
  });
  return members;
}

const stepOf = (mark: string): number =>
  mark === '{' || mark === '[' ? 1 : mark === '}' || mark === ']' ? -1 : 0;

const stringOf = (token: string): string =>
  token.startsWith('"') && token.endsWith('"') ? token.slice(1, -1) : '';

const YAML_KEY = /^(?:- )?(?<key>[A-Za-z]{1,40}):(?:\s|$)/;

/** Root keys that come first in what kubectl, oc and client-go print (alphabetical order). */
const FIRST_KEYS = new Set([
  'action',
  'apiVersion',
  'count',
  'eventTime',
  'items',
  'kind',
  'metadata',
  'object',
  'type',
]);

function isYamlDump(text: string): boolean {
  const lines = text.split('\n').filter((line) => /^[^\s#%]/.test(line) && !/^---\s*$/.test(line));
  const [first] = lines;
  if (first === undefined || !FIRST_KEYS.has(keyOf(first) ?? '')) return false;
  const keys = new Set(lines.map(keyOf));
  if (keys.has('apiVersion')) return OBJECT_KEYS.some((key) => keys.has(key) || inItem(text, key));
  return keys.has('items') && /^ {0,8}- (?:action|apiVersion):/m.test(text);
}

const inItem = (text: string, key: string): boolean => text.includes(`\n  ${key}:`);

const keyOf = (line: string): string | undefined => YAML_KEY.exec(line)?.groups?.['key'];
