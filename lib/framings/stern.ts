// stern: the pod and the container in front, parted by blanks.
//
//   llm-0 engine 2026-11-22T01:34:02.123456789Z text     (stern -t)
//   llm-0 engine INFO 11-22 01:34:02 [core.py:61] text
//
// Two words are a weak sign. Without a time behind them the line is only taken
// when vLLM's own header or a process prefix follows.

import type { Framed } from '../model/line.ts';
import type { Framing } from './contract.ts';
import { framed } from './framed-text.ts';
import { identityFrom } from './identities.ts';

const HEAD =
  /^(?:[a-z0-9][a-z0-9-]{0,62} )?(?<pod>[a-z0-9][a-z0-9.]{0,60}-[a-z0-9.-]{1,190}) (?<container>[a-z0-9][a-z0-9-]{0,62}) (?=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) |(?:DEBUG|INFO|WARNING|ERROR|CRITICAL)(?: \d\d-\d\d \d\d:\d\d:\d\d|: {5})|\([A-Za-z][\w]{0,60} pid=\d)/;

export const stern: Framing = {
  name: 'stern',
  says: 'stern, with or without `-t`, colours off.',
  examples: [
    {
      raw: 'llm-0 engine INFO 11-22 01:34:02 [core.py:61] text',
      seen: 'stern 1.30, default template without colour',
      at: undefined,
      text: 'INFO 11-22 01:34:02 [core.py:61] text',
    },
  ],
  open,
};

function open(raw: string): readonly Framed[] | undefined {
  const match = HEAD.exec(raw);
  if (match?.groups === undefined) return undefined;
  return [framed({ text: raw.slice(match[0].length), identity: identityFrom(match.groups), printed: true })];
}
