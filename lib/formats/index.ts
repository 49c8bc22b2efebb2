// The formats: what each program prints. One line per member; the last resort stands last.

import type { LogFormat } from './contract.ts';
import { huggingface } from './huggingface.ts';
import { launchScripts } from './launch-scripts.ts';
import { otherEngines } from './other-engines.ts';
import { pythonErrors } from './python-errors.ts';
import { ray } from './ray.ts';
import { s5cmd } from './s5cmd.ts';
import { uvicorn } from './uvicorn.ts';
import { vllm } from './vllm.ts';

export const formats: readonly LogFormat[] = [
  vllm,
  uvicorn,
  huggingface,
  s5cmd,
  ray,
  launchScripts,
  otherEngines,
  pythonErrors,
];
