// Where one start ends and the next begins, inside the log of one container run.
//
// A crash loop in one file, `nohup … >> log`, three offline runs in a row: the
// lines do not say "next start". A process that prints its banner or arguments
// begins one, unless it is a sibling of a start that is still under way (several
// API servers, data-parallel engines, workers).

import { type Mark, outlivesReady, type Saying, type Speaker } from '../model/mark.ts';
import type { PhaseName } from '../model/phase.ts';

/** The marks of one process start, in line order. */
export type ProcessStart = readonly Mark[];

interface Current {
  readonly marks: Mark[];
  readonly beganBy: Speaker[];
  began: boolean;
  /** Past configuration: the engine has said something of its own. */
  progressed: boolean;
  /** Engines that have finished their init. */
  readonly engines: Set<string>;
  engineDone: boolean;
  ready: boolean;
  failed: boolean;
}

export function processStarts(marks: readonly Mark[]): readonly ProcessStart[] {
  let current = fresh();
  const starts = [current];
  const lastWords = new Map(marks.map(({ speaker }, index) => [key(speaker), index]));
  for (const [index, mark] of marks.entries()) {
    if (current.ready && mark.says.kind !== 'seen' && !outlivesReady(mark.says)) continue;
    const livesOn = (speaker: Speaker): boolean => (lastWords.get(key(speaker)) ?? 0) > index;
    if (beginsAnother(current, mark, livesOn)) {
      current = fresh();
      starts.push(current);
    }
    note(current, mark);
  }
  return starts.map((start) => start.marks).filter((own) => own.some(({ says }) => says.kind !== 'seen'));
}

function fresh(): Current {
  const flags = { began: false, progressed: false, engineDone: false, ready: false, failed: false };
  return { marks: [], beganBy: [], engines: new Set(), ...flags };
}

const isOver = ({ ready, failed, engineDone }: Current): boolean => ready || failed || engineDone;

/** Whether a process says anything later on. */
type LivesOn = (speaker: Speaker) => boolean;

function beginsAnother(current: Current, mark: Mark, livesOn: LivesOn): boolean {
  const { says, speaker } = mark;
  if (says.kind === 'process_began') return beginsByBanner(current, speaker, livesOn);
  if (isEngineBegin(says)) return beginsByEngine(current, speaker);
  return isBeforeBanner(says) && (current.failed || current.ready) && current.began;
}

/** What a container does before the engine: only after the end of one start does it belong to the next. */
const isBeforeBanner = (says: Saying): boolean =>
  (says.kind === 'during' || says.kind === 'began') &&
  (says.phase === 's5cmd_download' || says.phase === 'ray_cluster_init');

function beginsByBanner(current: Current, speaker: Speaker, livesOn: LivesOn): boolean {
  if (!current.began) return isOver(current) && current.progressed;
  if (isOver(current)) return !isNumbered(speaker) || current.failed;
  return isSuccessor(current, speaker, livesOn);
}

/** ApiServer_1, EngineCore_DP0: siblings print the same banner, some of them late. */
const isNumbered = ({ name }: Speaker): boolean => /_(?:DP)?\d{1,4}$/.test(name);

/**
 * The same kind of process began once already and has either come further, or
 * it is another process now. One that still speaks afterwards is a sibling
 * (several actors in one Ray log), not a predecessor.
 */
function isSuccessor(current: Current, speaker: Speaker, livesOn: LivesOn): boolean {
  if (isNumbered(speaker)) return false;
  const before = current.beganBy.filter(({ name }) => name === speaker.name);
  if (before.length === 0) return false;
  const anotherPid = before.every(({ pid }) => pid !== speaker.pid);
  return anotherPid ? !before.some(livesOn) : current.progressed;
}

const isEngineBegin = (says: Saying): boolean => says.kind === 'ended' && says.phase === 'engine_boot';

/** An offline engine has no banner before 0.9: a second engine after a finished one is another start. */
function beginsByEngine(current: Current, speaker: Speaker): boolean {
  if (isNumbered(speaker)) return false;
  if (current.failed && current.engines.size > 0) return true;
  return current.engineDone && (current.engines.has(key(speaker)) || speaker.name === '');
}

const key = ({ name, pid, ip }: Speaker): string => [name, pid, ip].join('\0');

function note(current: Current, mark: Mark): void {
  const { says, speaker } = mark;
  current.marks.push(mark);
  if (says.kind === 'process_began') {
    // What failed before the first banner did not keep it from being printed.
    if (!current.began) current.failed = false;
    current.began = true;
    current.beganBy.push(speaker);
  }
  if (isEngineBegin(says)) current.engines.add(key(speaker));
  if (says.kind === 'ready') current.ready = true;
  if (says.kind === 'failed' && says.root) current.failed = true;
  if (says.kind === 'ended' || says.kind === 'lasted') noteEnd(current, says.phase);
}

/** What may come before the engine says anything of its own. */
const BEFORE_ENGINE: ReadonlySet<PhaseName> = new Set<PhaseName>([
  'model_config',
  's5cmd_download',
  'ray_cluster_init',
  'weights_download',
]);

function noteEnd(current: Current, phase: PhaseName): void {
  if (phase === 'engine_init') current.engineDone = true;
  if (!BEFORE_ENGINE.has(phase)) current.progressed = true;
}
