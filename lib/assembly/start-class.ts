// Cold, warm or hot: only from evidence, else unknown.

import type { FactValue } from '../model/mark.ts';
import type { Phase, StartClass } from '../model/startup.ts';

/**
 * hot: woken from sleep. cold: an image was pulled, weights were downloaded, or
 * something was compiled anew. warm: all that was there already.
 */
export function startClass(phases: readonly Phase[], facts: Readonly<Record<string, FactValue>>): StartClass {
  if (facts['wake_seconds'] !== undefined) return 'hot';
  const signs = [...phases.flatMap(signOf), ...compileSigns(facts)];
  if (signs.includes('cold')) return 'cold';
  return signs.includes('warm') ? 'warm' : 'unknown';
}

function signOf({ name, attributes, container }: Phase): readonly StartClass[] {
  switch (name) {
    case 'image_pull':
      return container === null ? [] : [attributes['image.cached'] === true ? 'warm' : 'cold'];
    case 's5cmd_download':
    case 'weights_download':
    case 'inductor_compile':
      return ['cold'];
    case 'compile_cache_load':
      return ['warm'];
    default:
      return [];
  }
}

function compileSigns(facts: Readonly<Record<string, FactValue>>): readonly StartClass[] {
  const hit = facts['compile.cache_hit'];
  return hit === undefined ? [] : [hit === true ? 'warm' : 'cold'];
}
