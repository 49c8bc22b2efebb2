// A dump in JSON: lists, arrays, one object per line, objects one after the other; whole or cut off.

import { isObject, type JsonObject, parseJson } from '../../base/json.ts';
import { cut } from '../../base/text.ts';
import type { Problem } from '../objects/problem.ts';
import { arrivalIn } from './arrival.ts';
import { type DumpReader, type DumpStart, OBJECT_LIMIT, type Place } from './contract.ts';
import { flatten } from './flatten.ts';
import { type Ending, type SpanScanner, scanSpans } from './json-spans.ts';
import { type ListItems, listItems } from './list-items.ts';

interface State {
  readonly start: DumpStart;
  readonly problems: Problem[];
  /** Lines, or text between values, that are no objects. */
  readonly bad: { count: number; first: string };
  bytes: number;
  /** Items of the list that is open, and how many of them could not be used. */
  list: ListItems | undefined;
  flawed: number;
}

export function jsonDump(start: DumpStart): DumpReader {
  const state: State = {
    start,
    problems: [],
    bad: { count: 0, first: '' },
    bytes: 0,
    list: undefined,
    flawed: 0,
  };
  const scanner: SpanScanner = scanSpans({
    list: (head, line) => {
      state.list = listItems(headOf(head), (object) => start.take(object, { line }));
      state.flawed = 0;
    },
    item: (bytes, ending) => takeItem(state, bytes, ending),
    value: (bytes, ending, line) => takeValue(state, { bytes, ending, line, isLine: scanner.isLines() }),
    between: (text, line) => noteBad(state, text, line),
  });
  return {
    push: (chunk) => {
      state.bytes += chunk.length;
      scanner.push(chunk);
    },
    end: () => {
      scanner.end();
      return [...state.problems, ...badText(state, scanner.isLines())];
    },
  };
}

function jsonIn(text: string): unknown {
  const parsed = parseJson(text);
  return parsed.ok ? parsed.value : undefined;
}

/** What stands in front of the items, as an object. */
function headOf(head: string): JsonObject {
  const value = jsonIn(`${head}]}`);
  return isObject(value) ? value : {};
}

function takeItem(state: State, bytes: Buffer, ending: Ending): void {
  const item = ending === 'whole' ? jsonIn(bytes.toString('utf8')) : undefined;
  if (!isObject(item)) state.flawed += 1;
  else if (state.start.mayTell?.(item) !== false) state.list?.take(item);
}

interface Value {
  readonly bytes: Buffer;
  readonly ending: Ending;
  readonly line: number;
  readonly isLine: boolean;
}

function takeValue(state: State, value: Value): void {
  const { bytes, ending, line } = value;
  const text = ending === 'too long' ? '' : bytes.toString('utf8');
  const parsed = ending === 'whole' ? jsonIn(text) : undefined;
  const { list } = state;
  state.list = undefined;
  if (list !== undefined) endList(state, list, { ...value, shell: isObject(parsed) ? parsed : undefined });
  else if (isObject(parsed)) takeObjects(state, parsed, placeOf(text, line));
  else if (value.isLine && ending !== 'too long') noteBad(state, text, line);
  else noteBroken(state, ending, { line, used: 0, flawed: 0 });
}

function takeObjects({ start }: State, value: JsonObject, place: Place): void {
  if (start.mayTell?.(value) === false) return;
  for (const object of flatten(value)) start.take(object, place);
}

function placeOf(text: string, line: number): Place {
  const arrival = arrivalIn(text);
  return arrival === undefined ? { line } : { line, arrival };
}

function endList(
  state: State,
  list: ListItems,
  { shell, ending, line, bytes, isLine }: Value & { shell: JsonObject | undefined },
): void {
  const used = list.end(shell);
  if (shell === undefined && isLine && used === 0) noteBad(state, bytes.toString('utf8', 0, 400), line);
  else if (shell === undefined || state.flawed > 0)
    noteBroken(state, ending, { line, used, flawed: shell === undefined ? 0 : state.flawed });
}

function noteBroken(
  { start, problems, bytes }: State,
  ending: Ending,
  { line, used, flawed }: { line: number; used: number; flawed: number },
): void {
  const how = {
    whole:
      flawed > 0 ? `${flawed} of its items with a mistake in them or too long` : 'JSON with a mistake in it',
    cut: `text that ends after ${bytes} bytes`,
    broken: `text that breaks off, behind line ${line}`,
    'too long': `an object of more than ${OBJECT_LIMIT} bytes`,
  }[ending];
  problems.push({
    where: start.where,
    expected: 'a whole JSON document',
    came: `${how}; ${used} whole items of it are used`,
  });
}

function noteBad({ bad }: State, text: string, line: number): void {
  bad.count += 1;
  if (bad.count === 1) bad.first = `line ${line}: ${cut(text.trim().slice(0, 400), 80)}`;
}

function badText({ start, bad }: State, isLines: boolean): readonly Problem[] {
  if (bad.count === 0) return [];
  const [unit, expected] = isLines
    ? ['lines', 'a JSON object on every line']
    : ['pieces of text', 'nothing but JSON objects'];
  const came = bad.count === 1 ? bad.first : `${bad.count} ${unit} that are not, the first is ${bad.first}`;
  return [{ where: start.where, expected, came }];
}
