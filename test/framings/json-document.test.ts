// Pretty-printed documents: one entry at a time, with the number of the line that holds the text.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInstant } from '../../lib/base/instant.ts';
import type { GatherStep } from '../../lib/framings/contract.ts';
import { jsonDocument } from '../../lib/framings/json-document.ts';
import type { Framed } from '../../lib/model/line.ts';

interface Read {
  /** Number of the line, counted from 1, and the text. */
  readonly lines: readonly (readonly [number, string])[];
  readonly steps: ReadonlySet<GatherStep>;
  readonly times: readonly (string | undefined)[];
}

interface Entry {
  readonly first: number;
  readonly lines: readonly string[];
}

/** What the steps ask the caller to keep, as the hall does it. */
function gathered(document: string): {
  readonly entries: readonly Entry[];
  readonly steps: ReadonlySet<GatherStep>;
} {
  const gather = jsonDocument.gather();
  const entries: Entry[] = [];
  const steps = new Set<GatherStep>();
  let kept: string[] = [];
  for (const [index, raw] of document.split('\n').entries()) {
    const step = gather(raw);
    steps.add(step);
    kept = step === 'inside' || step === 'ends' ? [...kept, raw] : [raw];
    if (step === 'ends') entries.push({ first: index + 2 - kept.length, lines: kept });
  }
  return { entries, steps };
}

function read(document: string): Read {
  const { entries, steps } = gathered(document);
  const opened = entries.flatMap(({ first, lines }) => {
    const entry = jsonDocument.open(lines);
    return entry === undefined ? [] : [{ number: first + entry.line, framed: entry.framed }];
  });
  const timeOf = ({ stamp }: Framed): string | undefined =>
    stamp === undefined ? undefined : formatInstant(stamp.at);
  return {
    lines: opened.map(({ number, framed }) => [number, framed.text]),
    steps,
    times: opened.map(({ framed }) => timeOf(framed)),
  };
}

const CLOUD = [
  {
    insertId: '1',
    labels: { instanceId: 'x' },
    logName: 'projects/p/logs/run.googleapis.com%2Fstdout',
    textPayload: '(APIServer pid=1) INFO 06-06 03:40:07 [utils.py:344] one',
    timestamp: '2026-06-06T03:40:07.794659Z',
  },
  {
    insertId: '2',
    httpRequest: { status: 200 },
    protoPayload: { status: { message: 'no line' } },
    timestamp: '2026-06-06T03:40:08Z',
  },
  { insertId: '3', jsonPayload: { levelname: 'INFO', message: 'two' }, timestamp: '2026-06-06T03:40:09Z' },
];

const AWS = {
  events: [
    { timestamp: 1795311242123, message: 'one\n', ingestionTime: 1 },
    { timestamp: 1795311243000, message: 'two' },
  ],
  nextToken: 'x',
};

describe('a pretty-printed document', () => {
  it.each([
    [
      'gcloud logging read --format=json',
      JSON.stringify(CLOUD, null, 2),
      [
        [8, '(APIServer pid=1) INFO 06-06 03:40:07 [utils.py:344] one'],
        [27, 'two'],
      ],
    ],
    [
      'aws logs filter-log-events',
      JSON.stringify(AWS, null, 4),
      [
        [5, 'one'],
        [10, 'two'],
      ],
    ],
    [
      'jq . on one entry per line',
      CLOUD.map((entry) => JSON.stringify(entry, null, 2)).join('\n'),
      [
        [7, '(APIServer pid=1) INFO 06-06 03:40:07 [utils.py:344] one'],
        [26, 'two'],
      ],
    ],
    [
      'tabs',
      JSON.stringify(AWS, null, '\t'),
      [
        [5, 'one'],
        [10, 'two'],
      ],
    ],
  ])('%s', (_title, document, lines) => {
    expect(jsonDocument.begins(document.split('\n')[0] ?? '')).toBe(true);
    const told = read(document);
    expect(told.lines).toEqual(lines);
    expect(told.steps.has('foreign')).toBe(false);
  });

  it('keeps the times', () => {
    expect(read(JSON.stringify(CLOUD, null, 2)).times).toEqual([
      '2026-06-06T03:40:07.794659000Z',
      '2026-06-06T03:40:09.000000000Z',
    ]);
  });

  it('is over when a line of a log follows', () => {
    const { lines, steps } = read(
      `${JSON.stringify({ a: 1 }, null, 2)}\nINFO 11-22 01:34:02 [core.py:61] text`,
    );
    expect(lines).toEqual([]);
    expect(steps.has('foreign')).toBe(true);
  });

  it.each(['', 'INFO', '{"message": "one line"}', '[pod/a/b] x', '[1/4] Loading', '{}'])(
    'does not begin with %j',
    (raw) => {
      expect(jsonDocument.begins(raw)).toBe(false);
    },
  );

  it('gives every text back with the line it stands in', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 8 }), fc.constantFrom(1, 2, 4), (texts, indent) => {
        const entries = texts.map((textPayload, n) => ({
          labels: { n, nested: [{ textPayload: 1 }, {}, []] },
          textPayload,
          timestamp: '2026-06-06T03:40:08Z',
        }));
        const document = JSON.stringify(entries, null, indent);
        const told = read(document).lines;
        const all = document.split('\n');
        expect(told.map(([, line]) => line)).toEqual(texts.map((line) => line.replace(/\n$/, '')));
        for (const [number] of told)
          expect(all[number - 1]?.trimStart().startsWith('"textPayload"')).toBe(true);
      }),
    );
  });

  it('never throws on damage, and gathers no more than the document', () => {
    const whole = JSON.stringify(CLOUD, null, 2);
    fc.assert(
      fc.property(
        fc.nat(whole.length),
        fc.nat(40),
        fc.constantFrom('', '{', '}', '\n', '"', '  {\n'),
        (at, length, filler) => {
          const { lines } = read(whole.slice(0, at) + filler + whole.slice(at + length));
          expect(lines.length).toBeLessThanOrEqual(3);
        },
      ),
    );
  });
});
