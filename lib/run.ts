// One command from its words to its exit code: config, pipeline, report, delivery.

import type { Duration, Instant } from './base/instant.ts';
import { failed, ok, type Result } from './base/result.ts';
import type { Command } from './command-line.ts';
import { type ReplayConfig, resolveConfig } from './config.ts';
import { type Destination, deliver, destinationOf, type Sent } from './deliver.ts';
import { NO_BAR, type ProgressBar, progressBar } from './draw-progress.ts';
import { exitCodeOf, TROUBLE } from './exit-code.ts';
import type { Patience } from './exporters/retrying.ts';
import type { Answer, Replay } from './pipeline-types.ts';
import { type Picture, picture } from './redraw.ts';
import type { RemoteConfig } from './remote-types.ts';
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
  readonly writeFile: (path: string, pieces: Iterable<string>) => Promise<void>;
  readonly replay: Replay;
  /** Resolves after the time, or when the signal says so. */
  readonly pause: (time: Duration, signal: AbortSignal) => Promise<void>;
  /** Begins to listen: fires at the first Ctrl-C. */
  readonly interrupted: () => AbortSignal;
}

/** Evidence in, startups out; made before anything is read. */
interface Asker {
  readonly ask: () => Promise<Answer>;
  /** What was looked for, when it was not files. */
  readonly lookedFor?: string;
  /** What to do when nothing was found there. */
  readonly check?: string;
}

/** The exit code. Bad input never throws: it is told on stderr. */
export async function run(command: Command, deps: RunDeps): Promise<number> {
  const { env, terminal } = deps;
  const file = await fileOf(command, env);
  if (!file.ok) return misuse(file.error, deps);
  const config = resolveConfig(command, { env, terminal, now: deps.now(), file: file.value });
  if (!config.ok) return misuse(config.error, deps);
  if (command.name === 'collect') return collected(config.value, deps);
  if (command.name === 'analyze' || command.name === 'backfill') return ran(config.value, deps);
  if (command.name === 'doctor') return examined(config.value, deps);
  const destination = await destinationOf(config.value, env);
  if (!destination.ok) return misuse([destination.error], deps);
  const asker = await askerFor(config.value, deps);
  if (!asker.ok) return misuse([asker.error], deps);
  return answerWith(config.value, { destination: destination.value, asker: asker.value }, deps);
}

/** Only a file that is named: one that happens to lie about could redirect what is sent. */
async function fileOf({ options }: Command, env: Env): Promise<Result<Settings, readonly string[]>> {
  const path = options['config'] ?? env[CONFIG_VARIABLE];
  if (typeof path !== 'string' || path === '') return ok({});
  const { settingsFile } = await import('./settings/settings-file.ts');
  return settingsFile(path);
}

/** What it has kept is its answer; it tells no starts. */
async function collected(config: ReplayConfig, deps: RunDeps): Promise<number> {
  const { collect } = await import('./collect.ts');
  const kept = await collect(config, deps);
  if (!kept.ok) return misuse([kept.error], deps);
  const { summary, lines, exitCode } = kept.value;
  for (const line of lines) deps.stderr(`${line}\n`);
  if (summary !== '') await deps.stdout(`${summary}\n`);
  return exitCode;
}

/** What it has found is its answer. */
async function examined(config: ReplayConfig, deps: RunDeps): Promise<number> {
  const { doctor } = await import('./doctor.ts');
  const found = await doctor(config, deps);
  if (!found.ok) return misuse([found.error], deps);
  await deps.stdout(found.value.text);
  return found.value.exitCode;
}

/** What it has sent is its answer. */
async function ran(config: ReplayConfig, deps: RunDeps): Promise<number> {
  const { runScheduled } = await import('./run-scheduled.ts');
  const told = await runScheduled(config, deps);
  if (!told.ok) return misuse([told.error], deps);
  const { summary, lines, exitCode } = told.value;
  for (const line of lines) deps.stderr(`${line}\n`);
  await deps.stdout(`${summary}\n`);
  return exitCode;
}

interface Prepared {
  readonly destination: Destination;
  readonly asker: Asker;
}

async function answerWith(
  config: ReplayConfig,
  { destination, asker }: Prepared,
  deps: RunDeps,
): Promise<number> {
  const answer = await asker.ask();
  const written = await write(await reportPieces(answer, config), config, deps);
  const sent = await deliver(answer.startups, config, {
    destination,
    patience: deps.patience,
    now: deps.now(),
  });
  const outcomes = [written, sent, ...(await keptLines(config)), ...(await costLinesOf(answer, config))];
  for (const line of closingLines(answer, { config, asker }, outcomes)) deps.stderr(`${line}\n`);
  const lint = config.command === 'lint';
  return exitCodeOf({ answer, lint, strict: config.strict, told: written.good && sent.good });
}

/** Files, or a live cluster. */
async function askerFor(config: ReplayConfig, deps: RunDeps): Promise<Result<Asker, string>> {
  const bar = barFor(config, deps);
  const { now, stdin } = deps;
  if (config.remote !== undefined) return ok(remoteAsker(config.remote, config, deps));
  if (config.live === undefined)
    return ok({
      ask: () => deps.replay(config.request, { now, stdin, progress: bar.update }).finally(bar.clear),
    });
  const { live } = await import('./live.ts');
  const connected = await live(config.live, config.request, deps);
  if (!connected.ok) return failed(connected.error);
  const drawn = pictureFor(config, deps);
  const draw = async (answer: Answer): Promise<void> =>
    drawn?.show([...(await reportPieces(answer, config))].join(''));
  const { ask, lookedFor } = connected.value;
  const ended = async (): Promise<void> => {
    bar.clear();
    await drawn?.clear();
  };
  return ok({ ask: () => ask({ progress: bar.update, draw }).finally(ended), lookedFor });
}

