// Printed arguments, with names that try to be more than names.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberValue, parseArguments, textValue } from '../../lib/formats/arguments.ts';

describe('parseArguments', () => {
  it.each<readonly [string, Readonly<Record<string, string>>]>([
    ["'model': 'x', 'port': 8000}", { model: "'x'", port: '8000' }],
    ["model='x', seed=0)", { model: "'x'", seed: '0' }],
    ["'a': ['x', 'y, z'], 'b': {'c': 1, 'd': (2, 3)}}", { a: "['x', 'y, z']", b: "{'c': 1, 'd': (2, 3)}" }],
    // A name that closes its own bracket and adds an argument.
    [
      `'served_model_name': "x', 'enforce_eager': True, 'y': '", 'seed': 1}`,
      { served_model_name: `"x', 'enforce_eager': True, 'y': '"`, seed: '1' },
    ],
    ["'name': 'it\\'s', 'seed': 1}", { name: "'it\\'s'", seed: '1' }],
    // What stands unquoted behind cannot change what was said before.
    [
      'load_format=auto, served_model_name=x, load_format=dummy)',
      { load_format: 'auto', served_model_name: 'x' },
    ],
    // Cut off: the last value is not whole.
    ["'model': 'x', 'model_tag': 'Qwe", { model: "'x'" }],
    [
      "method=SpeculativeConfig(method='mtp', model='y'), model='x')",
      { method: "SpeculativeConfig(method='mtp', model='y')", model: "'x'" },
    ],
    ['', {}],
  ])('%j', (text, expected) => {
    expect(Object.fromEntries(parseArguments(text))).toEqual(expected);
  });

  it('gives back what Python printed', () => {
    const repr = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
    const text = fc.string({ maxLength: 40 }).filter((value) => value.trim() !== '' && value !== 'None');
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), (values) => {
        const printed = values.map((value, index) => `'k${index}': ${repr(value)}`).join(', ');
        const found = parseArguments(`${printed}}`);
        expect(values.map((_, index) => textValue(found.get(`k${index}`)))).toEqual(values);
      }),
    );
  });
});

describe('values', () => {
  it.each<readonly [string | undefined, string | undefined]>([
    ["'x'", 'x'],
    ["['a', 'b']", 'a'],
    ['None', undefined],
    ['auto', 'auto'],
    [undefined, undefined],
  ])('text of %j', (value, expected) => {
    expect(textValue(value)).toBe(expected);
  });

  it.each<readonly [string | undefined, number | undefined]>([
    ['8192', 8192],
    ['auto', undefined],
    ["'8k'", undefined],
    ['-1', undefined],
  ])('number of %j', (value, expected) => {
    expect(numberValue(value)).toBe(expected);
  });
});
