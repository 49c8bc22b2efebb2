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

const ESCAPE =
  /\\(?:(?<letter>[abfnrtv\\'"])|x(?<byte>[0-9a-f]{2})|u(?<short>[0-9a-f]{4})|U(?<long>[0-9a-f]{8}))/g;

const LETTERS: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function unescaped(whole: string, letter?: string, byte?: string, short?: string, long?: string): string {
  if (letter !== undefined) return LETTERS[letter] ?? letter;
  const code = Number.parseInt(byte ?? short ?? long ?? '', 16);
  return code > 0x10ffff || Number.isNaN(code) ? whole : String.fromCodePoint(code);
}
