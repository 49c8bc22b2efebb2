// Who prints vLLM's lines, and from which of its processes.

import type { Printed } from './contract.ts';

/** Inclusive versions as in Printed. `file` is relative to the package. */
export const vllm = (file: string, from: string, to?: string): Printed =>
  to === undefined ? { program: 'vllm', file, from } : { program: 'vllm', file, from, to };

/** A worker of its own process; a single GPU's worker code runs in the engine core and speaks under its name. */
export const WORKER = /^(?:Vllm)?Worker|^RayWorker/;

/** The process that read the arguments. Engine cores and further API servers repeat its lines later. */
export const FRONT =
  /^(?!EngineCore|DPEngineCore|DPMoEEngineCore|VLLM_DP|(?:Vllm)?Worker|RayWorker|ApiServer_|APIServer_DP)/;

/** The same, when it says so itself: up to 0.30 a child that is still importing has no prefix either. */
export const NAMED_FRONT = new RegExp(`${FRONT.source}.`);
