// Journals written by hand: lines of containerd and the kubelet at given milliseconds, as records.

import { duration, instant } from '../../../lib/base/instant.ts';
import { joinJournal } from '../../../lib/kubernetes/journal/join.ts';
import { parseJournalLine } from '../../../lib/kubernetes/journal/line.ts';
import { claimOf } from '../../../lib/kubernetes/journal/rules.ts';
import type { WantedImage } from '../../../lib/kubernetes/journal/wanted-images.ts';
import type { JournalRecord } from '../../../lib/kubernetes/objects/journal-record.ts';

const START = 1_795_311_700_000n;

/** The millisecond of a moment, as the hand-made journals count. */
export const millisecondsOf = (at: bigint): number => Number(at / 1_000_000n - START);

/** 64 hexadecimal digits that begin with the name. */
export const idOf = (name: string): string => Buffer.from(name).toString('hex').padEnd(64, '0');

export const uidOf = (pod: string): string => `${Buffer.from(pod).toString('hex').padEnd(32, '0')}`;

interface Place {
  readonly node?: string | undefined;
  readonly file?: string;
}

export type Said = readonly [at: number, message: string];

/** What containerd logged at these milliseconds. */
export function journal(
  said: readonly Said[],
  { node, file = 'containerd.log' }: Place = {},
): JournalRecord[] {
  return said.flatMap(([at, message], index) => {
    const text = `time="2026-11-22T01:41:40.000000000Z" level=info msg=${JSON.stringify(message)}`;
    const line = parseJournalLine(text);
    const claim = line === undefined ? undefined : claimOf(line);
    if (claim === undefined) throw new Error(`expected a line of containerd, got ${message}`);
    const when = { at: instant((START + BigInt(at)) * 1_000_000n), precision: duration(1n) };
    const proof = { source: file, line: index + 1, text, rule: claim.rule.id };
    return claim.told.map((told): JournalRecord => {
      const own = told.at === undefined ? when : { at: told.at, precision: duration(1n) };
      return { kind: 'journal', node, file, says: told.says, when: own, proof };
    });
  });
}

const podOf = (pod: string): string => `name:"${pod}" uid:"${uidOf(pod)}" namespace:"ns"`;

export const sandbox = (pod: string, asked: number, ready: number): readonly Said[] => [
  [asked, `RunPodSandbox for ${podOf(pod)}`],
  [ready, `RunPodSandbox for ${podOf(pod)} returns sandbox id "${idOf(`s ${pod}`)}"`],
];

export const pull = (image: string, asked: number, ended: number): readonly Said[] => [
  [asked, `PullImage "${image}"`],
  [ended, `PullImage "${image}" returns image reference "sha256:0"`],
];

export const failedPull = (image: string, asked: number, ended: number): readonly Said[] => [
  [asked, `PullImage "${image}"`],
  [ended, `PullImage "${image}" failed`],
];

/** Asked for, created and started one millisecond after the other. */
export const container = (pod: string, name: string, at: number, attempt = 0): readonly Said[] => {
  const id = idOf(`${pod}${name}${attempt}`);
  const count = attempt === 0 ? '' : ` attempt:${attempt}`;
  return [
    [at, `CreateContainer within sandbox "${idOf(`s ${pod}`)}" for container name:"${name}"${count}`],
    [
      at + 1,
      `CreateContainer within sandbox "${idOf(`s ${pod}`)}" for name:"${name}"${count} returns container id "${id}"`,
    ],
    [at + 2, `StartContainer for "${id}" returns successfully`],
  ];
};

export const wanted = (pod: string, name: string, image: string): WantedImage => ({
  pod: { uid: uidOf(pod), namespace: 'ns', name: pod },
  container: name,
  image,
});

/** `pod/container image from-to`, one for each pull that has found its container. */
export function pullsIn(records: readonly JournalRecord[], known: readonly WantedImage[] = []): string[] {
  const { sightings } = joinJournal(records, known);
  return sightings.flatMap(({ pod, saw, when }) => {
    if (saw.what !== 'pull_began' && saw.what !== 'pull_ended') return [];
    const what = saw.what === 'pull_began' ? 'began' : 'failed' in saw ? 'failed' : 'ended';
    return [`${pod.name}/${saw.container} ${saw.image} ${what} ${millisecondsOf(when.at)}`];
  });
}
