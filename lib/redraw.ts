// A picture on a terminal that is drawn over itself.

export interface Picture {
  readonly show: (text: string) => Promise<void>;
  /** Leaves nothing of it, as if it had not been there. */
  readonly clear: () => Promise<void>;
}

/** Without knowing its height: that of the smallest usual terminal. */
const ROWS = 24;

/** What is longer than the terminal is cut: a line that has scrolled away cannot be drawn over. */
export function picture(write: (text: string) => Promise<void>, rows: number = ROWS): Picture {
  let drawn = '';
  const erasure = (): string => {
    const lines = drawn.split('\n').length - 1;
    return lines === 0 ? '' : `\u001b[${lines}F\u001b[J`;
  };
  const draw = async (text: string): Promise<void> => {
    if (text === drawn) return;
    const over = erasure();
    drawn = text;
    await write(`${over}${text}`);
  };
  return { show: (text) => draw(fitting(text, rows - 1)), clear: () => draw('') };
}

function fitting(text: string, rows: number): string {
  const lines = text.split('\n').slice(0, -1);
  return lines
    .slice(0, rows)
    .map((line) => `${line}\n`)
    .join('');
}
