// No crafted line may make a pattern slow: every regular expression, held to a checker.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkSync } from 'recheck';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { formats } from '../../lib/formats/index.ts';
import { journalRules } from '../../lib/kubernetes/index.ts';
import { cpuTime } from '../cpu-time.ts';

interface Found {
  readonly where: string;
  readonly source: string;
  readonly flags: string;
}

/** Literals of all files; patterns that are put together are rules, checked as they come out. */
function literalsIn(file: string): readonly Found[] {
  const tree = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: Found[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isRegularExpressionLiteral(node)) {
      const end = node.text.lastIndexOf('/');
      found.push({ where: file, source: node.text.slice(1, end), flags: node.text.slice(end + 1) });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

const files = ['lib', 'bin']
  .flatMap((top) => readdirSync(top, { recursive: true, encoding: 'utf8' }).map((name) => join(top, name)))
  .filter((name) => name.endsWith('.ts'));

const rules = [...formats.flatMap((format) => format.rules), ...journalRules];
const all: readonly Found[] = [
  ...files.flatMap(literalsIn),
  ...rules.map(({ id, pattern }) => ({ where: id, source: pattern.source, flags: pattern.flags })),
];

test('there are patterns to check', () => {
  expect(all.length).toBeGreaterThan(500);
});

test('every pattern is linear, whatever a stranger writes', { timeout: 900_000 }, () => {
  const slow = all.flatMap(({ where, source, flags }) => {
    // Its time-outs are of the clock: on a busy machine a short one makes it guess.
    const verdict = checkSync(source, flags, { timeout: 120_000, randomSeed: 1 });
    if (verdict.status === 'safe') return [];
    // What the checker guesses is tried: an attack that costs nothing is none.
    const attack = verdict.status === 'vulnerable' ? verdict.attack.string : undefined;
    const isHarmless = attack !== undefined && cpuTime(() => new RegExp(source, flags).test(attack)) < 500;
    return isHarmless ? [] : [`${where}: ${verdict.status} /${source}/${flags}`];
  });
  expect(slow).toEqual([]);
});
