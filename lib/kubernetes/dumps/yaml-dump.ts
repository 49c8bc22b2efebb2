// A dump in YAML: documents, lists, what kubectl and oc write; loaded only when YAML is met.
//
// Bounded: aliases cannot multiply, nesting has a limit, tags construct nothing,
// and the items of a list are parsed one by one, so that a bad one does not spoil the rest.

import { StringDecoder } from 'node:string_decoder';
import {
  CORE_SCHEMA,
  defineMappingTag,
  defineScalarTag,
  defineSequenceTag,
  load,
  mapTag,
  seqTag,
} from 'js-yaml';
import { isObject, type JsonObject } from '../../base/json.ts';
import { failed, ok, type Result } from '../../base/result.ts';
import { cut } from '../../base/text.ts';
import type { Problem } from '../objects/problem.ts';
import { type DumpReader, type DumpStart, OBJECT_LIMIT } from './contract.ts';
import { flatten } from './flatten.ts';
import { type ListItems, listItems } from './list-items.ts';
import { splitBlocks } from './yaml-blocks.ts';

interface State {
  readonly start: DumpStart;
  readonly problems: Problem[];
  document: number;
  item: number;
  list: ListItems | undefined;
  /** The latest item: whether the text breaks off in it is only known from what follows the list. */
  last: string | undefined;
}

export function yamlDump(start: DumpStart): DumpReader {
  const state: State = { start, problems: [], document: 1, item: 0, list: undefined, last: undefined };
  const splitter = splitBlocks({
    list: (head) => {
      state.list = listItems(headOf(head), (object) => start.take(object, { line: 1 }));
    },
    item: (text) => nextItem(state, text),
    document: (text) => endDocument(state, text),
    tooLong: () =>
      note(state, { expected: `an object of at most ${OBJECT_LIMIT} bytes`, came: 'a longer one' }),
  });
  const lines = lineFeeder(splitter.line);
  return {
    push: lines.push,
    end: () => {
      lines.end();
      splitter.end();
      return state.problems;
    },
  };
}

/** Decoded at once: V8 puts longer strings beside its heap of young ones, where they stay much longer. */
const SLICE = 16 * 1024;

/** Lines out of chunks; without carriage returns at their ends. */
function lineFeeder(take: (line: string) => void): { push: (chunk: Buffer) => void; end: () => void } {
  const decoder = new StringDecoder('utf8');
  let carry: string[] = [];
  const feed = (line: string): void => take(line.endsWith('\r') ? line.slice(0, -1) : line);
  const slice = (text: string): void => {
    const pieces = text.split('\n');
    const last = pieces.pop() ?? '';
    for (const piece of pieces) {
      feed(carry.length === 0 ? piece : `${carry.join('')}${piece}`);
      carry = [];
    }
    if (last !== '') carry.push(last);
  };
  return {
    push: (chunk) => {
      for (let at = 0; at < chunk.length; at += SLICE) slice(decoder.write(chunk.subarray(at, at + SLICE)));
    },
    end: () => feed(`${carry.join('')}${decoder.end()}`),
  };
}

function nextItem(state: State, text: string): void {
  takeItem(state);
  state.last = text;
}

function takeItem(state: State): void {
  if (state.last === undefined) return;
  state.item += 1;
  const value = parse(state, state.last, `, item ${state.item}`);
  state.last = undefined;
  if (isObject(value)) state.list?.take(value);
}

function endDocument(state: State, text: string): void {
  const { list, start } = state;
  const value = isEmpty(text) ? undefined : parse(state, text, '');
  if (list === undefined) {
    for (const object of flatten(value)) start.take(object, { line: 1 });
  } else endList(state, list, isObject(value) ? value : {});
  state.document += 1;
  state.item = 0;
  state.list = undefined;
  state.last = undefined;
}

/** kubectl writes `kind: List` behind the items: without it the text ends in the middle of the last one. */
function endList(state: State, list: ListItems, shell: JsonObject): void {
  const isCut = 'apiVersion' in shell && !('kind' in shell);
  if (!isCut) takeItem(state);
  const used = list.end(shell);
  if (isCut)
    note(state, {
      expected: 'a whole YAML list',
      came: `a list that ends early; ${used} whole items of it are used`,
    });
}

/** Nothing but blanks, comments and directives. */
const isEmpty = (document: string): boolean =>
  document.split('\n').every((line) => /^(?:$|[#%])/.test(line.trimStart()));

function headOf(text: string): JsonObject {
  if (isEmpty(text)) return {};
  const head = readYaml(text);
  return head.ok && isObject(head.value) ? head.value : {};
}

function parse(state: State, text: string, what: string): unknown {
  const value = readYaml(text);
  if (value.ok) return value.value;
  note(state, { expected: 'YAML', came: cut(value.error, 200) }, what);
  return undefined;
}

function note({ problems, start, document }: State, problem: Omit<Problem, 'where'>, what = ''): void {
  problems.push({ where: `${start.where}, document ${document}${what}`, ...problem });
}

/** js-yaml throws what it cannot read. */
function readYaml(text: string): Result<unknown, string> {
  try {
    return ok(load(text, OPTIONS));
  } catch (error) {
    return failed(error instanceof Error ? error.message.split('\n', 1).join('') : String(error));
  }
}

/** A tag that the schema does not know is read as if it were not there. */
const anyTag = ['!', 'tag:'].flatMap((prefix) => [
  defineScalarTag(prefix, {
    matchByTagPrefix: true,
    resolve: (source) => source,
    identify: () => false,
  }),
  defineSequenceTag(prefix, { ...seqTag, matchByTagPrefix: true }),
  defineMappingTag(prefix, { ...mapTag, matchByTagPrefix: true }),
]);

/** kubectl never writes aliases; a hand-made file may use a few. `json`: a key that stands twice is no error. */
const OPTIONS = { schema: CORE_SCHEMA.withTags(anyTag), json: true, maxAliases: 100, maxDepth: 100 };
