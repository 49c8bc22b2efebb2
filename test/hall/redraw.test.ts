// A picture drawn over itself, as a terminal would show it.

import { describe, expect, it } from 'vitest';
import { picture } from '../../lib/redraw.ts';

/** What stands on a terminal after it was written to: line feeds, "up and to the left", "erase below". */
function shown(written: string): readonly string[] {
  const lines = [''];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what this is about
  for (const [piece, up] of written.matchAll(/\u001b\[(\d+)F|\u001b\[J|\n|[^\u001b\n]+/g)) {
    if (up !== undefined) lines.splice(lines.length - 1 - Number(up), lines.length, '');
    else if (piece === '\n') lines.push('');
    else if (!piece.startsWith('\u001b')) lines.push(`${lines.pop()}${piece}`);
  }
  return lines;
}

async function drawn(rows: number, ...texts: readonly string[]) {
  let written = 'before\n';
  const one = picture(async (text) => {
    written += text;
  }, rows);
  for (const text of texts) await one.show(text);
  const during = shown(written);
  await one.clear();
  return { during, afterwards: shown(written), written };
}

describe('picture', () => {
  it('the later takes the place of the earlier, and nothing stays', async () => {
    const { during, afterwards } = await drawn(24, 'a\nb\nc\n', 'd\n', 'e\nf\n');
    expect(during).toEqual(['before', 'e', 'f', '']);
    expect(afterwards).toEqual(['before', '']);
  });

  it('what is longer than the terminal is cut', async () => {
    const { during, afterwards } = await drawn(4, 'a\nb\nc\nd\ne\n');
    expect(during).toEqual(['before', 'a', 'b', 'c', '']);
    expect(afterwards).toEqual(['before', '']);
  });

  it('what has not changed is not drawn again', async () => {
    const once = await drawn(24, 'a\n');
    expect((await drawn(24, 'a\n', 'a\n')).written).toBe(once.written);
  });
});
