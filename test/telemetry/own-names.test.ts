// Facts of a phase under the program that they belong to.

import { expect, it } from 'vitest';
import { ownAttributes } from '../../lib/telemetry/own-names.ts';

it.each([
  ['weight_loading', 'weights_gib', 'vllm.weights_gib'],
  ['inductor_compile', 'backend', 'vllm.backend'],
  ['s5cmd_download', 'bytes', 's5cmd.bytes'],
  ['ray_cluster_init', 'nodes', 'ray.nodes'],
  ['image_pull', 'bytes', 'image.bytes'],
  ['image_pull', 'image.cached', 'image.cached'],
  ['readiness_lag', 'startup.start_unknown', 'startup.start_unknown'],
  ['pod_pending', 'reason', 'startup.reason'],
  ['endpoint_startup', 'quantization', 'startup.quantization'],
] as const)('%s knows %s: %s', (phase, name, attribute) => {
  expect(ownAttributes(phase, { [name]: 1 })).toEqual({ [attribute]: 1 });
});
