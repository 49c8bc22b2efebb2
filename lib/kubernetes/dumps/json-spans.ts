// Finds JSON values and the items of lists in bytes as they come; nothing is parsed here.
//
// One pass over quotes and brackets. Of `{"items":[…]}` each item is handed
// over as soon as it ends, and the list itself without them: a dump of any
// length takes the memory of its longest object. An array at the root is taken
// as a row of values, so that lists inside it stream too.

import { OBJECT_LIMIT } from './contract.ts';

const LF = 10;
const QUOTE = 34;
const BACKSLASH = 92;
const ARRAY = 91;
const ARRAY_END = 93;
const OBJECT = 123;
const OBJECT_END = 125;

/** How a value ended: closed; with the text; broken off in the middle of it; or it is longer than is read. */
export type Ending = 'whole' | 'cut' | 'broken' | 'too long';

/** Bytes are only good during the call. */
export interface SpanListener {
  /** An item of the list that is open. */
  readonly item: (bytes: Buffer, ending: Ending) => void;
  /** A list begins: its text up to and with the `[` of its items. */
  readonly list: (head: string, line: number) => void;
  /** A value at top level, of a list without its items. `line`: where it began. */
  readonly value: (bytes: Buffer, ending: Ending, line: number) => void;
  /** Text between values, which does not belong there. */
  readonly between: (text: string, line: number) => void;
}

export interface SpanScanner {
  readonly push: (chunk: Buffer) => void;
  readonly end: () => void;
  /** True once it is known that every line is a value of its own: then a line end ends what is broken. */
  readonly isLines: () => boolean;
}

interface State {
  readonly tell: SpanListener;
  /** `unknown` until the first line end behind the beginning of a value. */
  mode: 'unknown' | 'lines' | 'pieces';
  /** Open brackets of the value; 0 between values. */
  depth: number;
  /** Arrays at the root that are open around the values. */
  arrays: number;
  /** True inside the array `items` of the value, between its items or in one. */
  inItems: boolean;
  inString: boolean;
  /** The last byte was a backslash in a string. */
  escaped: boolean;
  /** Where what is not yet handed over begins in this chunk, and what the chunks before it left. */
  from: number;
  held: Buffer[];
  heldBytes: number;
  /** The value's own text that stood in front of its lists. */
  shell: Buffer[];
  shellBytes: number;
  /** Offsets in the whole text: of this chunk, of this line, of the last brace that opened. */
  base: number;
  lineStart: number;
  opened: number;
  /** The value began with a line that is nothing but a brace. */
  isPretty: boolean;
  line: number;
  valueLine: number;
  /** Whole ones so far. */
  values: number;
}

export function scanSpans(tell: SpanListener): SpanScanner {
  const state: State = {
    tell,
    mode: 'unknown',
    depth: 0,
    arrays: 0,
    inItems: false,
    inString: false,
    escaped: false,
    from: 0,
    held: [],
    heldBytes: 0,
    shell: [],
    shellBytes: 0,
    base: 0,
    lineStart: 0,
    opened: -1,
    isPretty: false,
    line: 1,
    valueLine: 1,
    values: 0,
  };
  return {
    push: (chunk) => push(state, chunk),
    end: () => end(state),
    isLines: () => state.mode === 'lines',
  };
}

/** 1 for the bytes that matter outside strings. */
const MARKS = marks();

function marks(): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of [LF, QUOTE, ARRAY, ARRAY_END, OBJECT, OBJECT_END]) table[byte] = 1;
  return table;
}

function push(state: State, chunk: Buffer): void {
  state.from = 0;
  for (let at = 0; at < chunk.length; ) {
    at = state.inString ? throughString(state, chunk, at) : throughPlain(state, chunk, at);
  }
  hold(state, chunk);
  state.base += chunk.length;
}

/** To behind the next byte that matters. */
function throughPlain(state: State, chunk: Buffer, start: number): number {
  let at = start;
  while (at < chunk.length && MARKS[chunk[at] ?? 0] === 0) at += 1;
  if (at < chunk.length) mark(state, chunk, at);
  return at + 1;
}

