// `aws logs tail`, which puts the time and the name of the log stream in front.
//
//   2026-11-22T01:34:02.123000+00:00 ip-10-0-0-1-application.var.log.containers.llm-0_serving_engine-….log text
//
// The name is only taken for one when it ends as generated names do: in a
// container id or in hexadecimal digits. Else the line is a plain timed line.

import type { Framed } from '../model/line.ts';
import type { Framing } from './contract.ts';
import { framed } from './framed-text.ts';
import { identityOfLogStream } from './identities.ts';
import { rfc3339Stamp } from './stamps.ts';

/** Six digits, as Python's isoformat writes them, or none when they are zero. */
const LINE =
  /^(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?\+00:00) (?<stream>[A-Za-z0-9][\w.$[\]#/-]{10,511}) /;

const GENERATED = /(?<![0-9a-f])[0-9a-f]{12,}(?:\.log)?$/;

export const awsLogsTail: Framing = {
  name: 'aws-logs-tail',
  says: 'Output of `aws logs tail`.',
  examples: [
    {
      raw: '2026-11-22T01:34:02.123000+00:00 ip-10-0-0-1-application.var.log.containers.llm-0_serving_engine-7ac0fd3569af866e9a6a22eb592744200d2dbe098cf066162453f8d0b06c531f.log INFO:     Application startup complete.',
      seen: 'aws-cli 2, form of its documentation',
      at: '2026-11-22T01:34:02.123000000Z',
      text: 'INFO:     Application startup complete.',
    },
  ],
  open,
};

function open(raw: string): readonly Framed[] | undefined {
  const match = LINE.exec(raw);
  const { time = '', stream = '' } = match?.groups ?? {};
  if (match === null || !GENERATED.test(stream)) return undefined;
  return [
    framed({
      text: raw.slice(match[0].length),
      stamp: rfc3339Stamp(time),
      identity: identityOfLogStream(stream),
    }),
  ];
}

/** For framings of plainer lines with a time in front. */
export const isAwsLogsTail = (raw: string): boolean =>
  GENERATED.test(LINE.exec(raw)?.groups?.['stream'] ?? '');
