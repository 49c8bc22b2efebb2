// docs/formats.md, made of the rules themselves: what coldtrace reads, line by line.

import type { LogFormat, MarkSpec, Printed, Rule } from '../lib/formats/contract.ts';
import { formats } from '../lib/formats/index.ts';
import { FRONT, NAMED_FRONT, WORKER } from '../lib/formats/vllm-printed.ts';
import type { Framing, FramingExample, Grouping } from '../lib/framings/contract.ts';
import { framings, groupings } from '../lib/framings/index.ts';
import { PHASE_NAMES, type PhaseName } from '../lib/model/phase.ts';

/** The whole page; ends in a line feed. */
export function formatsPage(): string {
  const parts = [
    INTRODUCTION,
    '## Framings: the envelope of a line',
    FRAMINGS_SAY,
    ...framings.map(framingText),
    '### Documents over several lines',
    groupings.map(groupingText).join('\n'),
    '## Rules by phase',
    phaseTable(),
    ...formats.map(formatText),
  ];
  return `${parts.join('\n\n')}\n`;
}

const count = formats.reduce((sum, { rules }) => sum + rules.length, 0);

const INTRODUCTION = `# Formats: every line that coldtrace reads

Made by \`npm run docs\` from \`lib/framings\` and \`lib/formats\`: do not edit. ${framings.length} framings, ${formats.length} formats, ${count} rules.

A line is first taken out of its envelope (*framing*), then cut into the program's own header (process, level, time, source file) and
its message. A rule speaks for a message when the source file in the header is one of its own, the message begins with the rule's literal,
and the whole pattern matches. \`coldtrace explain\` prints the id of the rule behind every boundary.

In the examples \`\\t\`, \`\\r\` and \`\\e\` stand for a tab, a carriage return and an escape character.`;

const FRAMINGS_SAY = `Each recognises itself, per line. They nest: a CRI line inside a CloudWatch event is opened too. A line in no framing is taken as it is; its time
is then the program's own clock.`;

function framingText({ name, says, examples }: Framing): string {
  return [`### ${name}`, says, ...examples.map(framingExample)].join('\n\n');
}

function framingExample({ raw, seen, at, text }: FramingExample): string {
  const time = at === undefined ? 'no time' : `time \`${at}\``;
  const comes = text === '' ? 'an empty line' : code(visible(text));
  return `${seen}:\n\n${block(raw)}\n\nComes out: ${time}, ${comes}.`;
}

const groupingText = ({ name, says }: Grouping): string => `- **${name}**: ${says}`;

/** Phases that no line tells of (those that Kubernetes witnesses) are left out. */
function phaseTable(): string {
  const rules = formats.flatMap((format) => format.rules);
  const rows = PHASE_NAMES.flatMap((phase) => {
    const ids = rules.filter((rule) => borders(rule, phase)).map(({ id }) => code(id));
    return ids.length === 0 ? [] : [`| \`${phase}\` | ${ids.join(' ')} |`];
  });
  const said = 'Which rules give a phase a beginning, an end, a duration or a sign of life:';
  return [said, '', '| phase | rules |', '|---|---|', ...rows].join('\n');
}

const BORDERS: ReadonlySet<string> = new Set(['began', 'ended', 'lasted', 'during']);

const borders = ({ marks }: Rule, phase: PhaseName): boolean =>
  marks.some((mark) => BORDERS.has(mark.kind) && 'phase' in mark && mark.phase === phase);

function formatText({ name, says, rules }: LogFormat): string {
  return [`## ${name}`, `${says} ${rules.length} rules.`, ...rules.map(ruleText)].join('\n\n');
}

function ruleText(rule: Rule): string {
  return [
    `### ${rule.id}`,
    [literalText(rule), printedText(rule.printed), saysText(rule)].join('\n'),
    block(rule.example),
  ].join('\n\n');
}

const literalText = ({ literal, files }: Rule): string =>
  `- begins: ${code(JSON.stringify(literal))}, ${headerText(files)}`;

function headerText(files: readonly string[]): string {
  if (files.length === 0) return 'no header';
  if (files.includes('*')) return 'an error of any source file, or no header';
  return `header of ${files.map(code).join(', ')}`;
}

/** `vllm, v1/engine/core.py, 0.6.5 to 0.10.2`. */
function printedText({ program, file, from, to }: Printed): string {
  const where = /^[\w./*-]+$/.test(file) ? code(file) : file;
  return `- printed by: ${program}, ${where}, ${to === undefined ? `since ${from}` : from === to ? `only ${from}` : `${from} to ${to}`}`;
}

function saysText({ marks, tell }: Rule): string {
  const said = [
    ...marks.map(markText),
    ...(tell === undefined ? [] : ['facts out of the printed arguments']),
  ];
  return `- says: ${said.length === 0 ? 'nothing of its own; known, so that `lint` does not report it' : said.join(' · ')}`;
}

function markText(mark: MarkSpec): string {
  return `${saidText(mark)}${mark.by === undefined ? '' : speakerText(mark.by)}`;
}

function speakerText(by: RegExp): string {
  if (by === FRONT || by === NAMED_FRONT) return ' (only from the process that read the arguments)';
  return by === WORKER ? ' (only from a worker process)' : ` (only from ${code(by.source)})`;
}

function saidText(mark: MarkSpec): string {
  switch (mark.kind) {
    case 'began':
      return `\`${mark.phase}\` begins`;
    case 'ended':
      return `\`${mark.phase}\` ends`;
    case 'during':
      return `\`${mark.phase}\` is under way`;
    case 'lasted':
      return `\`${mark.phase}\` ends; the printed time measures ${mark.whole ? 'all' : 'a part'} of it`;
    case 'process_began':
      return 'a process of the engine begins';
    case 'after_engine':
      return 'the engine is ready (ends `vllm_init`)';
    case 'ready':
      return '**ready**';
    case 'failed':
      return mark.root
        ? `failed: \`${mark.cause}\``
        : `failed: \`${mark.cause}\`, unless an earlier line names the cause`;
    case 'absent':
      return `\`${mark.phase}\` is rightly absent: ${mark.why}`;
    case 'fact':
      return factText(mark);
  }
}

function factText({ name, value, phase }: Extract<MarkSpec, { kind: 'fact' }>): string {
  const of = phase === undefined ? '' : ` of \`${phase}\``;
  return `fact \`${name}\`${value === undefined ? '' : `=\`${value}\``}${of}`;
}

const visible = (text: string): string =>
  text.replaceAll('\u001b', '\\e').replaceAll('\r', '\\r').replaceAll('\t', '\\t').replaceAll('\n', '\\n');

const block = (text: string): string => `\`\`\`text\n${visible(text)}\n\`\`\``;

/** A code span, also of text that holds a backtick; a bar would end a table's cell. */
function code(text: string): string {
  return text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``;
}
