// CloudWatch's filter patterns, as far as they are documented for unstructured text: terms, "phrases", ?or, -not; and { $.a.b = "x" }.
//
// A pattern that this does not understand is refused, never taken for "everything".

export type Matcher = (message: string) => boolean;

/** Undefined: not a pattern. */
export function matcherOf(pattern: string): Matcher | undefined {
  if (pattern.trim() === '') return () => true;
  if (pattern.length > 1024) return undefined;
  return pattern.trim().startsWith('{') ? jsonMatcher(pattern.trim()) : termMatcher(pattern);
}

const TERM =
  /\s*(?<sign>[?-]?)(?:"(?<phrase>(?:[^"\\]|\\.){1,1000})"|(?<word>[A-Za-z0-9_]{1,1000}))(?=\s|$)/y;

function termMatcher(pattern: string): Matcher | undefined {
  const terms: { sign: string; text: string }[] = [];
  TERM.lastIndex = 0;
  while (TERM.lastIndex < pattern.trimEnd().length) {
    const groups = TERM.exec(pattern)?.groups;
    if (groups === undefined) return undefined;
    const text = groups['word'] ?? (groups['phrase'] ?? '').replace(/\\(.)/g, '$1');
    terms.push({ sign: groups['sign'] ?? '', text });
  }
  const of = (sign: string) => terms.filter((term) => term.sign === sign).map(({ text }) => text);
  const [all, any, none] = [of(''), of('?'), of('-')];
  return (message) =>
    all.every((text) => message.includes(text)) &&
    !none.some((text) => message.includes(text)) &&
    // "If you combine ? with other terms, the ? terms are ignored."
    (any.length === 0 || all.length + none.length > 0 || any.some((text) => message.includes(text)));
}

function jsonMatcher(pattern: string): Matcher | undefined {
  const groups = /^\{ ?\$\.(?<path>[\w.]{1,200}) ?= ?"(?<value>[^"]{0,300})" ?\}$/.exec(pattern)?.groups;
  if (groups === undefined) return undefined;
  const path = (groups['path'] ?? '').split('.');
  return (message) => {
    try {
      const value = path.reduce<unknown>(
        (at, key) =>
          typeof at === 'object' && at !== null
            ? Object.entries(at).find(([k]) => k === key)?.[1]
            : undefined,
        JSON.parse(message),
      );
      return value === groups['value'];
    } catch {
      return false;
    }
  };
}
