// The vLLM log format: every rule, 0.3 to 0.32.

import type { LogFormat } from './contract.ts';
import { compileRules } from './vllm-compile.ts';
import { configRules } from './vllm-config.ts';
import { distributedRules } from './vllm-distributed.ts';
import { engineRules } from './vllm-engine.ts';
import { failureRules } from './vllm-failures.ts';
import { graphRules } from './vllm-graphs.ts';
import { processRules } from './vllm-process.ts';
import { profileRules } from './vllm-profile.ts';
import { serverRules } from './vllm-server.ts';
import { warmupRules } from './vllm-warmup.ts';
import { weightRules } from './vllm-weights.ts';

export const vllm: LogFormat = {
  name: 'vllm',
  says: "vLLM's own log records and progress bars, versions 0.3 to 0.32, V0 and V1, on GPU, CPU, TPU and HPU.",
  rules: [
    ...processRules,
    ...configRules,
    ...engineRules,
    ...distributedRules,
    ...weightRules,
    ...compileRules,
    ...profileRules,
    ...warmupRules,
    ...graphRules,
    ...serverRules,
    ...failureRules,
  ],
};
