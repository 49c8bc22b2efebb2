// Asks a live cluster: connects, asks once or follows, and keeps the evidence when told to.

import type { Duration, Instant } from './base/instant.ts';
import { formatInstant } from './base/instant.ts';
import { ok, type Result } from './base/result.ts';
import { follow } from './follow.ts';
import { choiceOf, connected, lookedFor } from './live-access.ts';
import type { LiveConfig } from './live-types.ts';
import { replayFrom } from './pipeline.ts';
import type { Answer, Progress, ReplayRequest } from './pipeline-types.ts';
import { clusterOf } from './sources/kube/cluster.ts';
import { type KubeAccess, kubernetes, type Patience, type PodQuestion } from './sources/kubernetes.ts';
import { newFolder, saving } from './sources/saving.ts';
import type { Env } from './terminal.ts';
import { trustedText } from './who-tells.ts';

export interface LiveDeps {
  readonly env: Env;
  readonly now: () => Instant;
  readonly patience: Patience;
  /** Resolves after the time, or when the signal says so. */
  readonly pause: (time: Duration, signal: AbortSignal) => Promise<void>;
  /** Begins to listen: fires at the first Ctrl-C. */
  readonly interrupted: () => AbortSignal;
}

export interface LiveEars {
  readonly progress: (progress: Progress) => void;
  /** What a watch knows so far. */
  readonly draw: (answer: Answer) => Promise<void>;
}

export interface Live {
  readonly ask: (ears: LiveEars) => Promise<Answer>;
  /** For the message when nothing was found. */
  readonly lookedFor: string;
}

/** The error says what is missing to connect; nothing is asked of the cluster yet. */
export async function live(
  config: LiveConfig,
  request: ReplayRequest,
  deps: LiveDeps,
): Promise<Result<Live, string>> {
  const access = await connected(config, deps.env);
  if (!access.ok) return access;
  const folder = config.save === undefined ? ok(undefined) : await newFolder(config.save);
  if (!folder.ok) return folder;
  const question = questionOf(config, access.value, { request, now: deps.now() });
  const ask = config.watch ? followed : askedOnce;
  return ok({
    ask: (ears) => ask({ config, access: access.value, question, request, deps }, ears),
    lookedFor: lookedFor(question.choice, access.value),
  });
}

const questionOf = (
  config: LiveConfig,
  access: KubeAccess,
  { request, now }: { readonly request: ReplayRequest; readonly now: Instant },
): PodQuestion => ({ choice: choiceOf(config, access), since: request.filters.since, now });

interface Asking {
  readonly config: LiveConfig;
  readonly access: KubeAccess;
  readonly question: PodQuestion;
  readonly request: ReplayRequest;
  readonly deps: LiveDeps;
}

function askedOnce(
  { config, access, question, request, deps }: Asking,
  { progress }: LiveEars,
): Promise<Answer> {
  const source = kubernetes(clusterOf(access, deps.patience), question);
  return replayFrom([config.save === undefined ? source : saving(source, config.save)], request, {
    progress,
  });
}

function followed({ config, access, question, request, deps }: Asking, { draw }: LiveEars): Promise<Answer> {
  const interrupted = deps.interrupted();
  const cluster = clusterOf(access, deps.patience, interrupted);
  const { now, pause, patience } = deps;
  const { timeout, save } = config;
  return follow({ cluster, question, request, timeout, save }, { now, pause, patience, interrupted, draw });
}

/** How to have the same answer again, once the cluster has forgotten. */
export function replayCommand(
  folder: string,
  { filters: { since, until }, trusted = [] }: ReplayRequest,
): string {
  const bounds = [
    ...(since === undefined ? [] : [`--since ${formatInstant(since)}`]),
    ...(until === undefined ? [] : [`--until ${formatInstant(until)}`]),
    ...(trusted.length === 0 ? [] : [`--trust-pods ${trustedText(trusted)}`]),
  ];
  return ['coldtrace replay', folder, ...bounds].join(' ');
}
