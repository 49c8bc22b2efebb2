// What stands beside a bar.

import { describe, expect, it } from 'vitest';
import { phaseNotes } from '../../lib/reports/notes.ts';
import { phase } from './handmade.ts';

describe('a pull that waited for others', () => {
  it.each([
    [23.601, 'queued 23.6s, printed 2.281s'],
    [0, 'printed 2.281s'],
    [0.0004, 'printed 2.281s'],
  ])('%d s in the queue', (wait, text) => {
    const attributes = { 'image.wait_seconds': wait };
    const pull = phase('image_pull', 0, 25.883, { attributes, reported: 2.281 });
    expect(phaseNotes(pull)).toBe(text);
  });
});
