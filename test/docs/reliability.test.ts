// docs/reliability.md lists all thirty scenarios, each with a test file that has a `describe` of its number.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const page = readFileSync('docs/reliability.md', 'utf8');
const rows = [...page.matchAll(/^\| (?<number>\d+) \|.*\| `(?<file>test\/faults\/[a-z-]+\.test\.ts)` \|$/gm)];
const listed = rows.map(({ groups }) => ({
  number: Number(groups?.['number']),
  file: groups?.['file'] ?? '',
}));

it('all thirty are there, in order', () => {
  expect(listed.map(({ number }) => number)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
});

it.each(listed)('scenario $number is told in $file', ({ number, file }) => {
  expect(readFileSync(file, 'utf8')).toMatch(new RegExp(`^describe\\('scenario ${number}: `, 'm'));
});

it('none is skipped', () => {
  for (const file of new Set(listed.map((row) => row.file)))
    expect(readFileSync(file, 'utf8')).not.toMatch(/\b(?:skip|todo|only)\b(?:If)?\(/);
});
