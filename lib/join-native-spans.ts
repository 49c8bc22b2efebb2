// vLLM's own spans given to the pods they belong to; what belongs to none is counted and told.

import type { PodEvidence } from './assembly/evidence.ts';
import { joinSpans, type Unjoined } from './assembly/join-spans.ts';
import { formatInstant } from './base/instant.ts';
import type { Counter } from './base/tally.ts';
import type { NativeSpan } from './model/native-span.ts';
import type { Problem } from './pipeline-types.ts';

interface Joining {
  readonly pods: readonly PodEvidence[];
  readonly spans: readonly NativeSpan[];
  readonly counter: Counter;
  readonly problems: Problem[];
}

export function joinNativeSpans({ pods, spans, counter, problems }: Joining): readonly PodEvidence[] {
  if (spans.length === 0) return pods;
  const joined = joinSpans(pods, spans);
  const lost = joined.unjoined.reduce((sum, { boot }) => sum + boot.spans.length, 0);
  const counts = { repeated: joined.repeated, colliding: joined.colliding, unjoined: lost };
  for (const [name, count] of Object.entries(counts))
    if (count > 0) counter.count(`native_spans.${name}`, count);
  counter.count('native_spans.joined', spans.length - joined.repeated - lost);
  for (const one of joined.unjoined) problems.push(problemOf(one));
  return joined.pods;
}

const problemOf = ({ boot, traceId, why }: Unjoined): Problem => ({
  where: `vLLM's own spans of trace ${traceId}`,
  expected: 'one start that they belong to',
  came: `${boot.spans.length} from ${formatInstant(boot.start)} to ${formatInstant(boot.end)}: ${why}`,
  what: 'native_spans.unjoined',
  asked: false,
});
