// The record grammar: from the text of one line to a program's log records.
//
// vLLM up to 0.7.3   INFO 11-22 01:44:03 llm_engine.py:237] message      (the bracket was forgotten)
// vLLM since 0.8     (EngineCore pid=7) INFO 11-22 01:44:03 [core.py:61] message
// Ray                2026-11-22 01:34:40,562<tab>INFO scripts.py:1047 -- message
// and some ten more. A line may hold several process prefixes, escape
// sequences, carriage returns of a progress bar, and a record glued behind the
// bar. A genuine record is never searched inside: its arguments may hold forged
// ones (`--served-model-name 'INFO 11-22 00:00:00 [core.py:1] …'`).

import { stripAnsi } from '../base/text.ts';
import { BARE, type Framed, type LogRecord, NOBODY, type RecordHeader } from '../model/line.ts';
import type { Speaker } from '../model/mark.ts';
import { parseHeader } from './header.ts';

/** The records of one line, in order; blank ones are left out, so there may be none. */
export function parseRecords(framed: Framed): readonly LogRecord[] {
  const text = stripAnsi(framed.text);
  if (framed.header !== undefined) return fromLogging(text, framed.header);
  if (!/[\r\n]/.test(text)) return fromPiece(text, NOBODY);
  return text.split('\n').flatMap(fromLine);
}

/**
 * The logger of a JSON record that names neither logger, file nor level: vLLM's
 * formatter given `fmt` for `format` writes only the message (recording
 * e-json-logging). Rules of every file may then speak.
 */
export const ANY_LOGGER = '?';

/** JSON logging keeps a message of several lines in one object: every line of it has the object's header. */
function fromLogging(text: string, header: RecordHeader): readonly LogRecord[] {
  const { speaker, rest } = peelPrefixes(text);
  const spoken = speaker.name === '' ? header : { ...header, speaker };
  const anonymous = header.file === '' && header.logger === '' && header.level === '';
  const named = anonymous ? { ...spoken, logger: ANY_LOGGER } : spoken;
  return rest.split(/[\r\n]+/).flatMap((line) => record(named, line));
}

/** What stands between carriage returns. Behind a record that opened the line nothing is believed. */
function fromLine(line: string): readonly LogRecord[] {
  const { speaker, rest } = peelPrefixes(line);
  const first = rest.trimStart() === rest ? parseHeader(rest) : undefined;
  if (first !== undefined) return fromPiece(line.split('\r', 1)[0] ?? '', NOBODY);
  const pieces = line.split('\r').filter((piece) => piece.trim() !== '');
  return telling(pieces).flatMap((piece) => fromPiece(piece, speaker));
}

/** Of the updates of a bar the first and the last, and whatever holds a record. */
function telling(pieces: readonly string[]): readonly string[] {
  if (pieces.length <= 2) return pieces;
  const last = pieces.length - 1;
  return pieces.filter((piece, index) => index === 0 || index === last || isGlued(piece));
}

function fromPiece(piece: string, lineSpeaker: Speaker): readonly LogRecord[] {
  const { speaker: own, rest } = peelPrefixes(unframed(piece));
  const speaker = own.name === '' && own.pid === undefined ? lineSpeaker : own;
  const found = parseHeader(rest);
  if (found !== undefined) return [...record({ ...found.header, speaker }, found.message, true)];
  const glued = glueAt(rest);
  if (glued < 0) return record({ ...BARE, speaker }, rest);
  return [...record({ ...BARE, speaker }, rest.slice(0, glued)), ...fromPiece(rest.slice(glued), speaker)];
}

/** A record with a header counts even when its message is empty (the first line of vLLM's banner). */
function record(header: RecordHeader, message: string, evenBlank = false): readonly LogRecord[] {
  const trimmed = message.trimEnd();
  if (trimmed === '' && !evenBlank) return [];
  const at = trimmed.lastIndexOf(' [repeated ');
  const cut =
    at < 0
      ? null
      : /^ \[repeated (\d{1,6})x across cluster\](?: \(Ray deduplicates logs [^\n]{0,400})?$/.exec(
          trimmed.slice(at, at + 520),
        );
  if (cut === null) return [{ ...header, message: trimmed, copies: 1 }];
  return [{ ...header, message: trimmed.slice(0, at), copies: Number(cut[1]) }];
}

interface Peeled {
  readonly speaker: Speaker;
  readonly rest: string;
}

/** `(EngineCore_DP0 pid=7) `, `(VllmWorker rank=0 pid=5) `, `(RayWorkerWrapper pid=627, ip=10.0.0.2) `, `(pid=627) `. */
const PREFIX =
  /^\((?:(?<name>[A-Za-z_][\w.:/-]{0,120}(?: [\w=]{1,40})?) )?pid=(?<pid>\d{1,10})(?:, ip=(?<ip>[^)\s]{1,64}))?\)(?: |$)\s*/;

