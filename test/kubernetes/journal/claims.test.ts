// For which container a pull was: only what is certain is told.

import { describe, expect, it } from 'vitest';
import { joinJournal } from '../../../lib/kubernetes/journal/join.ts';
import {
  container,
  failedPull,
  journal,
  pull,
  pullsIn,
  type Said,
  sandbox,
  uidOf,
  wanted,
} from './journals.ts';

const exit = (id: string, seconds: number): Said => [
  0,
  `received container exit event container_id:"${id}" id:"${id}" pid:1 exit_status:1 exited_at:{seconds:${seconds} nanos:1}`,
];

describe('one pod', () => {
  it('has the pull between its sandbox and its container', () => {
    const lines = [...sandbox('a', 0, 10), ...pull('x:1', 20, 50), ...container('a', 'main', 60)];
    expect(pullsIn(journal(lines))).toEqual(['a/main x:1 began 20', 'a/main x:1 ended 50']);
  });

  it('pulls for one container after the other', () => {
    const lines = [
      ...sandbox('a', 0, 10),
      ...pull('x:1', 20, 50),
      ...container('a', 'init', 60),
      ...pull('y:1', 70, 90),
      ...container('a', 'main', 95),
    ];
    expect(pullsIn(journal(lines))).toEqual([
      'a/init x:1 began 20',
      'a/init x:1 ended 50',
      'a/main y:1 began 70',
      'a/main y:1 ended 90',
    ]);
  });

  it('has no pull that began before its sandbox was ready', () => {
    const lines = [...sandbox('a', 0, 30), ...pull('x:1', 20, 50), ...container('a', 'main', 60)];
    expect(pullsIn(journal(lines))).toEqual([]);
  });

  it('has no pull during which it made another container', () => {
    const lines = [
      ...sandbox('a', 0, 10),
      ...pull('x:1', 20, 90),
      ...container('a', 'init', 60),
      ...container('a', 'main', 95),
    ];
    expect(pullsIn(journal(lines))).toEqual([]);
  });

  it('needs no pull for a second run, unless it is known to want that image', () => {
    const lines = [
      ...sandbox('a', 0, 10),
      ...container('a', 'main', 15),
      ...pull('x:1', 20, 50),
      ...container('a', 'main', 60, 1),
    ];
    expect(pullsIn(journal(lines))).toEqual([]);
    expect(pullsIn(journal(lines), [wanted('a', 'main', 'x:1')])).toHaveLength(2);
  });

  it('does not pull for a second run before the first has ended', () => {
    const id = Buffer.from('amain0').toString('hex').padEnd(64, '0');
    const lines = [
      ...sandbox('a', 0, 10),
      ...container('a', 'main', 15),
      ...pull('x:1', 20, 50),
      ...container('a', 'main', 60, 1),
      exit(id, 1_795_311_701),
    ];
    expect(pullsIn(journal(lines), [wanted('a', 'main', 'x:1')])).toEqual([]);
  });

  it('is not given an image that it does not want', () => {
    const lines = [...sandbox('a', 0, 10), ...pull('x:1', 20, 50), ...container('a', 'main', 60)];
    expect(pullsIn(journal(lines), [wanted('a', 'main', 'y:1')])).toEqual([]);
  });

  it('is not given an image that another is known to want, wherever that one is', () => {
    const lines = [...sandbox('a', 0, 10), ...pull('x:1', 20, 50), ...container('a', 'main', 60)];
    expect(pullsIn(journal(lines), [wanted('c', 'main', 'x:1')])).toEqual([]);
  });

  it('wants nginx, and the runtime says docker.io/library/nginx:latest', () => {
    const lines = [
      ...sandbox('a', 0, 10),
      ...pull('docker.io/library/nginx:latest', 20, 50),
      ...container('a', 'main', 60),
    ];
    expect(pullsIn(journal(lines), [wanted('a', 'main', 'nginx')])).toHaveLength(2);
  });
});

