// When a startup is told for good: ready, failed or gone, plus the time that evidence may be late. Pure.

import { after, type Duration, duration, type Instant, latest, SECOND } from '../base/instant.ts';
import { isUnknown, type Moment } from '../model/mark.ts';
import type { Outcome } from '../model/startup.ts';
import { ALLOWED_LATENESS } from './window.ts';

/** An incomplete start of which nothing has been heard for so long is not waited for: else state would grow for ever. */
export const LONGEST_SILENCE = duration(24n * 3600n * SECOND);

/** What is known of one attempt; a `Startup` is that, too. */
export interface StartupFacts {
  readonly outcome: Outcome;
  readonly end: Moment;
}

export interface Surroundings {
  /** The youngest evidence of this pod of any kind. */
  readonly lastEvidence?: Instant;
  /** When the pod was deleted or its node lost, if it is known to be gone. */
  readonly gone?: Instant;
  readonly now: Instant;
  readonly lateness?: Duration;
}

export type Finality =
  | { readonly final: true; readonly why: 'ready' | 'failed' | 'gone' | 'silent' }
  /** `at`: when it will be, if nothing else is heard. */
  | { readonly final: false; readonly why: string; readonly at?: Instant };

export function finalityOf({ outcome, end }: StartupFacts, around: Surroundings): Finality {
  const decided = isUnknown(end) ? undefined : end.at;
  if (outcome !== 'incomplete')
    return outcome === 'ready' ? settled('ready', decided, around) : settled('failed', decided, around);
  return around.gone === undefined ? silence(decided, around) : settled('gone', around.gone, around);
}

/** Of a pod: when all of its attempts are. A pod without any is not. */
export function podFinality(startups: readonly StartupFacts[], around: Surroundings): Finality {
  const each = startups.map((startup) => finalityOf(startup, around));
  const open = each.find(({ final }) => !final);
  return open ?? each.at(-1) ?? { final: false, why: 'no startup is known' };
}

/** A log without a clock has no end in time; the last evidence has to stand in for it. */
function settled(
  why: 'ready' | 'failed' | 'gone',
  decided: Instant | undefined,
  around: Surroundings,
): Finality {
  const { lastEvidence, now, lateness = ALLOWED_LATENESS } = around;
  const since = decided ?? lastEvidence;
  if (since === undefined) return { final: false, why: `${why}, but nothing tells when` };
  const at = after(since, lateness);
  return now >= at ? { final: true, why } : { final: false, why: `${why}; late evidence is waited for`, at };
}

function silence(end: Instant | undefined, { lastEvidence, now }: Surroundings): Finality {
  if (end === undefined && lastEvidence === undefined)
    return { final: false, why: 'starting; nothing tells since when' };
  const heard = latest(end ?? lastEvidence ?? now, lastEvidence ?? end ?? now);
  const at = after(heard, LONGEST_SILENCE);
  return now >= at ? { final: true, why: 'silent' } : { final: false, why: 'starting', at };
}
