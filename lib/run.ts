// One command from its words to its exit code: config, pipeline, report, delivery.

import type { Instant } from './base/instant.ts';
import { ok, type Result } from './base/result.ts';
import type { Command } from './command-line.ts';
import { type ReplayConfig, resolveConfig } from './config.ts';
import { type Destination, deliver, destinationOf, type Sent } from './deliver.ts';
import { NO_BAR, type ProgressBar, progressBar } from './draw-progress.ts';
import { exitCodeOf, TROUBLE } from './exit-code.ts';
import type { Patience } from './exporters/retrying.ts';
import type { Answer, Replay } from './pipeline-types.ts';
import { problemLines, tallyLine } from './reports/tally.ts';
import { CONFIG_VARIABLE } from './settings/names.ts';
import type { Settings } from './settings/schema.ts';
import type { Env, Terminal } from './terminal.ts';

/** All that a run may touch of the world; the door hands it over. */
export interface RunDeps {
  readonly env: Env;
  readonly terminal: Terminal;
  readonly now: () => Instant;
  readonly patience: Patience;
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Resolves when the text is on its way; data only. */
  readonly stdout: (text: string) => Promise<void>;
  readonly stderr: (text: string) => void;
  /** Rejects with the system's error. */
  readonly writeFile: (path: string, text: string) => Promise<void>;
  readonly replay: Replay;
}

/** The exit code. Bad input never throws: it is told on stderr. */
export async function run(command: Command, deps: RunDeps): Promise<number> {
  const { env, terminal } = deps;
  const file = await fileOf(command, env);
  if (!file.ok) return misuse(file.error, deps);
  const config = resolveConfig(command, { env, terminal, now: deps.now(), file: file.value });
  if (!config.ok) return misuse(config.error, deps);
  const destination = await destinationOf(config.value, env);
  if (!destination.ok) return misuse([destination.error], deps);
  return answerWith(config.value, destination.value, deps);
}

/** Only a file that is named: one that happens to lie about could redirect what is sent. */
async function fileOf({ options }: Command, env: Env): Promise<Result<Settings, readonly string[]>> {
  const path = options['config'] ?? env[CONFIG_VARIABLE];
  if (typeof path !== 'string' || path === '') return ok({});
  const { settingsFile } = await import('./settings/settings-file.ts');
  return settingsFile(path);
}

async function answerWith(config: ReplayConfig, destination: Destination, deps: RunDeps): Promise<number> {
  const bar = barFor(config, deps);
  const { now, stdin, stderr } = deps;
  const answer = await deps.replay(config.request, { now, stdin, progress: bar.update }).finally(bar.clear);
  const written = await write(await reportText(answer, config), config, deps);
  const sent = await deliver(answer.startups, config, {
    destination,
    patience: deps.patience,
    now: deps.now(),
  });
  for (const line of closingLines(answer, config, [written, sent])) stderr(`${line}\n`);
  const lint = config.command === 'lint';
  return exitCodeOf({ answer, lint, strict: config.strict, told: written.good && sent.good });
}

function barFor({ progress, telling }: ReplayConfig, { now, stderr, terminal }: RunDeps): ProgressBar {
  if (!progress) return NO_BAR;
  return progressBar({ now, write: stderr, width: terminal.columns ?? telling.width, ascii: telling.ascii });
}

/** Loads only what the format needs. */
async function reportText(
  answer: Answer,
  { command, format, telling, trace }: ReplayConfig,
): Promise<string> {
  if (command === 'lint') {
    const { lintJson, lintReport } = await import('./reports/lint.ts');
    return format === 'json' ? lintJson(answer.lint) : lintReport(answer.lint, telling);
  }
  if (format === 'otlp-json') {
    const { toTraces } = await import('./telemetry/to-trace.ts');
    const { otlpJson } = await import('./exporters/otlp-json.ts');
    return `${otlpJson(toTraces(answer.startups, trace))}\n`;
  }
  const { REPORTS } = await import('./reports/index.ts');
  const report = await REPORTS[command === 'explain' ? 'explain' : format]();
  return report(answer, telling);
}

async function write(text: string, { out }: ReplayConfig, { stdout, writeFile }: RunDeps): Promise<Sent> {
  if (out === undefined) {
    await stdout(text);
    return { lines: [], good: true };
  }
  try {
    await writeFile(out, text);
    return { lines: [], good: true };
  } catch (error) {
    const came = error instanceof Error ? error.message : String(error);
    return { lines: [`--out: expected a file that can be written, got ${came}`], good: false };
  }
}

function closingLines(
  answer: Answer,
  { command }: ReplayConfig,
  outcomes: readonly Sent[],
): readonly string[] {
  const empty = command === 'lint' ? answer.lint.length === 0 : answer.startups.length === 0;
  return [
    ...problemLines(answer.problems),
    ...(empty ? [nothingText(answer)] : []),
    ...outcomes.flatMap(({ lines }) => lines.map((line) => `coldtrace: ${line}`)),
    `coldtrace: ${tallyLine(answer)}`,
  ];
}

/** What was expected, what came, what to do next. */
function nothingText({ tally }: Answer): string {
  const came =
    (tally.get('lines.read') ?? 0) === 0 ? 'nothing that could be read as evidence' : 'no line of a start';
  return `coldtrace: no startup found: expected container logs of vLLM, s5cmd or Ray, or the output of\n  kubectl get pods,events -A -o json; got ${came}. Check the paths and the filters.`;
}

function misuse(messages: readonly string[], { stderr }: RunDeps): number {
  for (const message of messages) stderr(`coldtrace: ${message}\n`);
  stderr('See coldtrace --help.\n');
  return TROUBLE;
}
