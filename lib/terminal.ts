// What the terminal can show, read from variables that the door hands over.

export type Env = Readonly<Record<string, string | undefined>>;

export interface Terminal {
  /** Is it one? */
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly columns: number | undefined;
  readonly rows?: number | undefined;
}

const WIDEST = 160;
const NARROWEST = 40;

/** FORCE_COLOR beats NO_COLOR, as in Node; then only a terminal gets colours. https://no-color.org */
export function colorWanted(env: Env, terminal: boolean): boolean {
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  return terminal && env['TERM'] !== 'dumb';
}

/** False only when a variable says so: many containers set no locale and yet speak UTF-8. */
export function unicodeSpoken(env: Env): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((value) => (value ?? '') !== '');
  return env['TERM'] !== 'linux' && (locale === undefined || /utf-?8/i.test(locale));
}

/** The terminal's columns within reason; `otherwise` when there is no terminal. */
export const widthFor = (columns: number | undefined, otherwise: number): number =>
  columns === undefined || columns <= 0 ? otherwise : Math.min(WIDEST, Math.max(NARROWEST, columns));

/** `COLUMNS`, which shells export and scripts set for programs that have no terminal; undefined unless a whole number. */
export function columnsIn(env: Env): number | undefined {
  const columns = env['COLUMNS'] ?? '';
  return /^[1-9]\d{0,4}$/.test(columns) ? Number(columns) : undefined;
}
