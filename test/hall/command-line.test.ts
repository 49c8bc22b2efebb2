// argv as people type it, and what comes of it.

import { describe, expect, it } from 'vitest';
import { VERSION } from '../../lib/base/version.ts';
import { helpText, parseCommandLine } from '../../lib/command-line.ts';

const refusal = (line: string) => {
  const parsed = parseCommandLine(line.split(' ').filter((word) => word !== ''));
  return parsed.ok ? undefined : parsed.error;
};

describe('parseCommandLine', () => {
  it.each([
    ['replay a', { name: 'replay', paths: ['a'], options: { progress: true } }],
    ['replay a b -', { name: 'replay', paths: ['a', 'b', '-'], options: { progress: true } }],
    [
      'replay a --format json --out x',
      { name: 'replay', paths: ['a'], options: { progress: true, format: 'json', out: 'x' } },
    ],
    [
      'replay --format=chrome a',
      { name: 'replay', paths: ['a'], options: { progress: true, format: 'chrome' } },
    ],
    [
      'replay a --otlp http://x:4318 --dry-run',
      { name: 'replay', paths: ['a'], options: { progress: true, otlp: 'http://x:4318', dryRun: true } },
    ],
    ['collect --store x', { name: 'collect', paths: [], options: { store: 'x' } }],
    ['pod', { name: 'pod', paths: [], options: { progress: true } }],
    ['replay a --otlp', { name: 'replay', paths: ['a'], options: { progress: true, otlp: true } }],
    [
      'replay a --no-progress -n ns -l app=x',
      { name: 'replay', paths: ['a'], options: { progress: false, namespace: 'ns', selector: 'app=x' } },
    ],
    ['replay a --pod-uid u', { name: 'replay', paths: ['a'], options: { progress: true, podUid: 'u' } }],
    ['explain a --as-pod p', { name: 'explain', paths: ['a'], options: { progress: true, asPod: 'p' } }],
    ['lint a --format json', { name: 'lint', paths: ['a'], options: { progress: true, format: 'json' } }],
    ['replay -- --odd-name', { name: 'replay', paths: ['--odd-name'], options: { progress: true } }],
  ])('%s', (line, command) => {
    expect(parseCommandLine(line.split(' '))).toEqual({ ok: true, value: command });
  });

  it.each([
    ['repaly a', 2, "unknown command 'repaly'\n(Did you mean replay?)"],
    ['replay a --fromat json', 2, "unknown option '--fromat'\n(Did you mean --format?)"],
    ['replay', 2, "missing required argument 'path'"],
    ['replay a --format', 2, "option '--format <format>' argument missing"],
    ['lint a --otlp http://x', 2, "unknown option '--otlp'"],
    ['explain a --format json', 2, "unknown option '--format'"],
    ['', 2, 'Usage: coldtrace'],
    ['--help', 0, 'Usage: coldtrace'],
    ['help replay', 0, 'Usage: coldtrace replay'],
    ['--version', 0, VERSION],
  ])('%s: exit %i', (line, exitCode, message) => {
    expect(refusal(line)?.exitCode).toBe(exitCode);
    expect(refusal(line)?.message).toContain(message);
  });
});

describe('helpText', () => {
  it.each([undefined, 'replay', 'explain', 'lint', 'pod', 'collect'] as const)(
    '%s: 80 columns, examples, exit codes',
    (name) => {
      const text = helpText(name);
      expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
      expect(text).toContain('Examples:');
      expect(text).toContain('Exit codes:');
    },
  );

  it.each(['replay', 'explain', 'lint', 'pod', 'collect', 'analyze', 'backfill', 'doctor'] as const)(
    'every example of %s is a command line that is understood',
    (name) => {
      const lines =
        helpText(name).match(/coldtrace (?:replay|explain|lint|pod|collect|analyze|backfill|doctor) .*/g) ??
        [];
      expect(lines.length).toBeGreaterThan(1);
      const commands = lines.filter((line) => !line.includes('[options]'));
      expect(commands.filter((line) => !parseCommandLine(line.split(' ').slice(1)).ok)).toEqual([]);
    },
  );
});
