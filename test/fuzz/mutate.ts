// Seeded damage to lines, as files, networks and clients do it.

/** Mulberry32: the same seed, the same numbers in [0, 1). */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export type Chance = () => number;

export const pick = <T>(from: readonly T[], random: Chance, otherwise: T): T =>
  from[Math.floor(random() * from.length)] ?? otherwise;

type Mutation = (line: Buffer, random: Chance, others: readonly Buffer[]) => Buffer;

const somewhere = (line: Buffer, random: Chance): number => Math.floor(random() * (line.length + 1));

const flip: Mutation = (line, random) => {
  const out = Buffer.from(line);
  const at = Math.floor(random() * line.length);
  if (line.length > 0) out[at] = (out[at] ?? 0) ^ (1 << Math.floor(random() * 8));
  return out;
};

const truncate: Mutation = (line, random) => line.subarray(0, somewhere(line, random));

const behead: Mutation = (line, random) => line.subarray(somewhere(line, random));

const double: Mutation = (line) => Buffer.concat([line, line]);

const doublePart: Mutation = (line, random) => {
  const at = somewhere(line, random);
  return Buffer.concat([line.subarray(0, at), line.subarray(at >> 1)]);
};

const swapHalves: Mutation = (line, random) => {
  const at = somewhere(line, random);
  return Buffer.concat([line.subarray(at), line.subarray(0, at)]);
};

const prefix: Mutation = (line, random) => Buffer.concat([junk(random), line]);

/** Bytes that some readers take for the end of a line, or of a text. */
const ODD = [
  '\r',
  '\u001b[31m',
  '\u001b]0;',
  '\u0000',
  '\u0085',
  '\u2028',
  '\u2029',
  '\ufeff',
  '\t',
  '\u000b',
  '\u007f',
].map((text) => Buffer.from(text));

const insertOdd: Mutation = (line, random) =>
  insert(line, random, pick([...ODD, Buffer.from([0x85])], random, Buffer.alloc(0)));

const insertJunk: Mutation = (line, random) => insert(line, random, junk(random));

const glue: Mutation = (line, random, others) => Buffer.concat([line, pick(others, random, line)]);

const splice: Mutation = (line, random, others) => {
  const other = pick(others, random, line);
  return Buffer.concat([line.subarray(0, somewhere(line, random)), other.subarray(somewhere(other, random))]);
};

const repeatDigits: Mutation = (line) => Buffer.from(line.toString('latin1').replace(/\d/g, '99'), 'latin1');

const MUTATIONS: readonly Mutation[] = [
  flip,
  truncate,
  behead,
  double,
  doublePart,
  swapHalves,
  prefix,
  insertOdd,
  insertJunk,
  glue,
  splice,
  repeatDigits,
];

function insert(line: Buffer, random: Chance, what: Buffer): Buffer {
  const at = somewhere(line, random);
  return Buffer.concat([line.subarray(0, at), what, line.subarray(at)]);
}

const junk = (random: Chance): Buffer =>
  Buffer.from(Array.from({ length: 1 + Math.floor(random() * 12) }, () => Math.floor(random() * 256))).map(
    (byte) => (byte === 10 ? 11 : byte),
  ) as Buffer;

/** One line, damaged once or a few times; never with a line feed inside. */
export function mutated(line: Buffer, random: Chance, others: readonly Buffer[]): Buffer {
  let out = line;
  for (let times = 1 + Math.floor(random() * 3); times > 0; times -= 1)
    out = pick(MUTATIONS, random, flip)(out, random, others);
  return out.includes(10) ? Buffer.from(out.map((byte) => (byte === 10 ? 11 : byte))) : out;
}
