// A date and a time that some wrapper put in front of the line, with or without a zone.
//
//   2026-05-01 22:45:03.974 | (EngineCore pid=187) WARNING 05-01 20:45:03 [interface.py:686] …   (Docker Desktop)
//   [2026-05-01T22:45:03.974Z] text                                                               (Jenkins)
//   2026-05-01 22:45:03 INFO 05-01 20:45:03 [core.py:61] text                                     (exports, ts, Loki)
//
// Programs print such dates too: Ray (`2026-11-22 01:34:40,562\tINFO file.py:12 --`),
// FlashInfer (`2026-03-08 16:44:29,692 - INFO - …`), loguru (`2026-03-08 16:44:29.692 | INFO     | …`),
// aiter (`[2026-03-01 16:04:35] INFO core.py:517: …`). There the date is the
// program's clock and belongs to its record. So the rule is:
//   1. A comma before the fraction is Python's logging: never a wrapper.
//   2. ` | ` behind the time is a wrapper, unless a level and another bar follow.
//   3. A bracketed time with a zone is a wrapper: programs print neither.
//   4. Else a wrapper only if what follows is itself the fresh start of a line:
//      a process prefix, a level with its own date, uvicorn's `INFO:     `, an
//      escape sequence, an object, another full date, vLLM's bars, s5cmd's copies.

import type { Framed } from '../model/line.ts';
import type { Framing } from './contract.ts';
import { framed } from './framed-text.ts';
import { dateStamp } from './stamps.ts';

const HEAD =
  /^(?<open>\[?)(?<time>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?)(?<zone>Z|[+-]\d\d:?\d\d)?(?<close>\]?)(?<bar> \|)?(?: |$)/;

export const dated: Framing = {
  name: 'dated',
  says: 'A date and time of any wrapper in front (Docker Desktop, Jenkins, text exports of log services).',
  examples: [
    {
      raw: '2026-05-01 22:45:07.065 | (EngineCore pid=187) INFO 05-01 20:45:07 [parallel_state.py:1402] world_size=1',
      seen: 'Docker Desktop, logs of a container',
      at: '2026-05-01T22:45:07.065000000Z',
      text: '(EngineCore pid=187) INFO 05-01 20:45:07 [parallel_state.py:1402] world_size=1',
    },
    {
      raw: '[2026-05-01T22:45:03.974Z] + vllm serve',
      seen: 'Jenkins timestamper',
      at: '2026-05-01T22:45:03.974000000Z',
      text: '+ vllm serve',
    },
    {
      raw: '2026-05-01 22:45:03 INFO:     Application startup complete.',
      seen: 'text export of a log service',
      at: '2026-05-01T22:45:03.000000000Z',
      text: 'INFO:     Application startup complete.',
    },
  ],
  open,
};

/** How a line of the programs that we read begins; see rule 4 above. */
const FRESH =
  /^(?:\([A-Za-z][^()]{0,120} pid=\d|\((?:APIServer|EngineCore|Worker)|(?:DEBUG|INFO|WARNING|ERROR|CRITICAL)(?: \d\d-\d\d \d\d:\d\d|: {5})|\{"|\d{4}-\d\d-\d\d[T ]\d\d:|Loading [a-z]{1,20} checkpoint shards: |Capturing CUDA graph|cp s3:\/\/|Traceback \(most recent)/;

const LEVEL_AND_BAR = /^(?:TRACE|DEBUG|INFO|SUCCESS|WARN|WARNING|ERROR|CRITICAL) {0,8}\|/;

function open(raw: string): readonly Framed[] | undefined {
  const match = HEAD.exec(raw);
  if (match?.groups === undefined) return undefined;
  const text = raw.slice(match[0].length);
  if (!isWrapper(match.groups, text)) return undefined;
  const { time = '', zone = '' } = match.groups;
  return [framed({ text, stamp: dateStamp(time + zone) })];
}

type Groups = Readonly<Record<string, string | undefined>>;

function isWrapper({ open: bracket, close, time = '', zone, bar }: Groups, text: string): boolean {
  const isBracketed = bracket === '[';
  if (isBracketed !== (close === ']')) return false;
  if (bar !== undefined) return !LEVEL_AND_BAR.test(text);
  if (isBracketed && zone !== undefined) return true;
  const isTimestamped = !isBracketed && time.includes('T') && zone !== undefined && /^Z$|:/.test(zone);
  return !isTimestamped && (text.startsWith('\u001b[') || FRESH.test(text));
}
