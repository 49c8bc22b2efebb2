// The look of a report: colours, glyphs, and what a terminal without UTF-8 gets instead.

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'blue';

const CODES: Readonly<Record<Style, string>> = {
  bold: '1',
  dim: '2',
  red: '31',
  green: '32',
  yellow: '33',
  blue: '34',
  cyan: '36',
};

export type Paint = (style: Style, text: string) => string;

/** Colours, or nothing at all: the text is never changed otherwise. */
export const painter = (color: boolean): Paint =>
  color
    ? (style, text) => (text.trim() === '' ? text : `\u001b[${CODES[style]}m${text}\u001b[0m`)
    : (_style, text) => text;

/** One column for one column, so that nothing shifts. */
const INSTEAD: Readonly<Record<string, string>> = {
  '█': '#',
  '━': '=',
  '░': '.',
  '▒': '?',
  '─': '-',
  '≤': '<',
  '≥': '>',
  '…': '>',
  '·': '-',
  '→': '>',
  '×': 'x',
  '│': '|',
  '–': '-',
  '’': "'",
  µ: 'u',
};

/** The same text in ASCII; what has no likeness becomes `?`. */
export const toAscii = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escapes and line feeds stay
  text.replace(/[^\x00-\x7f]/gu, (character) => INSTEAD[character] ?? '?');

/** Joins lines; ends in a line feed. */
export function page(lines: readonly string[], ascii: boolean): string {
  const text = lines.map((line) => `${line}\n`).join('');
  return ascii ? toAscii(text) : text;
}
