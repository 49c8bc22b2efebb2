// What is done about phases of which one end was not seen.
//
// Some ends are borrowed from a neighbour and then say "derived"; some are
// never inferred at all (design section 10): those phases come only from lines
// of their own.

import { PHASE_NAMES, type PhaseName, parentOf, phaseRank } from '../model/phase.ts';

/** Phases inside the container's process, outer ones last: borrowing needs the inner ones' neighbours first. */
export const PROCESS_PHASES: readonly PhaseName[] = PHASE_NAMES.filter(
  (name) => phaseRank(name) > phaseRank('startup') && phaseRank(name) < phaseRank('readiness_lag'),
);

/** Where the beginning comes from when no line tells: the end of the first of these that is known. */
export const BORROWS_START_FROM: Readonly<Partial<Record<PhaseName, readonly PhaseName[]>>> = {
  engine_boot: ['model_config'],
  distributed_init: ['engine_boot', 'model_config'],
  weight_loading: ['distributed_init', 'engine_boot', 'model_config'],
  memory_profiling: ['weight_loading'],
  torch_compile: ['weight_loading'],
  kv_cache_allocation: ['memory_profiling', 'torch_compile', 'weight_loading'],
  kernel_warmup: ['kv_cache_allocation'],
  cuda_graph_capture: ['kernel_warmup', 'kv_cache_allocation'],
  engine_init: ['weight_loading'],
};

/** Phases that may end where something later begins: they often have no line for their end. */
export const ENDS_WITH_NEXT: ReadonlySet<PhaseName> = new Set<PhaseName>([
  'weight_loading',
  'distributed_init',
  'engine_boot',
  'model_config',
  'kernel_warmup',
  'memory_profiling',
  'draft_model_loading',
  'weights_download',
  's5cmd_download',
  'ray_cluster_init',
]);

/** True when `outer` holds `name` in the table, at any depth. */
export function isInside(name: PhaseName, outer: PhaseName): boolean {
  const parent = parentOf(name);
  return parent !== undefined && (parent === outer || isInside(parent, outer));
}
