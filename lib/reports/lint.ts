// The drift alarm: which markers of a log are known, missing or new for the version that printed it.

import { cell, wrap } from './columns.ts';
import type { LintFinding, Telling } from './contract.ts';
import { page, painter } from './look.ts';
import { countText, plural } from './words.ts';

/** Unknown lines of one log that are printed; json has them all. */
const MOST_UNKNOWN = 40;

/** True when rules and log have drifted apart: the door exits with 3. */
export const hasDrifted = (findings: readonly LintFinding[]): boolean =>
  findings.some(({ missing, unknown }) => missing.length > 0 || unknown.length > 0);

/** '' when no log was looked at. */
export function lintReport(findings: readonly LintFinding[], telling: Telling): string {
  const blocks = findings.map((finding) => lintLines(finding, telling));
  return page(
    blocks.flatMap((block, index) => (index === 0 ? block : ['', ...block])),
    telling.ascii,
  );
}

/** One document; deterministic. */
export function lintJson(findings: readonly LintFinding[]): string {
  const logs = findings.map(({ source, program, version, found, missing, unknown }) => ({
    source,
    ...(program === undefined ? {} : { program }),
    ...(version === undefined ? {} : { version }),
    found: found.map(({ rule, line }) => ({ rule, line })),
    missing: missing.map(({ phase, marker }) => ({ phase, marker })),
    unknown: unknown.map(({ source: from, line, text }) => ({ source: from, line, text })),
  }));
  return `${JSON.stringify({ schema: 'coldtrace-lint/v1', drift: hasDrifted(findings), logs }, undefined, 2)}\n`;
}

function lintLines(finding: LintFinding, { width, color }: Telling): readonly string[] {
  const paint = painter(color);
  const { source, found, missing, unknown } = finding;
  const title = `${cell(source)} · ${programText(finding)} · ${plural(found.length, 'marker')} found, ${missing.length} missing, ${unknown.length} unknown`;
  return [
    ...wrap(title, { width, rest: '  ' }).map((line) => paint('bold', line)),
    ...foundLines(finding, width),
    ...missing.flatMap(({ phase, marker }) =>
      wrap(`${phase}: ${cell(marker)}`, { width, first: '  missing ', rest: '          ' }).map((line) =>
        paint('yellow', line),
      ),
    ),
    ...unknownLines(finding, width).map((line) => paint('red', line)),
    ...(hasDrifted([finding]) ? [] : [paint('green', '  every marker is where this version puts it')]),
  ];
}

const programText = ({ program, version }: LintFinding): string =>
  cell(program === undefined ? 'program not recognised' : `${program} ${version ?? 'of unknown version'}`);

/** One entry per rule, in order of the first line: `vllm.weights_took ×8 (line 42)`. */
function foundLines({ found }: LintFinding, width: number): readonly string[] {
  const rules = new Map<string, { first: number; count: number }>();
  for (const { rule, line } of found) {
    const known = rules.get(rule);
    rules.set(rule, { first: Math.min(known?.first ?? line, line), count: (known?.count ?? 0) + 1 });
  }
  const sorted = [...rules].toSorted(([, a], [, b]) => a.first - b.first);
  return sorted.flatMap(([rule, { first, count }]) =>
    wrap(`${cell(rule)}${count > 1 ? ` ×${countText(count)}` : ''}`, {
      width,
      first: `  found   ${`line ${first}`.padEnd(11)} `,
      rest: ' '.repeat(22),
    }),
  );
}

function unknownLines({ unknown }: LintFinding, width: number): readonly string[] {
  const shown = unknown.slice(0, MOST_UNKNOWN);
  const left = unknown.length - shown.length;
  return [
    ...shown.flatMap(({ line, text }) =>
      wrap(cell(text), {
        width,
        first: `  unknown ${`line ${line}`.padEnd(11)} `,
        rest: ' '.repeat(22),
        lines: 3,
      }),
    ),
    ...(left > 0 ? [`  and ${plural(left, 'unknown line')} more (--format json has them all)`] : []),
  ];
}
