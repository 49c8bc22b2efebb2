// Which markers of a log are known, missing or new for the version that printed it.

import type { Expected } from './assembly/missing.ts';
import type { LogRun } from './model/log-run.ts';
import type { Startup } from './model/startup.ts';
import type { LintFinding } from './pipeline-types.ts';

type ExpectedOf = (version: string | undefined) => readonly Expected[];

/** One finding for each log that an engine wrote. */
export function lintOf(
  logs: readonly LogRun[],
  startups: readonly Startup[],
  expected: ExpectedOf,
): readonly LintFinding[] {
  return logs.filter(isEngineLog).map((log) => findingOf(log, startups, expected));
}

const isEngineLog = ({ marks, unknown }: LogRun): boolean =>
  unknown.length > 0 || marks.some(({ says }) => says.kind !== 'seen');

function findingOf(log: LogRun, startups: readonly Startup[], expected: ExpectedOf): LintFinding {
  const version = log.marks
    .map(({ says }) => says)
    .find((says) => says.kind === 'fact' && says.name === 'vllm_version');
  const printed = version?.kind === 'fact' ? String(version.value) : undefined;
  const lost = startups
    .filter(({ evidence, phases }) =>
      [...evidence, ...phases.flatMap((phase) => phase.evidence)].some(({ source }) => source === log.source),
    )
    .flatMap(({ missing }) => missing.filter(({ legitimate }) => !legitimate));
  const markers = new Map(expected(printed).map(({ phase, marker }) => [phase, marker]));
  return {
    source: log.source,
    ...(printed === undefined ? {} : { program: 'vllm', version: printed }),
    found: foundIn(log),
    missing: lost.map(({ phase, why }) => ({ phase, marker: markers.get(phase) ?? why })),
    unknown: log.unknown,
  };
}

function foundIn({ marks }: LogRun): LintFinding['found'] {
  const seen = new Set<string>();
  return marks.flatMap(({ says, proof }) => {
    const key = `${proof.rule} ${proof.line}`;
    if (says.kind === 'seen' || seen.has(key)) return [];
    seen.add(key);
    return [{ rule: proof.rule, line: proof.line ?? 0 }];
  });
}