/** `(EngineCore) ` in front of a level, as some wrappers cut it. */
const NAME_ONLY = /^\((?<name>[A-Z]\w{1,40})\) (?=(?:DEBUG|INFO|WARNING|ERROR|CRITICAL)[ :])/;

/** vllm-omni. */
const STAGE = /^\[Stage-\d{1,4}\] /;

/** VLLM_LOGGING_PREFIX, before the process prefix (≥ 0.31) or behind it: one word glued or blank-separated, then a whole header. */
const WORD =
  /^[^\s()[\]{}"'|]{1,64} ?(?=(?:\([A-Za-z][\w .:=-]{0,80} pid=\d{1,10}\) )?(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) \d\d-\d\d \d\d:\d\d:\d\d)/;

/** The innermost name counts; an ip counts wherever it stood. */
function peelPrefixes(text: string): Peeled {
  let rest = text;
  let speaker = NOBODY;
  for (let depth = 0; depth < 6; depth += 1) {
    const found = PREFIX.exec(rest) ?? NAME_ONLY.exec(rest) ?? STAGE.exec(rest) ?? WORD.exec(rest);
    if (found === null || found[0] === '') break;
    speaker = inner(speaker, found.groups);
    rest = rest.slice(found[0].length);
  }
  return { speaker, rest };
}

function inner(outer: Speaker, groups: Readonly<Record<string, string | undefined>> | undefined): Speaker {
  const {
    name = '',
    pid,
    ip,
  } = { name: groups?.['name'], pid: groups?.['pid'], ip: groups?.['ip'] ?? outer.ip };
  const number = pid === undefined ? (name === '' ? outer.pid : undefined) : Number(pid);
  return {
    name: name === '' ? outer.name : name,
    ...(number === undefined ? {} : { pid: number }),
    ...(ip === undefined ? {} : { ip }),
  };
}

/** Copies of a terminal: indentation, the border of a k9s table, NULs that copytruncate left. Only in front of a record. */
const BORDER =
  /^[\s\0│┃|]{1,400}(?=\(\w|(?:DEBUG|INFO|WARNING|ERROR|CRITICAL)(?: \d\d-\d\d |: {2,5}\S)|\d{4}-\d\d-\d\d )/;

function unframed(piece: string): string {
  const border = BORDER.exec(piece)?.[0];
  if (border === undefined) return piece;
  const rest = piece.slice(border.length);
  return /[│┃|]/.test(border) ? withoutBorder(rest) : rest;
}

function withoutBorder(row: string): string {
  const text = row.trimEnd();
  return /[│┃|]$/.test(text) ? text.slice(0, -1).trimEnd() : row;
}

/** A progress bar: `Loading shards:  50% Completed | 2/4 […`, `Capturing: 3%|▎  | 1/35 [`, `Fetching: 12it [`. */
const BAR =
  /^(?!(?:INFO|WARNING|ERROR|DEBUG|CRITICAL)\b)(?:[^|"]{0,200}?\d{1,3}%(?: Completed)? ?\||[^|"[]{0,200}?: \d{1,12}(?:it|B|[kMG]B?) \[)/;

/** The header of a record, wherever it stands. */
const HEADER = /(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) \d\d-\d\d \d\d:\d\d:\d\d/;
const PROCESS = /^\([A-Za-z][\w .:=-]{0,80} pid=\d{1,10}(?:, ip=[^)\s]{1,64})?\) $/;

/** Where the first record of the text begins, with the processes in front of its header; -1 without one. */
function recordAt(text: string): number {
  let at = text.search(HEADER);
  while (at > 0 && text.startsWith(') ', at - 2)) {
    const open = text.lastIndexOf('(', at);
    if (open < 0 || !PROCESS.test(text.slice(open, at))) break;
    at = open;
  }
  return at;
}

/** The dots of a script that polls, right in front of a record. */
const DOTS = /^\.[.\s]{0,4000}/;

const isGlued = (piece: string): boolean => glueAt(piece) >= 0;

/** Where a record begins behind a bar or dots, or -1. Nothing else that has no header is searched. */
function glueAt(text: string): number {
  const dots = DOTS.exec(text)?.[0].length;
  if (dots === undefined && !BAR.test(text)) return -1;
  const at = recordAt(text);
  return at > 0 && (dots === undefined || at === dots) ? at : -1;
}

/**
 * The record that a terminal broke over two rows ("took 194.90 secon" / "ds"), or
 * undefined when `next` cannot be its second row. Only worth trying when
 * `previous` matched no rule although a literal did: nothing here proves a wrap.
 * A blank that stood at the margin is lost in such copies: `blank` puts it back.
 */
export function unwrap(previous: LogRecord, next: LogRecord, blank = false): LogRecord | undefined {
  if (previous.file === '' || next.file !== '' || next.level !== '' || next.message === '') return undefined;
  const same = next.speaker.name === '' || next.speaker.pid === previous.speaker.pid;
  if (!same || previous.message.length + next.message.length > 4000) return undefined;
  return { ...previous, message: `${previous.message}${blank ? ' ' : ''}${next.message}` };
}
