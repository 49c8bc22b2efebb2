// Attribute names for what only one kind of phase knows (weights_gib, bytes, …).
//
// A name with a dot is final (`image.cached`, `startup.start_unknown`); a bare
// one is put under the program that the phase belongs to.

import type { FactValue } from '../model/mark.ts';
import { type PhaseName, parentOf } from '../model/phase.ts';
import type { Attributes } from '../model/trace.ts';
import { known } from './known.ts';

/** Holds for the phase and for everything below it. */
const PREFIXES: Partial<Readonly<Record<PhaseName, string>>> = {
  image_pull: 'image',
  s5cmd_download: 's5cmd',
  ray_cluster_init: 'ray',
  python_init: 'vllm',
  vllm_init: 'vllm',
  server_ready: 'vllm',
  endpoint_startup: 'startup',
};

/** `weights_gib` of weight_loading → `vllm.weights_gib`; `startup.` where no program is named. */
export function ownAttributes(phase: PhaseName, facts: Readonly<Record<string, FactValue>>): Attributes {
  const prefix = prefixOf(phase);
  return known(
    Object.fromEntries(
      Object.entries(facts).map(([name, value]) => [name.includes('.') ? name : `${prefix}.${name}`, value]),
    ),
  );
}

function prefixOf(phase: PhaseName): string {
  const prefix = PREFIXES[phase];
  if (prefix !== undefined) return prefix;
  const parent = parentOf(phase);
  return parent === undefined ? 'startup' : prefixOf(parent);
}
