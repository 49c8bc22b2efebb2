// Reads multi-document YAML; loaded only when YAML is met.
//
// Bounded: aliases cannot multiply, tags are not resolved, and the items of a
// big list are parsed one by one, so that one bad item does not spoil the rest.

import { parseDocument } from 'yaml';
import { append } from '../../base/append.ts';
import { isObject } from '../../base/json.ts';
import { cut } from '../../base/text.ts';
import type { Problem } from '../objects/problem.ts';

export interface YamlValues {
  readonly values: readonly unknown[];
  readonly problems: readonly Problem[];
}

/** kubectl never writes aliases; a hand-made file may use a few. */
const MAX_ALIASES = 100;

const MARKER = /^(?:---|\.\.\.)(?=\s|$)/m;

/** The value of every document. Never throws. */
export function readYaml(text: string, source: string): YamlValues {
  const values: unknown[] = [];
  const problems: Problem[] = [];
  text.split(MARKER).forEach((document, index) => {
    if (isEmpty(document)) return;
    const read = readDocument(document, `${source}, document ${index + 1}`);
    append(values, read.values);
    append(problems, read.problems);
  });
  return { values, problems };
}

/** Nothing but blanks, comments and directives. */
const isEmpty = (document: string): boolean =>
  document.split('\n').every((line) => /^(?:$|[#%])/.test(line.trimStart()));

function readDocument(document: string, where: string): YamlValues {
  const list = splitItems(document);
  if (list === undefined) return parse(document, where);
  const rest = parse(list.rest, where);
  const head = isObject(rest.values[0]) ? rest.values[0] : {};
  // kubectl writes `kind: List` after the items: without it the text ends in the middle of the last one.
  const truncated = 'apiVersion' in head && !('kind' in head);
  const whole = truncated ? list.items.slice(0, -1) : list.items;
  const items = whole.map((item, index) => parse(item, `${where}, item ${index + 1}`));
  const values = [{ ...head, items: items.flatMap((item) => item.values) }];
  const problems = [...rest.problems, ...items.flatMap((item) => item.problems)];
  return { values, problems: truncated ? [...problems, cutOff(where, whole.length)] : problems };
}

const cutOff = (where: string, items: number): Problem => ({
  where,
  expected: 'a whole YAML list',
  came: `a list that ends early; ${items} whole items of it are used`,
});

interface SplitList {
  readonly items: readonly string[];
  /** The document without its items. */
  readonly rest: string;
}

/** The items of a root-level `items:`, each as a document of its own. */
function splitItems(document: string): SplitList | undefined {
  const head = /^items:[^\S\n]*\n(?<indent> *)- /m.exec(document);
  if (head === null) return undefined;
  const indent = head.groups?.['indent'] ?? '';
  const start = head.index + head[0].length - 2 - indent.length;
  const body = document.slice(start);
  const end = new RegExp(`^(?!${indent}(?:-?[^\\S\\n]|-$)|[^\\S\\n]*$|[^\\S\\n]*#)`, 'm').exec(body)?.index;
  const list = end === undefined ? body : body.slice(0, end);
  const rest = document.slice(0, head.index) + (end === undefined ? '' : body.slice(end));
  const items = list.split(new RegExp(`^${indent}-(?= )`, 'm')).slice(1);
  return { items: items.map((item) => `${indent} ${item}`), rest };
}

function parse(text: string, where: string): YamlValues {
  if (isEmpty(text)) return { values: [], problems: [] };
  try {
    const document = parseDocument(text, OPTIONS);
    const [error] = document.errors;
    if (error !== undefined) return bad(where, error.message);
    return { values: [document.toJS({ maxAliasCount: MAX_ALIASES })], problems: [] };
  } catch (error) {
    return bad(where, error instanceof Error ? error.message : String(error));
  }
}

const OPTIONS = {
  schema: 'core',
  logLevel: 'silent',
  prettyErrors: false,
  uniqueKeys: false,
  resolveKnownTags: false,
} as const;

const bad = (where: string, message: string): YamlValues => ({
  values: [],
  problems: [{ where, expected: 'YAML', came: cut(message, 200) }],
});
