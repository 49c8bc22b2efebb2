// Splits YAML into pieces by lines, as they come: documents, and the items of a list at the root of one.
//
// A dump is one list of thousands of items: parsed whole it takes minutes and
// gigabytes, and one mistake spoils it all. Block scalars are indented deeper
// than the list they are in, so a line is enough to tell where an item begins.

import { OBJECT_LIMIT } from './contract.ts';
import { managedFieldsDropper } from './managed-fields.ts';

export interface BlockListener {
  /** An item of the list at the root. */
  readonly item: (text: string) => void;
  /** The list begins; its document so far. */
  readonly list: (head: string) => void;
  /** The end of a document: all of it but its items. */
  readonly document: (text: string) => void;
  /** An item or document longer than is read. */
  readonly tooLong: () => void;
}

export interface BlockSplitter {
  readonly line: (line: string) => void;
  readonly end: () => void;
}

interface State {
  readonly tell: BlockListener;
  /** Lines of the document that belong to no item. */
  rest: string[];
  restSize: number;
  /** Indentation of the list's dashes; undefined outside of a list. */
  indent: string | undefined;
  /** The last line with content was `items:`. */
  wantsItems: boolean;
  /** The document has had its list. */
  hadList: boolean;
  item: string[];
  itemSize: number;
  keeps: (line: string) => boolean;
}

export function splitBlocks(tell: BlockListener): BlockSplitter {
  const state: State = {
    tell,
    rest: [],
    restSize: 0,
    indent: undefined,
    wantsItems: false,
    hadList: false,
    item: [],
    itemSize: 0,
    keeps: () => true,
  };
  return {
    line: (line) => takeLine(state, line),
    end: () => {
      endItem(state);
      endDocument(state);
    },
  };
}

const MARKER = /^(?:---|\.\.\.)(?=\s|$)/;
const BLANK = /^[^\S\n]*(?:#|$)/;
const DASH = /^(?<indent> *)-(?: |$)/;

function takeLine(state: State, line: string): void {
  if (MARKER.test(line)) {
    endItem(state);
    endDocument(state);
    keepRest(state, line.slice(3));
  } else if (state.indent === undefined || !inList(state, state.indent, line)) outside(state, line);
}

/** False when the line ends the list. */
function inList(state: State, indent: string, line: string): boolean {
  if (line.startsWith(indent) && isDash(line, indent.length)) {
    endItem(state);
    beginItem(state, line, indent);
    return true;
  }
  if ((line.startsWith(indent) && isDeeper(line, indent.length)) || BLANK.test(line)) {
    keepItem(state, line);
    return true;
  }
  endItem(state);
  state.indent = undefined;
  return false;
}

const isDeeper = (line: string, at: number): boolean => line[at] === ' ' || line[at] === '\t';

const isDash = (line: string, at: number): boolean =>
  line[at] === '-' && (line.length === at + 1 || line[at + 1] === ' ');

function beginItem(state: State, line: string, indent: string): void {
  state.keeps = managedFieldsDropper();
  keepItem(state, `${indent} ${line.slice(indent.length + 1)}`);
}

function keepItem(state: State, line: string): void {
  state.itemSize += line.length + 1;
  if (state.itemSize <= OBJECT_LIMIT && state.keeps(line)) state.item.push(line);
}

function endItem(state: State): void {
  if (state.itemSize > OBJECT_LIMIT) state.tell.tooLong();
  else if (state.item.length > 0) state.tell.item(state.item.join('\n'));
  state.item = [];
  state.itemSize = 0;
}

function outside(state: State, line: string): void {
  const indent = BLANK.test(line) ? undefined : listIndent(state, line);
  if (indent === undefined) {
    if (!BLANK.test(line)) state.wantsItems = /^items:[^\S\n]*$/.test(line);
    keepRest(state, line);
    return;
  }
  state.tell.list(state.rest.join('\n'));
  state.indent = indent;
  state.hadList = true;
  state.wantsItems = false;
  beginItem(state, line, indent);
}

/** Only the first list of a document is split: the one below `items:`, or the document itself. */
function listIndent({ hadList, wantsItems, rest }: State, line: string): string | undefined {
  const indent = hadList ? undefined : DASH.exec(line)?.groups?.['indent'];
  const isRoot = indent === '' && rest.every((other) => BLANK.test(other));
  return wantsItems || isRoot ? indent : undefined;
}

function keepRest(state: State, line: string): void {
  state.restSize += line.length + 1;
  if (state.restSize <= OBJECT_LIMIT) state.rest.push(line);
}

function endDocument(state: State): void {
  if (state.restSize > OBJECT_LIMIT) state.tell.tooLong();
  else state.tell.document(state.rest.join('\n'));
  state.rest = [];
  state.restSize = 0;
  state.indent = undefined;
  state.wantsItems = false;
  state.hadList = false;
}
