// TorchServe, which runs the engine in a worker process and logs each of its lines as a message of its own.
//
//   2024-10-07T22:54:54,595 [INFO ] W-9000-model_1.0-stdout MODEL_LOG - INFO 10-07 22:54:54 llm_engine.py:226] …

import type { Framed } from '../model/line.ts';
import type { Framing } from './contract.ts';
import { framed } from './framed-text.ts';
import { zonelessStamp } from './stamps.ts';

const HEAD =
  /^(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d,\d{3}) \[(?:INFO|WARN|ERROR|DEBUG|TRACE) {0,2}\] W-[\w.-]{1,200}-(?<stream>stdout|stderr) (?:[\w.-]{1,100} )?MODEL_LOG - /;

export const torchserve: Framing = {
  name: 'torchserve',
  says: "TorchServe's log of its model workers (`MODEL_LOG`).",
  examples: [
    {
      raw: '2024-10-07T22:54:57,365 [INFO ] W-9000-model_1.0-stdout MODEL_LOG - INFO 10-07 22:54:57 model_runner.py:1014] Starting to load model meta-llama/Llama-3.2-3B-Instruct...',
      seen: 'TorchServe 0.12 with vLLM 0.6.1, pytorch/serve pull request 3343',
      at: '2024-10-07T22:54:57.365000000Z',
      text: 'INFO 10-07 22:54:57 model_runner.py:1014] Starting to load model meta-llama/Llama-3.2-3B-Instruct...',
    },
  ],
  open,
};

function open(raw: string): readonly Framed[] | undefined {
  const match = HEAD.exec(raw);
  if (match?.groups === undefined) return undefined;
  const { time = '', stream } = match.groups;
  return [framed({ text: raw.slice(match[0].length), stamp: zonelessStamp(time), stream })];
}
