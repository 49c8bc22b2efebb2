// What the root span says about the whole startup.

import { between, toSeconds } from '../base/instant.ts';
import { cut } from '../base/text.ts';
import type { FactValue } from '../model/mark.ts';
import type { Startup } from '../model/startup.ts';
import type { Attributes } from '../model/trace.ts';
import { groupAttributes } from './group-attributes.ts';
import { known } from './known.ts';
import { ownAttributes } from './own-names.ts';
import { proofText } from './span-attributes.ts';

/** Told under names of their own on every span. */
const TOLD_ELSEWHERE: ReadonlySet<string> = new Set([
  'endpoint_name',
  'model_name',
  'gpu_type',
  'num_gpus',
  'node_name',
  'namespace',
  'image_tag',
  'region',
  'image',
  'container.image.name',
  'k8s.cluster.name',
]);

export function rootAttributes(startup: Startup): Attributes {
  return {
    ...ownAttributes('endpoint_startup', otherFacts(startup)),
    ...verdictAttributes(startup),
    ...failureAttributes(startup),
    ...silenceAttributes(startup),
    ...groupAttributes(startup),
  };
}

/** `total_startup_seconds` is the seed's: a start that never got ready has no total, nor one whose length is not known. */
function verdictAttributes(startup: Startup): Attributes {
  const { start, end, outcome, podTotal, engine, lengthUnknown } = startup;
  const isTotal = outcome === 'ready' && lengthUnknown !== true;
  return known({
    total_startup_seconds: isTotal ? toSeconds(between(start.at, end.at)) : undefined,
    'startup.pod_total_seconds': podTotal === undefined ? undefined : toSeconds(podTotal),
    'startup.coverage': lengthUnknown === true ? undefined : startup.coverage,
    'startup.class': startup.class,
    'startup.outcome': outcome,
    'startup.engine': engine?.name,
    'startup.engine_version': engine?.version,
    'startup.note': startup.note,
    'startup.missing': startup.missing.map(({ phase, why }) => cut(`${phase}: ${why}`, 200)),
    'startup.conflicts': startup.conflicts.map(({ what, says }) => cut(`${what}: ${says}`, 200)),
  });
}

function failureAttributes({ failure }: Startup): Attributes {
  if (failure === undefined) return {};
  return known({
    'startup.failure.cause': failure.cause,
    'startup.failure.phase': failure.phase,
    'startup.failure.evidence': proofText('at', failure.evidence),
  });
}

function silenceAttributes({ silent }: Startup): Attributes {
  if (silent === undefined) return {};
  return { 'startup.silent.phase': silent.phase, 'startup.silent.seconds': toSeconds(silent.lasting) };
}

function otherFacts({ attributes }: Startup): Readonly<Record<string, FactValue>> {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !TOLD_ELSEWHERE.has(name)));
}
