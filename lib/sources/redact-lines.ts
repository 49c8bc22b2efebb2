// A log on its way to disk: every line with its secrets replaced, everything else byte for byte.

import { isUtf8 } from 'node:buffer';
import { redact } from '../base/redact.ts';

const LF = 10;

/** Nothing that coldtrace reads of a line lies behind this; what does is not kept. */
const LINE_LIMIT = 1 << 20;

interface Rest {
  readonly parts: Buffer[];
  size: number;
}

export async function* redactLines(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const rest: Rest = { parts: [], size: 0 };
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(LF) + 1;
    if (end > 0) yield redactBlock(Buffer.concat([...rest.parts.splice(0), head(rest, chunk, end)]));
    keep(rest, chunk.subarray(end));
  }
  if (rest.parts.length > 0) yield redactBlock(Buffer.concat(rest.parts));
}

/** The end of the unfinished line, as far as it is kept, and the lines after it. */
function head(rest: Rest, chunk: Buffer, end: number): Buffer {
  const first = chunk.indexOf(LF);
  const room = Math.max(0, LINE_LIMIT - rest.size);
  rest.size = 0;
  return room >= first
    ? chunk.subarray(0, end)
    : Buffer.concat([chunk.subarray(0, room), chunk.subarray(first, end)]);
}

/** A copy: the chunk may be overwritten. */
function keep(rest: Rest, part: Buffer): void {
  const kept = part.subarray(0, Math.max(0, LINE_LIMIT - rest.size));
  if (kept.length > 0) rest.parts.push(Buffer.from(kept));
  rest.size += kept.length;
}

/** Bytes that are no UTF-8 pass as they are, one character each. */
function redactBlock(block: Buffer): Buffer {
  const encoding = isUtf8(block) ? 'utf8' : 'latin1';
  const text = block.toString(encoding);
  const said = text.split('\n').map(redact).join('\n');
  return said === text ? block : Buffer.from(said, encoding);
}
