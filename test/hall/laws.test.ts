// The laws that hold whatever the evidence: order, repetition, splitting and time change nothing that was told.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInstant, instant, parseInstant } from '../../lib/base/instant.ts';
import type { Answer } from '../../lib/pipeline-types.ts';
import { jsonReport } from '../../lib/reports/json.ts';
import {
  CASES,
  evidenceOf,
  folderOf,
  piped,
  replayed,
  replayedTree,
  startupsText,
  type Tree,
  treeOf,
} from './replayed.ts';

const RUNS = { numRuns: 12, seed: 20261122 };

const POD = 's-v6-vllm-cold-image-quiet_llm-engine-0_d936022a-9252-412a-9633-75b6c7ad4e8b';
const COLD_TREE = treeOf(evidenceOf('vllm-cold-image'));
const COLD = readFileSync(join(evidenceOf('vllm-cold-image'), 'var-log-pods', POD, 'engine/0.log'), 'utf8');
const COLD_LINES = COLD.split('\n').filter((line) => line !== '');

/** The startups without the places and wordings of their evidence: for evidence that lies elsewhere. */
function unplaced(answer: Answer): unknown {
  const { startups } = JSON.parse(
    jsonReport({ ...answer, tally: new Map(), problems: [] }, { traceIdScheme: 'md5' }),
  );
  const isPlace = (key: string) => key === 'source' || key === 'line';
  return JSON.parse(JSON.stringify(startups, (key, value) => (isPlace(key) ? undefined : value)));
}

const shuffled = <T>(all: readonly T[]) => fc.shuffledSubarray([...all], { minLength: all.length });

describe.each(CASES)('%s', (name) => {
  const tree = treeOf(evidenceOf(name));
  const folder = evidenceOf(name);
  const files = Object.keys(tree).map((file) => join(folder, file));

  it('the order in which files are named does not matter', async () => {
    const once = startupsText(await replayed([folder]));
    await fc.assert(
      fc.asyncProperty(shuffled(files), async (order) => {
        expect(startupsText(await replayed(order))).toBe(once);
      }),
      { ...RUNS, numRuns: 4 },
    );
  });

  it('evidence that is there twice is there once', async () => {
    const once = startupsText(await replayedTree(tree));
    const twice: Tree = Object.fromEntries(
      Object.entries(tree).flatMap(([file, text]) => [
        [`first/${file}`, text],
        [`second/${file}`, text],
      ]),
    );
    expect(startupsText(await replayedTree(twice))).toBe(once);
    expect(startupsText(await replayed([folder, folder, ...files]))).toBe(
      startupsText(await replayed([folder])),
    );
  });
});

/** A bare log as the runtime would have stamped it: by the program's own clock, a microsecond per line. */
function stamped(text: string): readonly string[] {
  let second = '11-22T00:00:00';
  return text.split('\n').map((line, at) => {
    const shown = /\b(\d\d-\d\d) (\d\d:\d\d:\d\d)\b/.exec(line);
    if (shown !== null) second = `${shown[1]}T${shown[2]}`;
    return `2026-${second}.${String(at).padStart(6, '0')}000Z stdout F ${line}`;
  });
}

const BARE = [
  's5cmd-then-serve',
  'vllm-dp2',
  'vllm-tp2',
  'vllm-kv-too-small',
  'vllm-restart-loop',
  'vllm-forged',
];

const ROTATED: readonly (readonly [string, readonly string[]])[] = [
  ['vllm-cold-image', COLD_LINES],
  ...BARE.flatMap((name) => Object.entries(treeOf(evidenceOf(name)))).map(
    ([file, text]) => [file, stamped(text)] as const,
  ),
];

/** The lines in several files, cut before these numbers. */
function rotated(lines: readonly string[], cuts: readonly number[]): Tree {
  const borders = [0, ...cuts.toSorted((a, b) => a - b), lines.length];
  const parts = borders.slice(1).map((end, index) => `${lines.slice(borders[index], end).join('\n')}\n`);
  const name = (index: number) => (index === cuts.length ? '0.log' : `0.log.20261122-01020${index}`);
  return Object.fromEntries(parts.map((text, index) => [`${POD}/engine/${name(index)}`, text]));
}

