// Lines in which an API server or an archive wrote down what happened to pods: taken out of a log before they are anybody's.
//
// Whose words they are decides whether they are believed (who-tells.ts). A log that names nobody is
// believed unless it is an engine's: a prompt that an engine logs may look like an event. Neither an
// API server nor an exporter of events starts an engine.

import { append } from './base/append.ts';
import type { Counter } from './base/tally.ts';
import { otelWriter } from './framings/otel-attributes.ts';
import { shippedFrom } from './framings/shipped-from.ts';
import {
  type EvidenceLine,
  type KubeRecord,
  type LineTopic,
  lineRecords,
  recordSharing,
  sharedRecords,
  type UnusableRecord,
} from './kubernetes/index.ts';
import type { Identity } from './model/log-run.ts';
import type { OwnLines } from './own-lines.ts';
import type { Writer } from './who-tells.ts';

export interface WitnessLine extends Omit<EvidenceLine, 'source'> {
  /** Which stream of the file it would belong to. */
  readonly stream: string;
  /** Whom its file and its envelope name; asked only of lines that tell of pods. */
  readonly writers: () => readonly Writer[];
}

export interface WitnessLines {
  /** True when the line was one, believed or not: then it belongs to no container's log. */
  readonly take: (line: WitnessLine) => boolean;
  /** What all of them told, but for those of streams that are an engine's. */
  readonly end: (isEngine: (stream: string) => boolean) => Witnesses;
}

export interface Witnesses {
  readonly records: readonly KubeRecord[];
  /** Lines that were believed. */
  readonly lines: number;
  /** Lines that should be read and cannot; the first one stands for all. */
  readonly unreadable: Unusable;
  /** Objects with values that nobody can have meant: the rest of them is used. */
  readonly odd: Unusable;
}

export interface Unusable {
  readonly count: number;
  readonly first: UnusableRecord | undefined;
}

interface Heard {
  readonly records: KubeRecord[];
  readonly lines: Map<LineTopic, number>;
}

interface State {
  readonly source: string;
  readonly counter: Counter;
  readonly own: OwnLines;
  readonly byStream: Map<string, Heard>;
  readonly shared: KubeRecord[];
  readonly kept: ReturnType<typeof recordSharing>;
}

export function witnessLines(source: string, counter: Counter, own: OwnLines): WitnessLines {
  const state: State = { source, counter, own, byStream: new Map(), shared: [], kept: recordSharing() };
  return { take: (line) => take(state, line), end: (isEngine) => end(state, isEngine) };
}

function take(state: State, { stream, writers, ...rest }: WitnessLine): boolean {
  const line = { ...rest, source: state.source };
  append(
    state.shared,
    sharedRecords(line, (resource, record) =>
      isTold(state, 'events', withWriter(writers(), otelWriter(resource, record))),
    ).map(state.kept),
  );
  const told = lineRecords(line);
  if (told === undefined) return false;
  if (!isTold(state, told.topic, withWriter(writers(), shippedFrom(line.text)))) return true;
  state.counter.count('lines.witness');
  const heard = heardOn(state, stream);
  heard.lines.set(told.topic, (heard.lines.get(told.topic) ?? 0) + 1);
  append(heard.records, told.records.map(state.kept));
  return true;
}

function isTold({ own }: State, topic: LineTopic, writers: readonly Writer[]): boolean {
  const isBelieved = own.believes(topic, writers);
  if (!isBelieved) own.reject(topic, { writers });
  return isBelieved;
}

const withWriter = (writers: readonly Writer[], identity: Identity | undefined): readonly Writer[] =>
  identity === undefined ? writers : [...writers, { identity }];

function heardOn({ byStream }: State, stream: string): Heard {
  const heard = byStream.get(stream) ?? { records: [], lines: new Map() };
  byStream.set(stream, heard);
  return heard;
}

function end({ byStream, shared, own, counter }: State, isEngine: (stream: string) => boolean): Witnesses {
  const all = [...byStream];
  for (const [, { lines }] of all.filter(([stream]) => isEngine(stream)))
    for (const [topic, count] of lines) own.reject(topic, { count });
  const believed = all.filter(([stream]) => !isEngine(stream)).map(([, heard]) => heard);
  return witnessesOf(shared, believed, counter);
}

const linesIn = ({ lines }: Heard): number => [...lines.values()].reduce((sum, count) => sum + count, 0);

function witnessesOf(shared: readonly KubeRecord[], heard: readonly Heard[], counter: Counter): Witnesses {
  const told = [...shared, ...heard.flatMap(({ records }) => records)];
  const unusable = told.filter((record) => record.kind === 'unusable');
  for (const record of told) if (record.kind === 'note') counter.count(record.counts);
  return {
    records: told.filter(({ kind }) => kind !== 'unusable' && kind !== 'note'),
    lines: heard.reduce((sum, one) => sum + linesIn(one), 0) + (shared.length > 0 ? 1 : 0),
    unreadable: allOf(unusable.filter(({ isPartly }) => isPartly !== true)),
    odd: allOf(unusable.filter(({ isPartly }) => isPartly === true)),
  };
}

const allOf = (unusable: readonly UnusableRecord[]): Unusable => ({
  count: unusable.length,
  first: unusable[0],
});
