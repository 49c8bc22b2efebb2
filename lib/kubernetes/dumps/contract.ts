// What a reader of dumps is: bytes are pushed in, objects come out one by one, nothing else is kept.

import type { Instant } from '../../base/instant.ts';
import type { JsonObject } from '../../base/json.ts';
import type { Problem } from '../objects/problem.ts';

/** Where in the dump an object stood, and when it came in, where the dump says so. */
export interface Place {
  /** Line on which the value began, from 1; a whole pretty-printed list begins on one. */
  readonly line: number;
  /** `arrival_ns` of a watch line. */
  readonly arrival?: Instant;
}

export type Take = (object: JsonObject, place: Place) => void;

export interface DumpReader {
  /** The bytes may be overwritten after the call. */
  readonly push: (chunk: Buffer) => void;
  /** What could not be read; call once. */
  readonly end: () => readonly Problem[];
}

export interface DumpStart {
  /** Names the dump in problems. */
  readonly where: string;
  readonly take: Take;
  /** Asked of every value and item: false for what a container printed and a shipper took apart. */
  readonly mayTell?: (value: JsonObject) => boolean;
}

/** Longest single object, in bytes: annotations of 5 MB exist, etcd ends far below this. */
export const OBJECT_LIMIT = 64 * 1024 * 1024;