describe('one CRI log', () => {
  it.each(ROTATED)('%s, rotated into several files, tells the same', async (_name, lines) => {
    const whole = unplaced(await replayedTree(rotated(lines, [])));
    const cut = fc.integer({ min: 1, max: lines.length - 1 });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(cut, { minLength: 1, maxLength: 3 }), async (cuts) => {
        expect(unplaced(await replayedTree(rotated(lines, cuts)))).toEqual(whole);
      }),
      { ...RUNS, numRuns: 40 },
    );
  });

  it('cut into chunks of any size tells the same', async () => {
    const whole = startupsText(await piped(COLD));
    const bytes = Buffer.from(COLD);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 700 }), async (size) => {
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
          bytes.subarray(at * size, (at + 1) * size),
        );
        expect(startupsText(await piped(chunks))).toBe(whole);
      }),
      RUNS,
    );
  });

  it('beside a copy that kubectl made is told once', async () => {
    const dumps = {
      'pods.json': COLD_TREE['pods.json'] ?? '',
      'events.json': COLD_TREE['events.json'] ?? '',
    };
    const file = { [`${POD}/engine/0.log`]: COLD };
    const copy = { 'llm-engine-0_engine.log': COLD.replaceAll(/ std(?:out|err) F /g, ' ') };
    const once = unplaced(await replayedTree({ ...dumps, ...file }));
    expect(unplaced(await replayedTree({ ...dumps, ...copy }))).toEqual(once);
    expect(unplaced(await replayedTree({ ...dumps, ...file, ...copy }))).toEqual(once);
  });

  it('of the run before, by its flat name, is the attempt before', async () => {
    const crash = treeOf(evidenceOf('crashloop'));
    const logs = Object.entries(crash).filter(([file]) => file.endsWith('2.log'));
    const dumps = Object.fromEntries(Object.entries(crash).filter(([file]) => file.endsWith('.json')));
    const placed = await replayedTree({ ...dumps, ...Object.fromEntries(logs) });
    const flat = await replayedTree({ ...dumps, 'demo_server.previous.log': logs[0]?.[1] ?? '' });
    expect(flat.startups.map(({ attempt, outcome, failure }) => [attempt, outcome, failure?.cause])).toEqual(
      placed.startups.map(({ attempt, outcome, failure }) => [attempt, outcome, failure?.cause]),
    );
    expect(flat.startups.at(-2)?.failure?.evidence.source).toBe('demo_server.previous.log');
  });
});

describe('dumps of pods and events', () => {
  it('through a pipe that gives a few bytes at a time', async () => {
    const text = COLD_TREE['pods.json'] ?? '';
    const bytes = [...Buffer.from(text)].map((byte) => Buffer.from([byte]));
    expect(startupsText(await piped(bytes))).toBe(startupsText(await piped(text)));
  });

  const records = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

  it.each(['vllm-cold-image', 'sidecar', 'crashloop', 'imagepullbackoff', 'oom', 'startupprobe'])(
    '%s: the order of the records does not matter',
    async (name) => {
      const tree = treeOf(evidenceOf(name));
      const once = startupsText(await replayedTree(tree));
      const pods = records(join(evidenceOf(name), 'pods.json'));
      const events = records(join(evidenceOf(name), 'events.json'));
      await fc.assert(
        fc.asyncProperty(shuffled(pods.items), shuffled(events.items), async (podItems, eventItems) => {
          const both = JSON.stringify({
            kind: 'List',
            apiVersion: 'v1',
            items: [...eventItems, ...podItems],
          });
          const { 'pods.json': _pods, 'events.json': _events, ...logs } = tree;
          expect(startupsText(await replayedTree({ ...logs, 'all.json': both }))).toBe(once);
        }),
        RUNS,
      );
    },
  );
});

describe('several pods in one stream', () => {
  /** `kubectl logs --prefix --timestamps` of three pods. */
  const lines = (pod: string) =>
    COLD_LINES.map((line) => `[pod/${pod}/engine] ${line.replace(/ std(?:out|err) F /, ' ')}`);
  const streams = ['a-0', 'b-0', 'c-0'].map(lines);
  const merged = (turns: readonly number[]): string => {
    const left = streams.map((stream) => [...stream]);
    const told = turns.flatMap((turn) => left[turn]?.splice(0, 1) ?? []);
    return `${[...told, ...left.flat()].join('\n')}\n`;
  };

  it('told apart, however they interleave', async () => {
    const apart = await piped(merged([]));
    expect(apart.startups.map(({ pod, outcome }) => [pod.name, outcome])).toEqual([
      ['a-0', 'ready'],
      ['b-0', 'ready'],
      ['c-0', 'ready'],
    ]);
    const once = unplaced(apart);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(2), { minLength: 50, maxLength: 300 }), async (turns) => {
        expect(unplaced(await piped(merged(turns)))).toEqual(once);
      }),
      RUNS,
    );
  });
});

