// From a record to what it says: the one rule that speaks for it.
//
// Rules are found by the source file in the record's header (or the last part
// of its logger name), by the first character when there is no header; then the
// literal is compared, and only then the pattern.

import { parseGoDuration } from '../base/go-duration.ts';
import { type Duration, duration, seconds } from '../base/instant.ts';
import type { LogRecord } from '../model/line.ts';
import type { FactValue, Saying } from '../model/mark.ts';
import type { MarkSpec, Rule } from './contract.ts';
import { formats } from './index.ts';
import { ANY_LOGGER, unwrap } from './record.ts';

export interface Match {
  readonly rule: Rule;
  readonly sayings: readonly Saying[];
}

/** What the record says, or undefined when no rule speaks for it. */
export function readRecord(record: LogRecord): Match | undefined {
  const { message, tag } = untagged(record);
  for (const rule of candidates(record)) {
    const groups = matchOf(rule, message);
    if (groups !== undefined) return { rule, sayings: sayingsOf({ rule, groups, record, message, tag }) };
  }
  return undefined;
}

/** Every rule that would speak for the record: more than one only in front of a last resort. */
export function candidatesOf(record: LogRecord): readonly Rule[] {
  const { message } = untagged(record);
  return candidates(record).filter((rule) => matchOf(rule, message) !== undefined);
}

/**
 * For a record that says nothing although a literal stands at its start: what it
 * says together with the next row, if a terminal broke it there. Copies of vLLM
 * 0.10.1 logs, 147 columns wide, are like that.
 */
export function readWrapped(previous: LogRecord, next: LogRecord): Match | undefined {
  if (!holdsLiteral(previous)) return undefined;
  for (const blank of [false, true]) {
    const whole = unwrap(previous, next, blank);
    const match = whole === undefined ? undefined : readRecord(whole);
    if (match !== undefined) return match;
  }
  return undefined;
}

/** Does a literal of some rule stand at the start of the record's message, whole or cut by the margin? */
export function holdsLiteral(record: LogRecord): boolean {
  const { message } = untagged(record);
  return candidates(record).some(
    ({ literal }) => message.startsWith(literal) || (message.length >= 8 && literal.startsWith(message)),
  );
}

const rules: readonly Rule[] = formats.flatMap((format) => format.rules);
const anywhere: readonly Rule[] = rules.filter(({ files }) => files.includes('*'));
const byFile: ReadonlyMap<string, readonly Rule[]> = indexed(rules, ({ files }) => files);
const byLogger: ReadonlyMap<string, readonly Rule[]> = indexed(rules, loggersOf);
const bare: ReadonlyMap<string, readonly Rule[]> = indexed(rules, ({ files, literal }) =>
  files.length === 0 || files.includes('*') ? [literal.charAt(0)] : [],
);

function indexed(
  all: readonly Rule[],
  keys: (rule: Rule) => readonly string[],
): ReadonlyMap<string, readonly Rule[]> {
  const found = new Map<string, Rule[]>();
  for (const rule of all) {
    for (const key of new Set(keys(rule))) {
      const list = found.get(key) ?? [];
      found.set(key, list);
      list.push(rule);
    }
  }
  return found;
}

/** `core.py` is printed by the logger `vllm.v1.engine.core`. */
function loggersOf({ files, loggers = [] }: Rule): readonly string[] {
  return [...files.filter((file) => file.endsWith('.py')).map((file) => file.slice(0, -3)), ...loggers];
}

/** By first character, for records that do not say which file printed them. */
const attributed: ReadonlyMap<string, readonly Rule[]> = indexed(rules, ({ files, literal }) =>
  files.length === 0 ? [] : [literal.charAt(0)],
);

/** What a client may choose the beginning of. */
const ACCESS = / - "[A-Z]{1,10} \S{0,4000} HTTP\/\d/;

const NONE: readonly Rule[] = [];

/** Rules for any file come last, and only for what is an error or has no header at all. */
function candidates(record: LogRecord): readonly Rule[] {
  if (record.file !== '') return withAnywhere(record, byFile.get(record.file) ?? NONE);
  if (record.logger === ANY_LOGGER)
    return ACCESS.test(record.message) ? NONE : (attributed.get(record.message.charAt(0)) ?? NONE);
  if (record.logger !== '') return withAnywhere(record, loggerRules(record.logger));
  const plain = bare.get(record.message.charAt(0)) ?? NONE;
  return record.level === '' || isError(record.level)
    ? plain
    : plain.filter(({ files }) => files.length === 0);
}

