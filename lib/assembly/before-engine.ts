// What the container does before the engine says anything: download, Ray, Python's imports.

import type { FactValue } from '../model/mark.ts';
import type { PhaseName } from '../model/phase.ts';
import { borrowed, type Edge, earliestOf, edgeOf, latestOf } from './edge.ts';
import { beganEdge, type Context, interval, isSaid, lastEnd, place } from './process-context.ts';

export function placeBeforeEngine(context: Context): void {
  placeDownload(context);
  placeRay(context);
  placePython(context);
}

function during({ marks }: Context, phase: PhaseName): readonly Edge[] {
  return marks
    .filter(
      ({ says }) =>
        (says.kind === 'during' || says.kind === 'ended' || says.kind === 'lasted') && says.phase === phase,
    )
    .map(edgeOf);
}

/** s5cmd prints nothing at its start: the download begins with the container. */
function placeDownload(context: Context): void {
  const progress = during(context, 's5cmd_download');
  const own = interval(context, 's5cmd_download');
  const first = own?.start ?? earliestOf(progress);
  if (first === undefined) return;
  const { containerStarted } = context.frame;
  const unknown = own?.start === undefined && containerStarted === undefined;
  const start = own?.start ?? containerStarted ?? borrowed(first);
  const { 's5cmd.object_bytes': _ofOneObject, ...facts } = own?.attributes ?? {};
  const attributes = {
    ...facts,
    ...downloadFacts(context),
    ...(unknown ? { 'startup.start_unknown': true } : {}),
  };
  const failed = context.marks.some(({ says }) => says.kind === 'failed' && says.cause === 'download_failed');
  const end = latestOf(progress);
  const isOver = !failed || beganEdge(context) !== undefined;
  place(context, 's5cmd_download', {
    start,
    end: isOver ? end : undefined,
    reported: own?.reported,
    attributes,
  });
}

/** Bytes are only known when s5cmd printed them for each object. */
function downloadFacts({ marks }: Context): Readonly<Record<string, FactValue>> {
  const bytes = marks.filter(isSaid('fact')).filter(({ says }) => says.name === 's5cmd.object_bytes');
  const total = bytes.reduce((sum, { says }) => sum + Number(says.value), 0);
  const objects = marks
    .filter(({ says }) => says.kind === 'during' && says.phase === 's5cmd_download')
    .reduce((sum, { copies }) => sum + copies, 0);
  return {
    ...(objects > 0 ? { 's5cmd.objects': objects } : {}),
    ...(bytes.length > 0 ? { 's5cmd.bytes': total } : {}),
  };
}

/** A head that prints nothing more has its end from the engine that follows, else from the nodes that joined it. */
function placeRay(context: Context): void {
  const own = interval(context, 'ray_cluster_init');
  if (own === undefined) return;
  const first = own.start ?? lastEnd(context, 's5cmd_download') ?? context.frame.containerStarted ?? own.end;
  if (first === undefined) return;
  const start = own.start === undefined ? borrowed(first) : first;
  const began = beganEdge(context);
  const others = began ?? context.frame.allJoined;
  const end = own.end ?? (others === undefined ? undefined : borrowed(others));
  place(context, 'ray_cluster_init', { ...own, start, end });
}

/** Imports print next to nothing: from whatever came before to the banner. */
function placePython(context: Context): void {
  const end = beganEdge(context);
  if (end === undefined) return;
  const before = lastEnd(context, 'ray_cluster_init') ?? lastEnd(context, 's5cmd_download');
  const start = before ?? context.frame.containerStarted ?? firstLine(context);
  if (start === undefined || start.when.at >= end.when.at) return;
  place(context, 'python_init', { start: before === undefined ? start : borrowed(start), end });
}

/** A line of the same process that is older than its banner: it was importing already. */
function firstLine({ marks }: Context): Edge | undefined {
  const first = earliestOf(marks.map(edgeOf));
  return first === undefined ? undefined : borrowed(first);
}