describe('time', () => {
  const SECOND = 1_000_000_000n;
  const shiftedStamp = (text: string, by: bigint): string =>
    formatInstant(instant((parseInstant(text) ?? 0n) + by));
  /** `11-22 02:05:15` → the same, later. */
  const shiftedClock = (text: string, by: bigint): string => {
    const shown = parseInstant(`2026-${text.replace(' ', 'T')}Z`);
    return shown === undefined
      ? text
      : formatInstant(instant(shown + by))
          .slice(5, 19)
          .replace('T', ' ');
  };
  const shifted = (stamps: bigint, clocks: bigint): string =>
    COLD_LINES.map((line) => {
      const [stamp = '', rest = ''] = [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' '))];
      const later = rest.replace(/\b\d\d-\d\d \d\d:\d\d:\d\d\b/g, (clock) => shiftedClock(clock, clocks));
      return `${shiftedStamp(stamp, stamps)}${later}\n`;
    }).join('');
  const told = async (log: string) => {
    const { startups } = await replayedTree({ [`${POD}/engine/0.log`]: log });
    return startups.flatMap(({ start, end, phases, gaps, outcome, coverage }) => [
      { what: outcome, from: start.at, to: end.at, coverage },
      ...phases.map((phase) => ({
        what: `${phase.name} ${phase.certainty}`,
        from: phase.start.at,
        to: phase.end.at,
      })),
      ...gaps.map((gap) => ({ what: `gap ${gap.parent}`, from: gap.start, to: gap.end })),
    ]);
  };
  const moved = (all: Awaited<ReturnType<typeof told>>, by: bigint) =>
    all.map((one) => ({ ...one, from: one.from + by, to: one.to + by }));

  it('a constant added to both clocks moves every instant and no duration', async () => {
    const before = await told(COLD);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -3_000_000, max: 3_000_000 }), async (seconds) => {
        const by = BigInt(seconds) * SECOND;
        expect(await told(shifted(by, by))).toEqual(moved(before, by));
      }),
      RUNS,
    );
  });

  it('a punctual envelope decides, to the nanosecond', async () => {
    const before = await told(COLD);
    await fc.assert(
      fc.asyncProperty(fc.bigInt({ min: -1_900_000_000n, max: 3_900_000_000n }), async (by) => {
        expect(await told(shifted(by, 0n))).toEqual(moved(before, by));
      }),
      RUNS,
    );
  });

  it.each([-24, -19, -7, -1, 1, 4, 11, 18, 28])(
    'a program whose zone is %i half hours off changes nothing',
    async (halves) => {
      expect(await told(shifted(0n, BigInt(halves) * 1800n * SECOND))).toEqual(await told(COLD));
    },
  );
});

describe.each(CASES)('%s: what every startup is held to', (name) => {
  const answered = replayed([evidenceOf(name)]);
  const told = answered.then((answer) => JSON.parse(startupsText(answer)).startups);

  it('span ids are distinct and never zero', async () => {
    for (const startup of await told) {
      const ids = [startup, ...startup.phases, ...startup.gaps].map(({ span_id }) => span_id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const id of ids) expect(id).toMatch(/^(?!0{16})[0-9a-f]{16}$/);
    }
    const all = (await told).flatMap((startup: { span_id: string; phases: { span_id: string }[] }) => [
      startup.span_id,
      ...startup.phases.map(({ span_id }) => span_id),
    ]);
    expect(new Set(all).size).toBe(all.length);
  });

  it('nothing ends before it starts, nothing stands at the epoch', async () => {
    for (const { start, end, phases, gaps } of (await answered).startups) {
      expect(start.at).toBeGreaterThan(1_700_000_000_000_000_000n);
      expect(end.at).toBeGreaterThanOrEqual(start.at);
      for (const phase of phases) expect(phase.end.at, phase.name).toBeGreaterThanOrEqual(phase.start.at);
      for (const gap of gaps) expect(gap.end).toBeGreaterThan(gap.start);
    }
  });

  it('coverage is what the union of the gaps leaves over', async () => {
    for (const { start, end, gaps, coverage } of (await answered).startups) {
      const borders = [...new Set([start.at, end.at, ...gaps.flatMap((gap) => [gap.start, gap.end])])];
      const pieces = borders
        .toSorted((a, b) => Number(a - b))
        .map((from, index, all) => ({ from, to: all[index + 1] ?? from }));
      const dark = pieces.filter(({ from, to }) => gaps.some((gap) => gap.start <= from && to <= gap.end));
      const length = dark.reduce((sum, { from, to }) => sum + Number(to - from), 0);
      expect(coverage).toBeCloseTo(end.at === start.at ? 1 : 1 - length / Number(end.at - start.at), 9);
    }
  });

  it('a gap overlaps none of the children of its parent, and lies inside it', async () => {
    for (const { phases, gaps, start, end } of (await answered).startups) {
      for (const gap of gaps) {
        const holders = phases.filter((phase) => phase.name === gap.parent);
        const inside = [...holders.map((phase) => [phase.start.at, phase.end.at]), [start.at, end.at]];
        expect(inside.some(([from = 0n, to = 0n]) => from <= gap.start && gap.end <= to)).toBe(true);
        const children = phases.filter((phase) => phase.parent === gap.parent);
        for (const child of children)
          expect(
            child.end.at <= gap.start || child.start.at >= gap.end,
            `${child.name} in gap of ${gap.parent}`,
          ).toBe(true);
      }
    }
  });
});

it('a folder that holds nothing else is told the same wherever it lies', async () => {
  const tree = treeOf(evidenceOf('vllm-cold-image'));
  const [a, b] = [
    folderOf(tree),
    folderOf(Object.fromEntries(Object.entries(tree).map(([file, text]) => [`x/y/${file}`, text]))),
  ];
  expect(startupsText(await replayed([b]))).toBe(startupsText(await replayed([a])));
});
