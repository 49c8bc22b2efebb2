// One copy of each value that is kept many times: texts, and whatever objects and lists are made of them.
//
// A pod is written down whole every time that one word of its status changes: what
// differs then is a condition, and what is kept of the rest should be kept once.

import { detached } from './string-pool.ts';

export interface ValuePool {
  /**
   * Puts equal values in the place of all that the holder holds, however deep; the
   * holder itself is changed. Members named in `alone` are seldom said twice: of
   * them only the texts are looked at.
   */
  readonly shareIn: (holder: object, alone?: ReadonlySet<string>) => void;
}

/** Values that are remembered; then it begins anew: what is shared already stays shared. */
const ROOM = 20_000;

/** Longer texts are hardly ever said twice, and cost as much again to be known by. */
const LONGEST = 4096;

interface Known {
  readonly texts: Map<string, string>;
  /** By what they hold. */
  readonly values: Map<string, object>;
  /** A value that stands in `values` is known by its number to those that hold it. */
  readonly numbers: Map<object | string, number>;
  next: number;
}

export function valuePool(): ValuePool {
  const known: Known = { texts: new Map(), values: new Map(), numbers: new Map(), next: 0 };
  return {
    shareIn: (holder, alone = NONE) => {
      if (known.numbers.size >= ROOM) forget(known);
      for (const [key, value] of Object.entries(holder)) {
        const own = alone.has(key) ? withTexts(known, value) : shared(known, value);
        if (own !== value) Reflect.set(holder, key, own);
      }
    },
  };
}

const NONE: ReadonlySet<string> = new Set();

function forget({ texts, values, numbers }: Known): void {
  for (const known of [texts, values, numbers]) known.clear();
}

function shared(known: Known, value: unknown): unknown {
  if (typeof value === 'string') return sharedText(known, value);
  if (typeof value !== 'object' || value === null) return value;
  if (known.numbers.has(value)) return value;
  replaceMembers(value, (member) => shared(known, member));
  return theOne(known, value);
}

/** Only the texts in it: the value itself stays what it is. */
function withTexts(known: Known, value: unknown): unknown {
  if (typeof value === 'string') return detached(value);
  if (typeof value === 'object' && value !== null)
    replaceMembers(value, (member) => withTexts(known, member));
  return value;
}

function replaceMembers(holder: object, by: (member: unknown) => unknown): void {
  for (const [key, member] of Object.entries(holder)) {
    const own = by(member);
    if (own !== member) Reflect.set(holder, key, own);
  }
}

function sharedText(known: Known, text: string): string {
  if (text.length > LONGEST) return detached(text);
  const before = known.texts.get(text);
  if (before !== undefined) return before;
  const own = detached(text);
  known.texts.set(own, own);
  number(known, own);
  return own;
}

const number = (known: Known, value: object | string): number => {
  known.next += 1;
  known.numbers.set(value, known.next);
  return known.next;
};

/** The value itself, or the equal one that was there before it. */
function theOne(known: Known, value: object): object {
  const name = nameOf(known, value);
  if (name === undefined) return value;
  const before = known.values.get(name);
  if (before !== undefined) return before;
  known.values.set(name, value);
  number(known, value);
  return value;
}

/** Equal for equal values, since their members are shared already; undefined when one of them is not. */
function nameOf({ numbers }: Known, value: object): string | undefined {
  const names: string[] = [Array.isArray(value) ? '[' : '{'];
  for (const [key, member] of Object.entries(value)) {
    const isHeld = typeof member === 'string' || (typeof member === 'object' && member !== null);
    const name = isHeld ? numbers.get(member) : `${typeof member} ${String(member)}`;
    if (name === undefined) return undefined;
    names.push(key, String(name));
  }
  return names.join('\0');
}
