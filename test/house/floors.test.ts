// The floors of the house: who may import whom.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOMS = [
  'sources',
  'framings',
  'formats',
  'kubernetes',
  'native-spans',
  'assembly',
  'telemetry',
  'exporters',
  'ledger',
  'reports',
  'settings',
  'aws',
];

/** Each place, and the places below it. A room sees itself, but no other room. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'lib/base': ['lib/base'],
  'lib/model': ['lib/base', 'lib/model'],
  ...Object.fromEntries(ROOMS.map((room) => [`lib/${room}`, ['lib/base', 'lib/model', `lib/${room}`]])),
  lib: ['lib/base', 'lib/model', 'lib', ...ROOMS.map((room) => `lib/${room}`)],
  functions: ['functions', 'lib', 'lib/base'],
  bin: ['lib', 'lib/base'],
};

const files = ['lib', 'functions', 'bin']
  .filter((top) => existsSync(top))
  .flatMap((top) =>
    readdirSync(top, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(top, file)),
  );

/** The room of a file: its folder's first two names, so that a room may have inner folders. */
const roomOf = (file: string): string => dirname(file).split('/').slice(0, 2).join('/');

const importsOf = (file: string): readonly string[] => {
  const text = readFileSync(file, 'utf8');
  const fixed = [...text.matchAll(/^(?:import|export)\b[^;]*?\bfrom '(\.[^']+)';/gms)];
  const lazy = [...text.matchAll(/\bimport\('(\.[^']+)'\)/g)];
  return [...fixed, ...lazy].map((match) => normalize(join(dirname(file), match[1] ?? '')));
};

/** Files that some file of this set leads back to. */
function cycles(): readonly string[] {
  const graph = new Map(files.map((file) => [file, importsOf(file)]));
  const reaches = (from: string, target: string, seen: Set<string>): boolean =>
    (graph.get(from) ?? []).some((next) => {
      if (next === target) return true;
      if (seen.has(next)) return false;
      seen.add(next);
      return reaches(next, target, seen);
    });
  return files.filter((file) => reaches(file, file, new Set()));
}

describe('floors', () => {
  test.each(files)('%s imports only from below', (file) => {
    const allowed = MAY_IMPORT[roomOf(file)] ?? [];
    expect(importsOf(file).filter((target) => !allowed.includes(roomOf(target)))).toEqual([]);
  });

  test('every folder of lib is a known room', () => {
    const rooms = new Set(files.filter((file) => file.startsWith('lib/')).map(roomOf));
    expect([...rooms].filter((room) => MAY_IMPORT[room] === undefined)).toEqual([]);
  });

  test('nobody imports in a circle, types included', () => {
    expect(cycles()).toEqual([]);
  });

  test.each(files.filter((file) => file.startsWith('lib')))(
    '%s asks nobody for the time, the environment or luck',
    (file) => {
      const text = readFileSync(file, 'utf8');
      expect(text).not.toMatch(
        /\bDate\.now\(|\bnew Date\(\)|\bprocess\.env\b|\bMath\.random\(|\bperformance\.now\(/,
      );
    },
  );

  test.each(files)('%s starts by saying what it is', (file) => {
    expect(readFileSync(file, 'utf8')).toMatch(/^(#!.*\n)?\/\/ \S/);
  });

  test.each(files)('%s leaves no unfinished business', (file) => {
    expect(readFileSync(file, 'utf8')).not.toMatch(/\bTODO\b|\bFIXME\b|@ts-ignore|@ts-expect-error/);
  });
});