function loggerRules(logger: string): readonly Rule[] {
  const last = logger.slice(logger.lastIndexOf('.') + 1);
  return byLogger.get(logger) ?? byLogger.get(last) ?? NONE;
}

const isError = (level: string): boolean => level === 'ERROR' || level === 'CRITICAL';

const withAnywhere = (record: LogRecord, specific: readonly Rule[]): readonly Rule[] =>
  isError(record.level) ? [...specific, ...anywhere] : specific;

/** Where vLLM ≥ 0.32 puts `[backbone] ` in front of compile messages. */
const TAGGED: ReadonlySet<string> = new Set(['backends', 'decorators', 'monitor']);
const TAG = /^\[(?<tag>[\w .:/-]{1,60})\] /;

interface Untagged {
  readonly message: string;
  readonly tag: string;
}

function untagged({ file, logger, message }: LogRecord): Untagged {
  const source = file === '' ? logger.slice(logger.lastIndexOf('.') + 1) : file.slice(0, -3);
  const found = message.startsWith('[') && TAGGED.has(source) ? TAG.exec(message) : null;
  return {
    message: found === null ? message : message.slice(found[0].length),
    tag: found?.groups?.['tag'] ?? '',
  };
}

type Groups = Readonly<Record<string, string | undefined>>;

/** The groups of the rule's pattern, or undefined when the rule does not speak for the message. */
export function matchOf(rule: Rule, message: string): Groups | undefined {
  if (!message.startsWith(rule.literal)) return undefined;
  const found = rule.pattern.exec(message);
  return found === null ? undefined : (found.groups ?? {});
}

interface Reading extends Untagged {
  readonly rule: Rule;
  readonly groups: Groups;
  readonly record: LogRecord;
}

function sayingsOf({ rule, groups, record, message, tag }: Reading): readonly Saying[] {
  const spoken = rule.marks
    .filter(({ by }) => by === undefined || by.test(record.speaker.name))
    .flatMap((mark) => sayingOf(mark, groups) ?? []);
  const tagFact: readonly Saying[] =
    tag === '' || tag === 'backbone'
      ? []
      : [{ kind: 'fact', name: 'compile.tag', value: tag, phase: 'torch_compile' }];
  return [...spoken, ...(rule.tell?.(message) ?? []), ...tagFact];
}

function sayingOf(mark: MarkSpec, groups: Groups): Saying | undefined {
  switch (mark.kind) {
    case 'lasted':
      return lasted(mark, groups[mark.group]);
    case 'fact':
      return fact(mark, mark.group === undefined ? undefined : groups[mark.group]);
    case 'began':
      return { kind: 'began', phase: mark.phase };
    case 'ended':
      return { kind: 'ended', phase: mark.phase };
    case 'during':
      return { kind: 'during', phase: mark.phase };
    case 'failed':
      return { kind: 'failed', cause: mark.cause, root: mark.root };
    case 'absent':
      return { kind: 'absent', phase: mark.phase, why: mark.why };
    default:
      return { kind: mark.kind };
  }
}

type Lasted = Extract<MarkSpec, { kind: 'lasted' }>;
type Fact = Extract<MarkSpec, { kind: 'fact' }>;

/** A duration that cannot be read still ends the phase. */
function lasted({ phase, unit = 's', whole }: Lasted, text: string | undefined): Saying {
  const took = text === undefined ? undefined : durationOf(text, unit);
  return took === undefined || took < 0n ? { kind: 'ended', phase } : { kind: 'lasted', phase, took, whole };
}

function durationOf(text: string, unit: 's' | 'ms' | 'go'): Duration | undefined {
  if (unit === 'go') return parseGoDuration(text);
  const number = numberOf(text);
  if (number === undefined) return undefined;
  return unit === 's' ? seconds(number) : duration(BigInt(Math.round(number * 1e6)));
}

function fact({ name, value, as = 'text', phase }: Fact, text: string | undefined): Saying | undefined {
  const said = value ?? (text === undefined || as === 'text' ? text : numberOf(text));
  return said === undefined || said === '' ? undefined : factSaying(name, said, phase);
}

const factSaying = (name: string, value: FactValue, phase: Fact['phase']): Saying =>
  phase === undefined ? { kind: 'fact', name, value } : { kind: 'fact', name, value, phase };

/** `1,234`, `-0.41`, `12.5`. */
function numberOf(text: string): number | undefined {
  const plain = text.replaceAll(',', '');
  return /^-?\d{1,15}(?:\.\d{1,12})?$/.test(plain) ? Number(plain) : undefined;
}
