// One copy of each text that is kept many times, and none that keeps a megabyte alive behind it.
//
// V8 cuts a string by pointing into the longer one: ten characters of a parsed
// item would keep the item's whole text. A dump of 100,000 events says the same
// few thousand texts again and again.

export interface StringPool {
  /** The same text, of which only one copy is held. */
  readonly share: (text: string) => string;
}

/** Texts that are remembered; then it begins anew: what is shared already stays shared. */
const ROOM = 50_000;

/** Longer texts are hardly ever said twice. */
const LONGEST = 256;

export function stringPool(): StringPool {
  const known = new Map<string, string>();
  return {
    share: (text) => {
      if (text.length > LONGEST) return detached(text);
      const before = known.get(text);
      if (before !== undefined) return before;
      if (known.size >= ROOM) known.clear();
      const own = detached(text);
      known.set(own, own);
      return own;
    },
  };
}

/** A copy that points into nothing. Shorter ones than 13 characters V8 copies by itself. */
export const detached = (text: string): string =>
  text.length < 13 ? text : Buffer.from(text, 'utf16le').toString('utf16le');

/** Shares every text in an object and in all that it holds; the object itself is changed. */
export function shareTexts(holder: object, pool: StringPool): void {
  for (const [key, value] of Object.entries(holder)) {
    if (typeof value === 'string') Reflect.set(holder, key, pool.share(value));
    else if (typeof value === 'object' && value !== null) shareTexts(value, pool);
  }
}