describe('two pods', () => {
  const both = [
    ...sandbox('a', 0, 10),
    ...sandbox('b', 0, 12),
    ...pull('x:1', 20, 50),
    ...container('a', 'main', 60),
    ...container('b', 'main', 70),
  ];

  it('could both have it: nobody has', () => {
    expect(pullsIn(journal(both))).toEqual([]);
    expect(joinJournal(journal(both)).lost['journal.pulls_of_nobody']).toBe(1);
  });

  it('only one wants the image', () => {
    const known = [wanted('a', 'main', 'y:1'), wanted('b', 'main', 'x:1')];
    expect(pullsIn(journal(both), known)).toEqual(['b/main x:1 began 20', 'b/main x:1 ended 50']);
  });

  it('both want it: nobody has', () => {
    const known = [wanted('a', 'main', 'x:1'), wanted('b', 'main', 'x:1')];
    expect(pullsIn(journal(both), known)).toEqual([]);
  });

  it('one waits in its sandbox and never made a container: it may have been for that one', () => {
    const lines = [
      ...sandbox('a', 0, 10),
      ...sandbox('b', 0, 12),
      ...pull('x:1', 20, 50),
      ...container('a', 'main', 60),
    ];
    expect(pullsIn(journal(lines))).toEqual([]);
    expect(pullsIn(journal(lines), [wanted('b', 'main', 'x:1')])).toHaveLength(2);
  });

  it('on two nodes have nothing to do with each other', () => {
    const a = journal([...sandbox('a', 0, 10), ...pull('x:1', 20, 50), ...container('a', 'main', 60)], {
      node: 'node-a',
    });
    const b = journal([...sandbox('b', 0, 10), ...container('b', 'main', 60)], { node: 'node-b' });
    expect(pullsIn([...a, ...b])).toEqual(['a/main x:1 began 20', 'a/main x:1 ended 50']);
  });

  it('in two bare files neither, though the files have one name', () => {
    const a = journal([...sandbox('a', 0, 10), ...pull('x:1', 20, 50), ...container('a', 'main', 60)], {
      file: 'node-a/containerd.log',
    });
    const b = journal([...sandbox('b', 0, 10), ...container('b', 'main', 60)], {
      file: 'node-b/containerd.log',
    });
    expect(pullsIn([...a, ...b])).toEqual(['a/main x:1 began 20', 'a/main x:1 ended 50']);
  });
});

it('two bare files that speak of one sandbox are of one node', () => {
  const before = journal([...sandbox('a', 0, 10), ...pull('x:1', 20, 50)], { file: 'containerd.log.1' });
  const after = journal(container('a', 'main', 60), { file: 'containerd.log' });
  expect(pullsIn([...after, ...before])).toEqual(['a/main x:1 began 20', 'a/main x:1 ended 50']);
});

it('the end of a sandbox is no container that nobody knows', () => {
  const pause = Buffer.from('s a').toString('hex').padEnd(64, '0');
  const { lost, sightings } = joinJournal(journal([...sandbox('a', 0, 10), exit(pause, 1_795_311_701)]));
  expect(lost['journal.containers_of_nobody']).toBe(0);
  expect(sightings.map(({ saw }) => saw.what)).toEqual(['sandbox_asked', 'sandbox_ready']);
});

it('what two lines prove is told once, by the first of them', () => {
  const lines = journal(sandbox('a', 0, 10));
  const later = lines.map((record) => ({ ...record, proof: { ...record.proof, line: 900 } }));
  const named = lines.map((record) => ({ ...record, node: 'node-a', proof: { ...record.proof, line: 901 } }));
  for (const records of [
    [...lines, ...later],
    [...later, ...lines],
  ])
    expect(joinJournal(records).sightings.map(({ proof }) => proof.line)).toEqual([1, 2]);
  const hosts = joinJournal([...later, ...named]).sightings.map(({ node }) => node);
  expect(hosts).toEqual(['node-a', 'node-a']);
  expect(joinJournal([...named, ...later]).sightings.map(({ node }) => node)).toEqual(hosts);
});

