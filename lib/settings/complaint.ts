// What is said of a wrong value: who gave it, what is allowed, what came.

import type * as z from 'zod';
import { cut, printable } from '../base/text.ts';

/** Sections whose values are secrets. */
const SECRET = /(?:^|\.)headers(?:\.|$)/;

/** `--tz: expected a zone such as …, got 'Mars'`. `from` names the giver: a flag, a variable, a line of a file and its key. */
export const complaint = (from: string, expected: string, came: string): string =>
  `${from}: expected ${expected}, got ${came}`;

/** A URL may hold a password, a header is one: neither is repeated. */
export function shownValue(value: unknown, key = ''): string {
  if (value === undefined) return 'nothing';
  if (SECRET.test(key)) return 'something else';
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value) ? 'a list' : 'a section of keys';
  const text = printable(String(value));
  return text.includes('@') ? 'something else' : `'${cut(text, 80)}'`;
}

/** Of an issue: the key that it is about. A key that is not known is that key. */
export function keysOf(issue: z.core.$ZodIssue): readonly (readonly string[])[] {
  const path = issue.path.map(String);
  return issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
}
