// One startup as spans: its root, its phases, its gaps.

import { toSeconds } from '../base/instant.ts';
import { spanIdOf, type TraceId, type TraceIdScheme } from '../model/ids.ts';
import { ROOT } from '../model/phase.ts';
import { gapKey, parentSpanId, phaseKey, rootKey } from '../model/span-key.ts';
import type { Gap, Phase, Startup } from '../model/startup.ts';
import type { SpanLink, SpanRecord } from '../model/trace.ts';
import { groupLinks } from './group-attributes.ts';
import { known } from './known.ts';
import { nativeLinks } from './native-links.ts';
import { ownAttributes } from './own-names.ts';
import { rootAttributes } from './root-attributes.ts';
import { contextAttributes, measureAttributes, proofText, proofTexts } from './span-attributes.ts';

/** What the spans of one startup have in common. */
export interface Telling {
  readonly startup: Startup;
  readonly traceId: TraceId;
  readonly traceIdScheme: TraceIdScheme;
  readonly clusterName: string | undefined;
}

/** The whole attempt; parentless, linked to the attempt before and to the other pods of its group. */
export function rootSpan(
  { startup, traceId, traceIdScheme, clusterName }: Telling,
  previous: Startup | undefined,
): SpanRecord {
  const { container, restart, start, end } = startup;
  return {
    traceId,
    spanId: spanIdOf(rootKey(startup)),
    parentSpanId: undefined,
    name: ROOT,
    start: start.at,
    end: end.at,
    ...statusOf(startup, startup.outcome === 'failed'),
    attributes: {
      ...contextAttributes(startup, { container, restart }, clusterName),
      ...measureAttributes(startup.attempt, {
        start: start.at,
        end: end.at,
        ...(startup.lengthUnknown === true ? { lengthUnknown: true } : {}),
        certainty: rootCertainty(startup),
        precision: { start: start.precision, end: end.precision },
        evidence: proofTexts(startup.evidence),
      }),
      ...rootAttributes(startup),
    },
    links: [
      ...(previous === undefined ? [] : [linkTo(previous, traceId)]),
      ...groupLinks(startup, traceIdScheme),
    ],
  };
}

/** The attempt before: the same trace, another root. */
function linkTo(previous: Startup, traceId: TraceId): SpanLink {
  const attributes = { 'link.kind': 'previous_attempt', 'startup.attempt': previous.attempt };
  return { traceId, spanId: spanIdOf(rootKey(previous)), attributes };
}

/** An incomplete start never ended; one without evidence of an end of its own borrowed it. */
function rootCertainty({ outcome, evidence }: Startup): Phase['certainty'] {
  if (outcome === 'incomplete') return 'open';
  const proved = (['start', 'end'] as const).every((at) => evidence.some((proof) => proof.at === at));
  return proved ? 'observed' : 'derived';
}

/** One phase, under the nearest ancestor that this startup has. */
export function phaseSpan({ startup, traceId, clusterName }: Telling, phase: Phase): SpanRecord {
  const { container, restart, start, end } = phase;
  const { image, ...facts } = phase.attributes;
  return {
    traceId,
    spanId: spanIdOf(phaseKey(startup, phase)),
    parentSpanId: parentSpanId(startup, { ...phase, start: start.at }),
    name: phase.name,
    start: start.at,
    end: end.at,
    ...statusOf(startup, startup.outcome === 'failed' && hasFailed(startup, phase)),
    attributes: {
      ...ownAttributes(phase.name, facts),
      ...contextAttributes(startup, { container, restart, image }, clusterName),
      ...measureAttributes(startup.attempt, {
        start: start.at,
        end: end.at,
        ...(phase.lengthUnknown === true ? { lengthUnknown: true } : {}),
        certainty: phase.certainty,
        precision: { start: start.precision, end: end.precision },
        evidence: proofTexts(phase.evidence),
      }),
      ...witnessAttributes(phase),
    },
    links: nativeLinks(phase, traceId),
  };
}

const witnessAttributes = ({ reported, ranks, clamped, occurrence }: Phase) =>
  known({
    'startup.reported_seconds': reported,
    'startup.occurrence': occurrence === 0 ? undefined : occurrence,
    'startup.clamped': clamped,
    'rank.count': ranks?.count,
    'rank.slowest': ranks?.slowest,
    'rank.spread_seconds': ranks === undefined ? undefined : toSeconds(ranks.spread),
  });

/** In a failed start: what never ended, and the last try of the phase that failed. */
function hasFailed({ phases, failure }: Startup, phase: Phase): boolean {
  if (phase.certainty === 'open') return true;
  return phase === phases.findLast(({ name }) => name === failure?.phase);
}

function statusOf({ failure }: Startup, failed: boolean): Pick<SpanRecord, 'status' | 'statusMessage'> {
  if (!failed) return { status: 'unset' };
  return failure === undefined ? { status: 'error' } : { status: 'error', statusMessage: failure.cause };
}

/** An interval that nothing explains: never hidden. */
export function gapSpan({ startup, traceId, clusterName }: Telling, gap: Gap): SpanRecord {
  const { parent, afterPhase, container, restart, start, end, before, next } = gap;
  const sides = [
    ...(before ? [proofText('before', before)] : []),
    ...(next ? [proofText('after', next)] : []),
  ];
  const measured = { start, end, certainty: 'derived', precision: undefined, evidence: sides } as const;
  return {
    traceId,
    spanId: spanIdOf(gapKey(startup, gap)),
    parentSpanId: parentSpanId(startup, { parent, start }),
    name: 'gap',
    start,
    end,
    status: 'unset',
    attributes: {
      ...contextAttributes(startup, { container, restart }, clusterName),
      ...measureAttributes(startup.attempt, measured),
      'gap.parent': parent,
      'gap.after': afterPhase,
    },
    links: [],
  };
}
