// Bytes into lines, one at a time: a Collector's file may hold gigabytes of request spans.

/** An export request of 512 spans has some 500 kB; what is longer than this is none. */
const LONGEST = 64 * 1024 * 1024;

export interface WholeLines {
  /** A chunk is only valid until the next one: what is kept of it is copied. */
  readonly push: (chunk: Buffer) => void;
  readonly end: () => void;
}

/** `take` gets every line without its line feed; a line that is too long goes to `dropped` instead. */
export function wholeLines(take: (line: Buffer) => void, dropped: () => void): WholeLines {
  let kept: Buffer[] = [];
  let size = 0;
  const close = (last: Buffer): void => {
    if (size + last.length > LONGEST) dropped();
    else take(kept.length === 0 ? last : Buffer.concat([...kept, last]));
    kept = [];
    size = 0;
  };
  const keep = (rest: Buffer): void => {
    size += rest.length;
    if (size > LONGEST) kept = [];
    else if (rest.length > 0) kept.push(Buffer.from(rest));
  };
  return {
    push: (chunk) => {
      let from = 0;
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
        close(chunk.subarray(from, at));
        from = at + 1;
      }
      keep(chunk.subarray(from));
    },
    end: () => {
      if (size > 0) close(Buffer.alloc(0));
    },
  };
}