/** To behind the closing quote. A string never holds a line end: one that does has lost its quote. */
function throughString(state: State, chunk: Buffer, start: number): number {
  let at = state.escaped ? start + 1 : start;
  while (at < chunk.length && chunk[at] !== QUOTE && chunk[at] !== LF) at += chunk[at] === BACKSLASH ? 2 : 1;
  state.escaped = at > chunk.length;
  if (at >= chunk.length) return at;
  state.inString = false;
  if (chunk[at] === QUOTE) return at + 1;
  if (state.depth > 0) endValue(state, 'broken', valueBytes(state, chunk, at));
  return at;
}

function mark(state: State, chunk: Buffer, at: number): void {
  switch (chunk[at]) {
    case QUOTE:
      state.inString = true;
      return;
    case LF:
      lineEnd(state, chunk, at);
      return;
    case OBJECT:
    case ARRAY:
      opens(state, chunk, at);
      return;
    default:
      closes(state, chunk, at);
  }
}

function opens(state: State, chunk: Buffer, at: number): void {
  const isArray = chunk[at] === ARRAY;
  if (!isArray) state.opened = state.base + at;
  if (state.depth === 0 && isArray) {
    rootBracket(state, chunk, at);
    return;
  }
  if (state.depth === 0) beginValue(state, chunk, at);
  else if (state.depth === 1 && isArray) beginItems(state, chunk, at);
  else if (state.depth === 2 && state.inItems) take(state, chunk, at);
  state.depth += 1;
}

function beginValue(state: State, chunk: Buffer, at: number): void {
  between(state, chunk, at);
  state.valueLine = state.line;
}

/** Its brackets belong to no value. */
function rootBracket(state: State, chunk: Buffer, at: number): void {
  between(state, chunk, at);
  state.arrays += chunk[at] === ARRAY ? 1 : -1;
  state.from = at + 1;
}

const ITEMS = /"items"\s{0,20}:\s{0,20}$/;

/** Only `"items":` in front of the bracket makes a list of it. */
function beginItems(state: State, chunk: Buffer, at: number): void {
  const text = shelve(state, chunk, at);
  if (state.inItems || !ITEMS.test(text.toString('latin1', Math.max(0, text.length - 64)))) return;
  shelve(state, chunk, at + 1);
  state.inItems = true;
  state.tell.list(Buffer.concat(state.shell).toString('utf8'), state.valueLine);
}

/** No object has so many lists of its own: then it is too long, and the rest of it is not kept. */
const SHELL_PARTS = 10_000;

function shelve(state: State, chunk: Buffer, to: number): Buffer {
  const text = take(state, chunk, to);
  state.shellBytes += text.length;
  if (!isTooLong(state)) state.shell.push(Buffer.from(text));
  return text;
}

const isTooLong = ({ shell, shellBytes }: State): boolean =>
  shellBytes > OBJECT_LIMIT || shell.length > SHELL_PARTS;

function closes(state: State, chunk: Buffer, at: number): void {
  if (state.depth === 0) {
    if (chunk[at] === ARRAY_END && state.arrays > 0) rootBracket(state, chunk, at);
    return;
  }
  state.depth -= 1;
  if (state.depth === 0) closeValue(state, chunk, at + 1);
  else if (state.inItems) closeInList(state, chunk, at);
}

/** What stands between items is not kept; from the list's bracket on it is the value's own text again. */
function closeInList(state: State, chunk: Buffer, at: number): void {
  if (state.depth === 2) give(state, chunk, at + 1);
  if (state.depth > 1) return;
  take(state, chunk, at);
  state.inItems = false;
}

function closeValue(state: State, chunk: Buffer, to: number): void {
  endValue(state, 'whole', valueBytes(state, chunk, to));
}

