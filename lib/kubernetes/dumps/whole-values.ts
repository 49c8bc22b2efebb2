// Finds the whole JSON values in text that does not parse as one.
//
// A dump that was cut off (`kubectl get -o json | head`, a full disk) still
// holds complete items, and several dumps may stand in one file. One pass over
// the structure characters; nothing is parsed here.

export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface TopValue extends Span {
  /** False when the text ends inside it. */
  readonly whole: boolean;
  /** The whole objects in its own list: `[{…}]` or `{"items": [{…}]}`. */
  readonly items: readonly Span[];
}

interface Open {
  readonly bracket: string;
  readonly at: number;
}

interface Walk {
  readonly open: Open[];
  readonly tops: TopValue[];
  items: Span[];
}

/** The values at top level, in order. Text between them is not looked at. */
export function topValues(text: string): readonly TopValue[] {
  const structure = /["{}[\]]/g;
  const walk: Walk = { open: [], tops: [], items: [] };
  for (let found = structure.exec(text); found !== null; found = structure.exec(text)) {
    const at = found.index;
    const mark = found[0];
    if (mark === '"') structure.lastIndex = afterString(text, at);
    else if (mark === '{' || mark === '[') walk.open.push({ bracket: mark, at });
    else close(walk, at + 1);
  }
  const [unfinished] = walk.open;
  if (unfinished === undefined) return walk.tops;
  return [...walk.tops, { start: unfinished.at, end: text.length, whole: false, items: walk.items }];
}

function close(walk: Walk, end: number): void {
  const closed = walk.open.pop();
  if (closed === undefined) return;
  const span = { start: closed.at, end };
  if (isItem(walk.open, closed)) walk.items.push(span);
  if (walk.open.length > 0) return;
  walk.tops.push({ ...span, whole: true, items: walk.items });
  walk.items = [];
}

const isItem = (open: readonly Open[], closed: Open): boolean =>
  closed.bracket === '{' && open.length <= 2 && open.at(-1)?.bracket === '[';

/** The index after the closing quote of the string that opens at `at`; the end of the text when it never closes. */
function afterString(text: string, at: number): number {
  for (let quote = text.indexOf('"', at + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    if (backslashesBefore(text, quote) % 2 === 0) return quote + 1;
  }
  return text.length;
}

function backslashesBefore(text: string, at: number): number {
  let from = at;
  while (text[from - 1] === '\\') from -= 1;
  return at - from;
}
