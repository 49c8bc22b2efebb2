// Small tools for text that strangers wrote.

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what this is about
const ANSI = /\u001b(?:\[[0-9;:?]*[A-Za-z]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

/** Without terminal escape sequences (SGR colours, cursor moves, titles). */
export const stripAnsi = (text: string): string => (text.includes('\u001b') ? text.replace(ANSI, '') : text);

/** At most `limit` UTF-16 units; a cut text ends in `…` and never in half a character. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const end = /[\uD800-\uDBFF]/.test(text.charAt(limit - 2)) ? limit - 2 : limit - 1;
  return `${text.slice(0, end)}…`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/g;

/** Safe to print on one line of a terminal: no escapes, no control characters. */
export const printable = (text: string): string =>
  stripAnsi(text)
    .replace(/[\t\n]/g, ' ')
    .replace(CONTROL, '\uFFFD');

/** Code-unit order: the same on every machine, whatever its locale. */
export const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