/** Of most values nothing was shelved, and nothing is copied. */
function valueBytes(state: State, chunk: Buffer, to: number): Buffer {
  state.shellBytes += state.heldBytes + to - state.from;
  const rest = take(state, chunk, to);
  return state.shell.length === 0 ? rest : Buffer.concat([...state.shell, rest]);
}

/** An item, from where it began. */
function give(state: State, chunk: Buffer, to: number): void {
  const tooLong = state.heldBytes + to - state.from > OBJECT_LIMIT;
  state.tell.item(take(state, chunk, to), tooLong ? 'too long' : 'whole');
}

function endValue(state: State, ending: Ending, bytes: Buffer): void {
  state.tell.value(bytes, isTooLong(state) ? 'too long' : ending, state.valueLine);
  state.depth = 0;
  state.inItems = false;
  state.isPretty = false;
  state.shell = [];
  state.shellBytes = 0;
  if (ending === 'whole') state.values += 1;
}

function lineEnd(state: State, chunk: Buffer, at: number): void {
  if (isLoneBrace(state, at)) loneBrace(state, chunk, at);
  if (state.mode === 'unknown') state.mode = modeAt(state);
  if (state.mode === 'lines') valueLineEnd(state, chunk, at);
  state.line += 1;
  state.lineStart = state.base + at + 1;
}

const isLoneBrace = ({ base, opened, lineStart }: State, at: number): boolean =>
  opened === lineStart && base + at - opened <= 2;

/**
 * What prints values over several lines indents all that is inside: another such
 * brace at the beginning of a line is another value, and the one before was cut off.
 */
function loneBrace(state: State, chunk: Buffer, at: number): void {
  if (state.depth > 1 && state.isPretty) {
    endValue(state, 'broken', valueBytes(state, chunk, at));
    state.depth = 1;
    state.valueLine = state.line;
    state.held = [Buffer.from('{')];
    state.heldBytes = 1;
  }
  state.isPretty = state.depth === 1;
}

/** A line that is nothing but a bracket begins a pretty-printed value behind the lines. */
function valueLineEnd(state: State, chunk: Buffer, at: number): void {
  if (state.depth === 0 && state.arrays === 0) {
    between(state, chunk, at);
    return;
  }
  const begun = state.heldBytes + at - state.from;
  if (state.depth + state.arrays === 1 && begun <= 2) {
    state.mode = 'pieces';
    return;
  }
  endValue(state, 'broken', valueBytes(state, chunk, at));
  state.arrays = 0;
}

function modeAt({ depth, arrays, values }: State): State['mode'] {
  if (depth > 0 || arrays > 0) return 'pieces';
  return values === 0 ? 'unknown' : 'lines';
}

function between(state: State, chunk: Buffer, at: number): void {
  const text = take(state, chunk, at).toString('utf8');
  const said = text.trim();
  if (said === '' || (said === ',' && state.arrays > 0)) return;
  state.tell.between(said, state.line - (text.trimStart().split('\n').length - 1));
}

/** Everything that was not handed over yet, up to `to`. */
function take(state: State, chunk: Buffer, to: number): Buffer {
  const here = chunk.subarray(state.from, to);
  const whole = state.held.length === 0 ? here : Buffer.concat([...state.held, here]);
  state.from = to;
  state.held = [];
  state.heldBytes = 0;
  return whole;
}

/** So much is kept of text that belongs to no value. */
const BETWEEN = 1 << 20;

/** The chunk's memory is used again. Of text between values and of what is too long only the beginning is kept. */
function hold(state: State, chunk: Buffer): void {
  const rest = chunk.subarray(state.from);
  state.heldBytes += rest.length;
  const limit = state.depth === 0 ? BETWEEN : OBJECT_LIMIT;
  if (state.heldBytes <= limit || state.held.length === 0) state.held.push(Buffer.from(rest));
}

function end(state: State): void {
  const nothing = Buffer.alloc(0);
  state.from = 0;
  if (state.depth > 0) endValue(state, 'cut', valueBytes(state, nothing, 0));
  else between(state, nothing, 0);
  if (state.arrays > 0) endValue(state, 'cut', nothing);
}
