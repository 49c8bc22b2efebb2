// Names of objects in a store: made of segments, so that no text from outside can point elsewhere.

import { createHash } from 'node:crypto';
import type { Brand } from '../base/brand.ts';
import { type Instant, instant } from '../base/instant.ts';

/** `v1/lease/cloudwatch.json`: segments of letters, digits, `.`, `_`, `-`, `=`, joined by slashes. */
export type Key = Brand<string, 'Key'>;

/** Beyond this the rest of a text becomes a hash: file systems take 255 bytes per name, S3 1024 per key. */
const LONGEST_SEGMENT = 120;

const KEY = /^[A-Za-z0-9_=-][\w.=-]{0,199}(?:\/[A-Za-z0-9_=-][\w.=-]{0,199}){0,11}$/;

/** A text from outside as one segment of a key: `=` and two hex digits per byte for what is not plain. Different texts stay different. */
export function segment(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9_.-]|^\./gu, escaped);
  if (plain === '') return '=';
  if (plain.length <= LONGEST_SEGMENT) return plain;
  return `${plain.slice(0, 80)}=h${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}

const escaped = (character: string): string =>
  [...Buffer.from(character)].map((byte) => `=${byte.toString(16).padStart(2, '0')}`).join('');

/** Joins a fixed path and segments: `keyOf('v1/lease', source, '.json')` escapes only the texts in between. */
export function keyOf(
  folder: string,
  texts: readonly string[],
  ending: '.json' | '.ndjson.gz' | '.bin',
): Key {
  return `${folder}/${texts.map(segment).join('/')}${ending}` as Key;
}

/** A key that some store listed; undefined for what this program never writes. */
export const asKey = (text: string): Key | undefined => (KEY.test(text) ? (text as Key) : undefined);

/** `20260821T100000.000000000Z`: sorts by time as text. Without colons, which some file systems refuse. */
export function stampOf(at: Instant): string {
  const fraction = ((at % 1_000_000_000n) + 1_000_000_000n) % 1_000_000_000n;
  const whole = new Date(Number((at - fraction) / 1_000_000n)).toISOString().slice(0, 19);
  return `${whole.replace(/[-:]/g, '')}.${fraction.toString().padStart(9, '0')}Z`;
}

/** The moment that `stampOf` wrote, or undefined. */
export function instantOfStamp(text: string): Instant | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)\.(\d{9})Z$/.exec(text);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction] = found;
  const whole = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(whole) ? undefined : instant(BigInt(whole) * 1_000_000n + BigInt(fraction ?? '0'));
}

/** `2026-08-21`, in UTC. */
export const dayOf = (at: Instant): string => new Date(Number(at / 1_000_000n)).toISOString().slice(0, 10);
