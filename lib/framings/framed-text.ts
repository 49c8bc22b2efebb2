// Building what comes out of an envelope: text, and only the members that are known.

import type { JsonObject } from '../base/json.ts';
import { isObject, parseJson, textAt } from '../base/json.ts';
import type { Framed, RecordHeader, Stamp } from '../model/line.ts';
import type { Identity } from '../model/log-run.ts';

export interface Parts {
  readonly text: string;
  readonly stamp?: Stamp | undefined;
  readonly stream?: string | undefined;
  readonly partial?: boolean;
  readonly identity?: Identity | undefined;
  readonly header?: RecordHeader | undefined;
  readonly ofNode?: boolean;
  readonly printed?: boolean;
}

/** Members that are undefined are left out. */
export function framed(parts: Parts): Framed {
  const { text, stamp, stream = '', partial = false, identity, header, ofNode, printed } = parts;
  return {
    text,
    stream,
    partial,
    ...(stamp === undefined ? {} : { stamp }),
    ...(identity === undefined ? {} : { identity }),
    ...(header === undefined ? {} : { header }),
    ...(ofNode === true ? { ofNode } : {}),
    ...(printed === true ? { printed } : {}),
  };
}

/** Shippers keep the line end that the program wrote. */
export const withoutLineEnd = (text: string): string => (text.endsWith('\n') ? text.slice(0, -1) : text);

/** Only the two names that a runtime uses. */
export function streamOf(object: JsonObject): string {
  const stream = textAt(object, 'stream');
  return stream === 'stdout' || stream === 'stderr' ? stream : '';
}

/** A line that is one JSON object with `needle` somewhere in it; parsing is dear, so the needle is looked for first. */
export function objectLine(raw: string, needle: string): JsonObject | undefined {
  if (!opensObject(raw) || !raw.includes(needle)) return undefined;
  const parsed = parseJson(raw);
  return parsed.ok && isObject(parsed.value) ? parsed.value : undefined;
}

/** `{`, perhaps after blanks. */
function opensObject(raw: string): boolean {
  const first = raw.charCodeAt(0);
  return first === 123 || (first === 32 && /^ {1,64}\{/.test(raw));
}
