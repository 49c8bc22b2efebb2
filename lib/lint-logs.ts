// Which markers of a log are known, missing or new for the version that printed it.

import type { Expected } from './assembly/missing.ts';
import { append } from './base/append.ts';
import type { LogRun } from './model/log-run.ts';
import type { Missing, Startup } from './model/startup.ts';
import type { LintFinding } from './pipeline-types.ts';

type ExpectedOf = (version: string | undefined) => readonly Expected[];

/** One finding for each log that an engine wrote. */
export function lintOf(
  logs: readonly LogRun[],
  startups: readonly Startup[],
  expected: ExpectedOf,
): readonly LintFinding[] {
  const lost = lostBySource(startups);
  return logs.filter(isEngineLog).map((log) => findingOf(log, lost.get(log.source) ?? [], expected));
}

/** What was expected in the logs that a startup was read from, and not found. */
function lostBySource(startups: readonly Startup[]): ReadonlyMap<string, readonly Missing[]> {
  const found = new Map<string, Missing[]>();
  for (const { missing, evidence, phases } of startups) {
    const lost = missing.filter(({ legitimate }) => !legitimate);
    if (lost.length === 0) continue;
    const proofs = [...evidence, ...phases.flatMap((phase) => phase.evidence)];
    for (const source of new Set(proofs.map((proof) => proof.source))) {
      const list = found.get(source) ?? [];
      found.set(source, list);
      append(list, lost);
    }
  }
  return found;
}

const isEngineLog = ({ marks, unknown }: LogRun): boolean =>
  unknown.length > 0 || marks.some(({ says }) => says.kind !== 'seen');

function findingOf(log: LogRun, lost: readonly Missing[], expected: ExpectedOf): LintFinding {
  const version = log.marks
    .map(({ says }) => says)
    .find((says) => says.kind === 'fact' && says.name === 'vllm_version');
  const printed = version?.kind === 'fact' ? String(version.value) : undefined;
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
