// What the options mean, and what is said about those that mean nothing.

import { describe, expect, it } from 'vitest';
import { parseInstant } from '../../lib/base/instant.ts';
import { parseCommandLine } from '../../lib/command-line.ts';
import { type ReplayConfig, resolveConfig, type Surroundings } from '../../lib/config.ts';
import type { Env, Terminal } from '../../lib/terminal.ts';

const NOW = parseInstant('2026-08-21T12:00:00Z') ?? (0n as Surroundings['now']);
const PIPED: Terminal = { stdout: false, stderr: false, columns: undefined };
const SCREEN: Terminal = { stdout: true, stderr: true, columns: 120 };

function resolve(line: string, env: Env = {}, terminal: Terminal = PIPED) {
  const command = parseCommandLine(line.split(' '));
  if (!command.ok) throw new Error(command.error.message);
  return resolveConfig(command.value, { env, terminal, now: NOW });
}

function good(line: string, env?: Env, terminal?: Terminal): ReplayConfig {
  const config = resolve(line, env, terminal);
  if (!config.ok) throw new Error(config.error.join('\n'));
  return config.value;
}

describe('resolveConfig', () => {
  it('the defaults', () => {
    expect(good('replay a')).toEqual({
      command: 'replay',
      request: { paths: ['a'], filters: {}, identity: {}, clock: {} },
      format: 'table',
      out: undefined,
      telling: { width: 80, color: false, ascii: false, traceIdScheme: 'md5' },
      trace: { traceIdScheme: 'md5', serviceName: 'vllm-startup' },
      otlp: undefined,
      sending: { destination: 'otlp', tooOld: 'refuse', metrics: false },
      dryRun: false,
      strict: false,
      progress: false,
    });
  });

  it('everything', () => {
    const line =
      'replay a --pod p -n ns -l app=x --since 2h --until 2026-08-21T11:30:00+00:00 --as-pod-uid u --as-pod q --as-namespace m --as-container c --year 2026 --tz Europe/Berlin --trace-id-scheme sha256-llm-engine --service-name s --cluster k --otlp http://x --strict --trust-pods monitoring/event-exporter,logging';
    expect(good(line)).toMatchObject({
      request: {
        filters: {
          pod: 'p',
          namespace: 'ns',
          selector: 'app=x',
          since: parseInstant('2026-08-21T10:00:00Z'),
          until: parseInstant('2026-08-21T11:30:00Z'),
        },
        identity: { uid: 'u', pod: 'q', namespace: 'm', container: 'c' },
        clock: { year: 2026, tz: 'Europe/Berlin' },
        trusted: [{ namespace: 'monitoring', pod: 'event-exporter' }, { namespace: 'logging' }],
      },
      trace: { traceIdScheme: 'sha256-llm-engine', serviceName: 's', clusterName: 'k' },
      telling: { traceIdScheme: 'sha256-llm-engine' },
      otlp: { url: 'http://x' },
      strict: true,
    });
  });

  it.each([
    ['replay a --format xml', ["--format: expected table, json, otlp-json or chrome, got 'xml'"]],
    ['lint a --format chrome', ["--format: expected table or json, got 'chrome'"]],
    [
      'replay a --otlp b',
      ["--otlp: expected an http:// or https:// URL (or nothing, as the last option), got 'b'"],
    ],
    [
      'replay a --otlp ftp://user:secret@b',
      ['--otlp: expected an http:// or https:// URL (or nothing, as the last option), got something else'],
    ],
    ['replay a --year 99', ["--year: expected a year from 1970 to 2999, got '99'"]],
    [
      'replay a --tz Mars/Olympus',
      ["--tz: expected a zone such as Europe/Berlin, UTC or +02:00, got 'Mars/Olympus'"],
    ],
    [
      'replay a --since yesterday',
      [
        "--since: expected a time such as 2026-08-21T10:00:00Z, or a time ago such as 2h, 30m or 7d, got 'yesterday'",
      ],
    ],
    ['replay a --width 3', ["--width: expected a whole number from 40 to 1000, got '3'"]],
    ['replay a --since 1h --until 2h', ['--since: expected a time before --until']],
    [
      'replay a --pod-uid u --as-pod-uid v',
      ['--pod-uid: expected the same as --as-pod-uid, or only one of them'],
    ],
    ['replay - -', ['-: standard input can be read only once']],
  ])('%s', (line, error) => {
    expect(resolve(line)).toEqual({ ok: false, error });
  });

  it('tells everything that is wrong at once', () => {
    const config = resolve('replay a --year x --tz y --format z');
    expect(config.ok ? [] : config.error).toHaveLength(3);
  });

  it.each([
    ['2h', '2026-08-21T10:00:00Z'],
    ['1h30m', '2026-08-21T10:30:00Z'],
    ['7d', '2026-08-14T12:00:00Z'],
    ['2026-08-21T10:00:00.5+02:00', '2026-08-21T08:00:00.5Z'],
  ])('--since %s', (since, meant) => {
    expect(good(`replay a --since ${since}`).request.filters.since).toBe(parseInstant(meant));
  });

  it.each(['UTC', 'Europe/Berlin', '+02:00', '-05:30'])('--tz %s', (tz) => {
    expect(good(`replay a --tz=${tz}`).request.clock.tz).toBe(tz);
  });

  it.each([
    ['a pipe', {}, PIPED, { color: false, width: 80 }],
    ['a terminal', {}, SCREEN, { color: true, width: 120 }],
    ['NO_COLOR', { NO_COLOR: '1' }, SCREEN, { color: false }],
    ['an empty NO_COLOR', { NO_COLOR: '' }, SCREEN, { color: true }],
    ['FORCE_COLOR in a pipe', { FORCE_COLOR: '1' }, PIPED, { color: true }],
    ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, SCREEN, { color: false }],
    ['TERM=dumb', { TERM: 'dumb' }, SCREEN, { color: false }],
    ['a latin-1 terminal', { LANG: 'de_DE.ISO-8859-1' }, SCREEN, { ascii: true }],
    ['LC_ALL beats LANG', { LC_ALL: 'C.UTF-8', LANG: 'C' }, SCREEN, { ascii: false }],
    ['a pipe under LANG=C', { LANG: 'C' }, PIPED, { ascii: false }],
    ['a huge terminal', {}, { ...SCREEN, columns: 400 }, { width: 160 }],
    ['a narrow terminal', {}, { ...SCREEN, columns: 50 }, { width: 50 }],
    ['COLUMNS in a pipe', { COLUMNS: '50' }, PIPED, { width: 50 }],
    ['COLUMNS beats the terminal', { COLUMNS: '60' }, SCREEN, { width: 60 }],
    ['a COLUMNS that is no number', { COLUMNS: 'wide' }, PIPED, { width: 80 }],
    ['COLUMNS too small to draw', { COLUMNS: '7' }, PIPED, { width: 40 }],
  ] as const)('%s', (_name, env, terminal, telling) => {
    expect(good('replay a', env, terminal).telling).toMatchObject(telling);
  });

  it('no colours into a file, even from a terminal', () => {
    expect(good('replay a --out x', {}, SCREEN).telling).toMatchObject({ color: false, width: 80 });
  });

  it('explain is wider', () => {
    expect(good('explain a').telling.width).toBe(100);
  });

  it('OTEL_SERVICE_NAME names the service unless the option does', () => {
    expect(good('replay a', { OTEL_SERVICE_NAME: 'e' }).trace.serviceName).toBe('e');
    expect(good('replay a --service-name o', { OTEL_SERVICE_NAME: 'e' }).trace.serviceName).toBe('o');
  });
});
