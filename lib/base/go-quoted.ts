// Strings as Go quotes them (strconv.Quote, %q): `"a \"name\" and a\nline"`.

export interface Quoted {
  readonly value: string;
  /** Index behind the closing quote. */
  readonly end: number;
}

/** The quoted string that begins at `at`; undefined when none begins there or it never ends. Linear. */
export function goQuotedAt(text: string, at: number): Quoted | undefined {
  const close = closingQuote(text, at);
  if (close === undefined) return undefined;
  const inner = text.slice(at + 1, close);
  return { value: inner.includes('\\') ? inner.replace(ESCAPE, unescaped) : inner, end: close + 1 };
}

const QUOTE = 34;
const BACKSLASH = 92;

/** Index of the quote that closes the one at `at`. */
export function closingQuote(text: string, at: number): number | undefined {
  if (text.charCodeAt(at) !== QUOTE) return undefined;
  for (let here = at + 1; here < text.length; here += 1) {
    const code = text.charCodeAt(here);
    if (code === QUOTE) return here;
    if (code === BACKSLASH) here += 1;
  }
  return undefined;
}

const ESCAPE = /\\(?:[abfnrtv\\'"]|x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8})/g;

const LETTERS: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** One escape: a letter, or the number of a character. */
function unescaped(sequence: string): string {
  const kind = sequence.charAt(1);
  if (sequence.length === 2) return LETTERS[kind] ?? kind;
  const code = Number.parseInt(sequence.slice(2), 16);
  return code > 0x10ffff ? sequence : String.fromCodePoint(code);
}