/** What lies elsewhere beside the request's own paths. */
function remoteAsker(remote: RemoteConfig, config: ReplayConfig, deps: RunDeps): Asker {
  const bar = barFor(config, deps);
  const ask = async (): Promise<Answer> => {
    const { replayRemote } = await import('./remote.ts');
    return replayRemote(remote, config.request, { ...deps, progress: bar.update });
  };
  const places = (remote.s3Logs?.places ?? []).map(({ bucket, prefix }) => `s3://${bucket}/${prefix}`);
  const names = [...(remote.cloudwatch?.groups ?? []), ...places].join(', ');
  const check = 'Check the names, the prefix and the window';
  return { ask: () => ask().finally(bar.clear), lookedFor: `logs of a start in ${names}`, check };
}

/** Only people at a terminal see a picture that changes. */
function pictureFor({ format, out }: ReplayConfig, { terminal, stdout }: RunDeps): Picture | undefined {
  const isSeen = terminal.stdout && out === undefined && format === 'table';
  return isSeen ? picture(stdout, terminal.rows) : undefined;
}

/** How to have the same answer again. */
async function keptLines({ live: wanted, request }: ReplayConfig): Promise<readonly Sent[]> {
  if (wanted?.save === undefined) return [];
  const { replayCommand } = await import('./live.ts');
  return [
    { lines: [`evidence kept; the same answer from it: ${replayCommand(wanted.save, request)}`], good: true },
  ];
}

async function costLinesOf({ tally }: Answer, { remote }: ReplayConfig): Promise<readonly Sent[]> {
  if (remote === undefined) return [];
  const { costLines } = await import('./reports/cost.ts');
  return [{ lines: costLines(tally), good: true }];
}

function barFor({ progress, live, telling }: ReplayConfig, { now, stderr, terminal }: RunDeps): ProgressBar {
  if (!progress || live?.watch === true) return NO_BAR;
  return progressBar({ now, write: stderr, width: terminal.columns ?? telling.width, ascii: telling.ascii });
}

/** Loads only what the format needs. */
async function reportPieces(
  answer: Answer,
  { command, format, telling, trace }: ReplayConfig,
): Promise<Iterable<string>> {
  if (command === 'lint') {
    const { lintJson, lintReport } = await import('./reports/lint.ts');
    return [format === 'json' ? lintJson(answer.lint) : lintReport(answer.lint, telling)];
  }
  if (format === 'otlp-json') {
    const { toTraces } = await import('./telemetry/to-trace.ts');
    const { otlpJson } = await import('./exporters/otlp-json.ts');
    return [`${otlpJson(toTraces(answer.startups, trace))}\n`];
  }
  const { REPORTS } = await import('./reports/index.ts');
  const report = await REPORTS[command === 'explain' ? 'explain' : format]();
  return report(answer, telling);
}

async function write(
  pieces: Iterable<string>,
  { out }: ReplayConfig,
  { stdout, writeFile }: RunDeps,
): Promise<Sent> {
  if (out === undefined) {
    for (const piece of pieces) await stdout(piece);
    return { lines: [], good: true };
  }
  try {
    await writeFile(out, pieces);
    return { lines: [], good: true };
  } catch (error) {
    const came = error instanceof Error ? error.message : String(error);
    return { lines: [`--out: expected a file that can be written, got ${came}`], good: false };
  }
}

function closingLines(
  answer: Answer,
  { config: { command }, asker }: { readonly config: ReplayConfig; readonly asker: Asker },
  outcomes: readonly Sent[],
): readonly string[] {
  const empty = command === 'lint' ? answer.lint.length === 0 : answer.startups.length === 0;
  return [
    ...problemLines(answer.problems),
    ...(empty ? [nothingText(answer, asker)] : []),
    ...outcomes.flatMap(({ lines }) => lines.map((line) => `coldtrace: ${line}`)),
    `coldtrace: ${tallyLine(answer)}`,
  ];
}

/** What was expected, what came, what to do next. */
function nothingText(
  { tally, problems }: Answer,
  { lookedFor, check = 'Check name, namespace and context' }: Asker,
): string {
  if (lookedFor !== undefined) {
    const why = problems.some(({ asked }) => asked) ? 'See above why' : check;
    return `coldtrace: no startup found: expected ${lookedFor}, got none with evidence of a start. ${why}.`;
  }
  const came =
    (tally.get('lines.read') ?? 0) === 0 ? 'nothing that could be read as evidence' : 'no line of a start';
  return `coldtrace: no startup found: expected container logs of vLLM, s5cmd or Ray, or the output of\n  kubectl get pods,events -A -o json; got ${came}. Check the paths and the filters.`;
}

function misuse(messages: readonly string[], { stderr }: RunDeps): number {
  for (const message of messages) stderr(`coldtrace: ${message}\n`);
  stderr('See coldtrace --help.\n');
  return TROUBLE;
}
