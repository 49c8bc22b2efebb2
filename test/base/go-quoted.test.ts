// Go's quoting, undone: what %q and strconv.Quote print.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { goQuotedAt } from '../../lib/base/go-quoted.ts';

describe('goQuotedAt', () => {
  it.each([
    ['"plain" rest', 'plain', 7],
    ['"a \\"b\\" c"', 'a "b" c', 11],
    ['"tab\\tline\\nbell\\abackslash\\\\"', 'tab\tline\nbell\u0007backslash\\', 30],
    ['"\\x00\\u00e4\\U0001f600"', '\u0000ä😀', 22],
    ['"\\U99999999"', '\\U99999999', 12],
    ['""', '', 2],
  ])('%s', (text, value, end) => {
    expect(goQuotedAt(text, 0)).toEqual({ value, end });
  });

  it.each(['', 'plain', '"never closed', '"ends in an escape\\"', "'single'"])('%s is none', (text) => {
    expect(goQuotedAt(text, 0)).toBeUndefined();
  });

  it('gives back what was quoted, and where it ended', () => {
    const quote = (text: string): string =>
      `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, rest) => {
        const quoted = quote(text);
        expect(goQuotedAt(quoted + rest, 0)).toEqual({ value: text, end: quoted.length });
      }),
    );
  });
});
