// Reads the arguments that Python programs print of themselves: `{'model': 'x', …}`,
// `Namespace(model='x', …)`, `model='x', max_seq_len=2048, …`.
//
// Names in them are the user's: a served model name may hold a whole log line or
// `', enforce_eager=True`. So quotes and brackets are followed, only the outermost
// level counts, and of a repeated key the first value.

/** Longest text that is looked at, in UTF-16 units: real ones are some thousand. */
const REACH = 65_536;
const MOST = 600;

/** Keys of the outermost level with their values as printed (`'x'`, `['a', 'b']`, `True`). A cut text gives what is whole. */
export function parseArguments(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const end = Math.min(text.length, REACH);
  let at = 0;
  while (at < end && found.size < MOST) {
    const key = KEY.exec(text.slice(at, at + 160));
    const from = key === null ? at : at + key[0].length;
    const to = valueEnd(text, from, end);
    const name = key?.groups?.['quoted'] ?? key?.groups?.['plain'];
    if (name !== undefined && to <= end && !found.has(name)) found.set(name, text.slice(from, to).trim());
    if (/[)}]/.test(text.charAt(to))) break;
    at = to + 1;
  }
  return found;
}

/** `, 'model': ` or ` model=`. */
const KEY = /^\s{0,8}(?:['"](?<quoted>\w{1,80})['"]:\s?|(?<plain>[A-Za-z_]\w{0,79})=)/;

/** Where the value ends: at a comma or closing bracket of its own level, or at `end`; behind `end` when it is not whole. */
function valueEnd(text: string, from: number, end: number): number {
  let depth = 0;
  let at = from;
  for (; at < end; at += 1) {
    const char = text.charAt(at);
    if (depth === 0 && ENDING.has(char)) return at;
    if (QUOTES.has(char)) at = quoteEnd(text, at, end);
    depth += STEPS.get(char) ?? 0;
  }
  return depth === 0 ? at : end + 1;
}

const QUOTES: ReadonlySet<string> = new Set(["'", '"']);
const ENDING: ReadonlySet<string> = new Set([',', ')', ']', '}']);
const STEPS: ReadonlyMap<string, number> = new Map([
  ['(', 1],
  ['[', 1],
  ['{', 1],
  [')', -1],
  [']', -1],
  ['}', -1],
]);

/** Of the closing quote, or `end`; Python's repr escapes with a backslash. */
function quoteEnd(text: string, open: number, end: number): number {
  const quote = text.charAt(open);
  for (let at = open + 1; at < end; at += 1) {
    const char = text.charAt(at);
    if (char === '\\') at += 1;
    else if (char === quote) return at;
  }
  return end;
}

const QUOTED = /^(['"])(.*)\1$/s;

/** `'x'` → `x`; `['a', 'b']` → `a`; `None` → undefined; anything else as it stands. */
export function textValue(value: string | undefined): string | undefined {
  if (value === undefined || value === 'None' || value === '') return undefined;
  if (value.startsWith('[')) return textValue(value.slice(1, valueEnd(value, 1, value.length)));
  const inner = QUOTED.exec(value)?.[2];
  return inner === undefined ? value : inner.replace(/\\([\\'"])/g, '$1');
}

/** A whole, plain number; `auto`, `8k` and the like are undefined. */
export function numberValue(value: string | undefined): number | undefined {
  return value !== undefined && /^\d{1,12}$/.test(value) ? Number(value) : undefined;
}
