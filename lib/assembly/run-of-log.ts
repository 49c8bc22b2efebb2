// Which run of its container a log is of, where nothing but its times tell.
//
// `kubectl logs --previous` prints the container of `lastState.terminated`, without it the one of `state`. While the
// container waits (back-off) there is none in `state`, and both print the newest run (pkg/kubelet/kubelet_pods.go,
// validateContainerLogStatus, 1.13 to 1.36). The pod's status may be of another moment than the log.

import { type Instant, instant, latest, SECOND } from '../base/instant.ts';
import type { LogRun } from '../model/log-run.ts';
import { isUnknown, type Moment } from '../model/mark.ts';
import type { ContainerRun, Witnessed } from '../model/pod-story.ts';
import { endOfMoment } from './edge.ts';

/** `told`: the runs of that container as Kubernetes tells them. */
export function runOfLog(log: LogRun, told: readonly ContainerRun[]): number {
  const newest = Math.max(0, ...told.map(({ restart }) => restart));
  const usual = log.previous ? Math.max(0, newest - 1) : newest;
  const span = spanOf(log);
  const fitting = span === undefined ? [] : told.filter((run) => fits(span, boundsOf(run, told)));
  const [best] = [...fitting].sort((a, b) => rankOf(a, usual) - rankOf(b, usual) || b.restart - a.restart);
  return best?.restart ?? usual;
}

/** Who is known to have begun, then who is usual, then the newest. */
const rankOf = ({ restart, started }: ContainerRun, usual: number): number =>
  (started === undefined ? 2 : 0) + (restart === usual ? 0 : 1);

interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

/** The log began at `from` at the latest and went on until `to` at least. */
function spanOf({ marks }: LogRun): Span | undefined {
  const times = marks.map(({ when }) => when).filter((when) => !isUnknown(when));
  const [first] = times;
  if (first === undefined) return undefined;
  return {
    from: times.map(endOfMoment).reduce((a, b) => (b < a ? b : a), endOfMoment(first)),
    to: times.map(({ at }) => at).reduce(latest, first.at),
  };
}

interface Bounds {
  readonly from: Moment | undefined;
  readonly to: Moment | undefined;
}

/** When it ran; where nobody saw that, between the runs before and behind it. */
function boundsOf({ restart, started, finished }: ContainerRun, told: readonly ContainerRun[]): Bounds {
  const before = told
    .filter((run) => run.restart < restart)
    .flatMap((run) => run.finished ?? run.started ?? []);
  const behind = told
    .filter((run) => run.restart > restart)
    .flatMap((run) => run.started ?? run.finished ?? []);
  return {
    from: (started ?? before.reduce<Witnessed | undefined>(laterOf, undefined))?.when,
    to: (finished ?? behind.reduce<Witnessed | undefined>(earlierOf, undefined))?.when,
  };
}

const laterOf = (a: Witnessed | undefined, b: Witnessed): Witnessed => (a && a.when.at >= b.when.at ? a : b);

const earlierOf = (a: Witnessed | undefined, b: Witnessed): Witnessed =>
  a && a.when.at <= b.when.at ? a : b;

/** Clocks that are kept in time differ by less. */
const fits = ({ from, to }: Span, bounds: Bounds): boolean =>
  (bounds.from === undefined || instant(from + SECOND) >= bounds.from.at) &&
  (bounds.to === undefined || to <= instant(endOfMoment(bounds.to) + SECOND));
