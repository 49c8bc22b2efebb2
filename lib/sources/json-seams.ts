// Records of JSON that a writer put one behind the other without a line end: `{…}{"key":…}` → one on each line.
//
// Firehose adds no line end unless it is told to, so an object may be one line of 128 MB.
// A seam is `}{"` and the beginning of a key. Inside a text a quote would stand behind a backslash; where a text
// ends with `}{`, a comma, a colon, a bracket or a blank follows its quote, and no key begins so.

const SEAM = Buffer.from('}{"');
/** The seam, and the first character of the key. */
const REACH = SEAM.length + 1;
const LINE_END = Buffer.from('\n');
const NO_KEY: ReadonlySet<number> = new Set(Buffer.from(',:}] \t\r\n"'));
const BRACE = 0x7b;

/** What does not begin with an object is left as it is. A chunk is only valid until the next one is asked for. */
export async function* splitSeams(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  let isJson: boolean | undefined;
  let rest = Buffer.alloc(0);
  for await (const chunk of chunks) {
    isJson ??= beginsObject(chunk);
    if (isJson !== true) {
      yield chunk;
      continue;
    }
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = bytes.length - tail(bytes);
    const whole = separated(bytes, end);
    rest = Buffer.from(bytes.subarray(end));
    if (whole.length > 0) yield whole;
  }
  if (rest.length > 0) yield rest;
}

/** Undefined: blanks only, so far. */
function beginsObject(chunk: Buffer): boolean | undefined {
  const first = chunk.find((byte) => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09);
  return first === undefined ? undefined : first === BRACE;
}

/** How many bytes at the end may be the beginning of a seam. */
function tail(bytes: Buffer): number {
  for (let length = Math.min(REACH - 1, bytes.length); length > 0; length -= 1)
    if (bytes.subarray(bytes.length - length).equals(SEAM.subarray(0, length))) return length;
  return 0;
}

/** Whole: the first chunk tells what a file is, so it must not become short. */
function separated(bytes: Buffer, end: number): Buffer {
  const pieces: Buffer[] = [];
  let from = 0;
  for (
    let at = bytes.indexOf(SEAM);
    at >= 0 && at + SEAM.length < bytes.length;
    at = bytes.indexOf(SEAM, at + 1)
  ) {
    if (NO_KEY.has(bytes[at + SEAM.length] ?? 0)) continue;
    pieces.push(bytes.subarray(from, at + 1), LINE_END);
    from = at + 1;
  }
  const last = bytes.subarray(from, end);
  return pieces.length === 0 ? last : Buffer.concat([...pieces, last]);
}
