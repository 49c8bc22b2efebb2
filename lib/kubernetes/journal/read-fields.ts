// The key=value pairs behind a klog message.
//
// A value is Go-quoted, a bare word, JSON (`event={"ID":"…"}`, since klog
// 2.100), or Go's own form (`event=&{ID:… Type:…}`, `pods=[ns/pod]`, before). A
// text of several lines is printed as `output=<` with the rest on lines of its
// own, each behind a tab.

import { closingQuote, goQuotedAt } from '../../base/go-quoted.ts';
import type { Fields } from './journal-line.ts';

export const NO_FIELDS: Fields = new Map();

/** A record has a dozen; a line that somebody made may have a million. */
const MOST = 64;

/** From `at` on; stops at the first thing that is no pair. The first value of a key counts. */
export function readFields(text: string, at: number): Fields {
  const fields = new Map<string, string>();
  let here = at;
  while (text.charCodeAt(here) === 32 && fields.size < MOST) {
    const equals = keyEnd(text, here + 1);
    const value = equals === undefined ? undefined : valueAt(text, equals + 1);
    if (equals === undefined || value === undefined) break;
    const key = text.slice(here + 1, equals);
    if (!fields.has(key)) fields.set(key, value.value);
    here = value.end;
  }
  return fields;
}

const KEY_LENGTH = 64;

/** Index of the `=` behind a key that begins at `at`. */
function keyEnd(text: string, at: number): number | undefined {
  for (let here = at; here <= at + KEY_LENGTH && here < text.length; here += 1) {
    const code = text.charCodeAt(here);
    if (code === 61) return here > at ? here : undefined;
    if (code === 32 || code === 34) return undefined;
  }
  return undefined;
}

interface Value {
  readonly value: string;
  readonly end: number;
}

function valueAt(text: string, at: number): Value | undefined {
  switch (text[at]) {
    case '"':
      return goQuotedAt(text, at);
    case '[':
    case '{':
      return bracketedAt(text, at, at);
    case '&':
      return bracketedAt(text, at, at + 1);
    default:
      return bareAt(text, at);
  }
}

function bareAt(text: string, at: number): Value {
  const blank = text.indexOf(' ', at);
  const end = blank < 0 ? text.length : blank;
  return { value: text.slice(at, end), end };
}

/** To the bracket that closes the one at `open`; brackets inside quotes do not count. */
function bracketedAt(text: string, at: number, open: number): Value | undefined {
  let depth = 0;
  for (let here = open; here < text.length; here += 1) {
    const close = closingQuote(text, here);
    depth += depthAt(text, here);
    if (depth === 0) return { value: text.slice(at, here + 1), end: here + 1 };
    if (close !== undefined) here = close;
    else if (text[here] === '"') return undefined;
  }
  return undefined;
}

const DEPTHS: Readonly<Record<string, number>> = { '[': 1, '{': 1, ']': -1, '}': -1 };

const depthAt = (text: string, at: number): number => DEPTHS[text.charAt(at)] ?? 0;