describe('a pull that failed', () => {
  const lines = [
    ...sandbox('a', 0, 10),
    ...failedPull('x:1', 20, 30),
    ...pull('y:1', 40, 50),
    ...container('a', 'main', 60),
  ];

  it('is nobody’s without a word about the image: what follows it may be another pod’s luck', () => {
    expect(pullsIn(journal(lines))).toEqual(['a/main y:1 began 40', 'a/main y:1 ended 50']);
  });

  it('is of the container that wants the image', () => {
    expect(pullsIn(journal(lines), [wanted('a', 'main', 'x:1')]).slice(0, 2)).toEqual([
      'a/main x:1 began 20',
      'a/main x:1 failed 30',
    ]);
  });

  it('is not of a container of that image that runs', () => {
    const running = [...sandbox('b', 0, 2), ...container('b', 'main', 5), ...lines];
    const known = [wanted('a', 'main', 'x:1'), wanted('b', 'main', 'x:1')];
    expect(pullsIn(journal(running), known).slice(0, 2)).toEqual([
      'a/main x:1 began 20',
      'a/main x:1 failed 30',
    ]);
  });
});

describe('two pulls of one image at once', () => {
  const length = (at: number, seconds: number): Said => [
    at,
    `Pulled image "x:1" with image id "sha256:0", repo tag "x:1", repo digest "x@sha256:0", size "1" in ${seconds}s`,
  ];
  const sandboxes = [...sandbox('a', 0, 10), ...sandbox('b', 0, 3000)];
  const created = [...container('a', 'main', 5010), ...container('b', 'main', 7010)];
  const known = [wanted('a', 'main', 'x:1'), wanted('b', 'main', 'x:1')];
  const asked: readonly Said[] = [
    [1000, 'PullImage "x:1"'],
    [4000, 'PullImage "x:1"'],
  ];
  const ended: readonly Said[] = [
    [5000, 'PullImage "x:1" returns image reference "sha256:0"'],
    [7000, 'PullImage "x:1" returns image reference "sha256:0"'],
  ];

  it('are told apart by the printed lengths', () => {
    const lines = [...sandboxes, ...asked, length(5000, 4), length(7000, 3), ...ended, ...created];
    expect(pullsIn(journal(lines), known)).toEqual([
      'a/main x:1 began 1000',
      'b/main x:1 began 4000',
      'a/main x:1 ended 5000',
      'b/main x:1 ended 7000',
    ]);
  });

  it('are confused without them: no beginning is told', () => {
    const lines = [...sandboxes, ...asked, ...ended, ...created];
    expect(pullsIn(journal(lines), known).filter((line) => line.includes('began'))).toEqual([]);
    expect(joinJournal(journal(lines), known).lost['journal.pulls_confused']).toBe(2);
  });
});

describe('bytes', () => {
  const of = (bytes: number) => {
    const tick: Said = [
      45,
      `stop pulling image docker.io/library/x:1: active requests=0, bytes read=${bytes}`,
    ];
    const lines = [...sandbox('a', 0, 10), ...pull('x:1', 20, 50), tick, ...container('a', 'main', 60)];
    const ended = joinJournal(journal(lines)).sightings.find(({ saw }) => saw.what === 'pull_ended');
    return ended?.saw.what === 'pull_ended' ? ended.saw.bytes : undefined;
  };

  it('that were read came over the network', () => {
    expect(of(61_865_984)).toBe(61_865_984);
  });

  it('none read proves nothing', () => {
    expect(of(0)).toBeUndefined();
  });
});

it('a journal that begins after the sandbox still knows a pull that nobody can have', () => {
  const lines = [...pull('x:1', 20, 50), ...container('a', 'main', 60)];
  expect(pullsIn(journal(lines))).toEqual([]);
  expect(joinJournal(journal(lines)).sightings.some(({ pod }) => pod.uid === uidOf('a'))).toBe(false);
});
