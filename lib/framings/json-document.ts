// Pretty-printed JSON documents, taken apart into their entries while they are read.
//
//   [                                  {
//     {                                  "events": [
//       "textPayload": "…",                  {
//       "timestamp": "…"                         "message": "…",
//     },                                         "timestamp": 1763…
//
// `gcloud logging read --format=json`, `aws logs filter-log-events`, a list of
// Fluent Bit records, `jq .`: each puts an entry's braces alone on their lines,
// at one indentation. So an entry is found by its indentation, and only one
// entry is in memory at a time. A list of entries below a member (`"events": [`)
// makes what was gathered before it the frame of the list, not an entry.

import { parseJson } from '../base/json.ts';
import type { Framed } from '../model/line.ts';
import { cloudLogging } from './cloud-logging.ts';
import { cloudwatch } from './cloudwatch.ts';
import type { Gather, GatherStep, GroupedEntry, Grouping } from './contract.ts';
import { dockerJson } from './docker-json.ts';
import { fluentBit } from './fluent-bit.ts';
import { journaldJson } from './journald-json.ts';
import { jsonLogging } from './json-logging.ts';
import { otlpJson } from './otlp-json.ts';
import { vector } from './vector.ts';

const MEMBERS = [
  cloudLogging,
  cloudwatch,
  otlpJson,
  vector,
  journaldJson,
  dockerJson,
  fluentBit,
  jsonLogging,
];

export const jsonDocument: Grouping = {
  name: 'json-document',
  says: 'Pretty-printed JSON of log services: `gcloud logging read --format=json`, `aws logs filter-log-events`.',
  begins: (raw) => /^[[{]\s*$/.test(raw),
  gather,
  open: openEntry,
};

/** Members that hold a list of entries. */
const LIST = /^\s*"(?:events|logEvents|entries|logs|records)": ?\[\s*$/;
const BORDER = /^(?:[[\]{}],?|[[{][\]}],?)?$/;
const MEMBER = /^\s*"/;

/** What the fold remembers: how deep the entry is that is being gathered, and whether it may be a frame. */
interface Depth {
  readonly entry: number | undefined;
}

const OUTSIDE: Depth = { entry: undefined };

function gather(): Gather {
  let depth = OUTSIDE;
  return (raw) => {
    const { step, next } = advance(depth, raw);
    depth = next;
    return step;
  };
}

interface Advance {
  readonly step: GatherStep;
  readonly next: Depth;
}

function advance(depth: Depth, raw: string): Advance {
  if (depth.entry === undefined) return advanceOutside(raw);
  if (LIST.test(raw)) return { step: 'outside', next: OUTSIDE };
  const indent = indentOf(raw);
  const isEnd = indent === depth.entry && /^\s*\},?\s*$/.test(raw);
  if (isEnd) return { step: 'ends', next: OUTSIDE };
  return indent > depth.entry ? { step: 'inside', next: depth } : advanceOutside(raw);
}

function advanceOutside(raw: string): Advance {
  if (/^\s*\{\s*$/.test(raw)) return { step: 'begins', next: { entry: indentOf(raw) } };
  const isStructure = BORDER.test(raw.trim()) || (MEMBER.test(raw) && raw.includes('":'));
  return { step: isStructure ? 'outside' : 'foreign', next: OUTSIDE };
}

const indentOf = (raw: string): number => raw.length - raw.trimStart().length;

/** The entry's lines, `{` to `}`. */
function openEntry(lines: readonly string[]): GroupedEntry | undefined {
  const raw = lines.join('\n').trim().replace(/,$/, '');
  const compact = compactJson(raw);
  if (compact === undefined) return undefined;
  for (const member of MEMBERS) {
    const framed = member.open(compact)?.[0];
    if (framed !== undefined) return { framed, line: textLine(lines, framed) };
  }
  return undefined;
}

/** The same object on one line: what the framings were written for. */
function compactJson(raw: string): string | undefined {
  const parsed = parseJson(raw);
  return parsed.ok ? JSON.stringify(parsed.value) : undefined;
}

const TEXT_MEMBER = /^\s*"(?:textPayload|@?message|MESSAGE|log)": ?(?<value>".*"),?\s*$/s;

/** Where the text stands, so that evidence names the line a person would look at. */
function textLine(lines: readonly string[], framed: Framed): number {
  const exact = lines.findIndex((line) => textOf(line)?.replace(/\n$/, '') === framed.text);
  return exact >= 0
    ? exact
    : Math.max(
        0,
        lines.findIndex((line) => TEXT_MEMBER.test(line)),
      );
}

function textOf(line: string): string | undefined {
  const parsed = parseJson(TEXT_MEMBER.exec(line)?.groups?.['value'] ?? '');
  return parsed.ok && typeof parsed.value === 'string' ? parsed.value : undefined;
}
