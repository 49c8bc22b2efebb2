// Labels in front of a line, as logcli prints them behind its time.
//
//   2026-11-22T01:34:02Z {container="engine", namespace="serving", pod="llm-0"} text

import type { Framed } from '../model/line.ts';
import type { Framing } from './contract.ts';
import { framed } from './framed-text.ts';
import { identityFrom } from './identities.ts';

const HEAD =
  /^\{(?<labels>[A-Za-z_]\w{0,63}="[^"\n]{0,512}"(?:, ?[A-Za-z_]\w{0,63}="[^"\n]{0,512}"){0,40})\}\s{1,8}/;
const LABEL = /(?<!\w)(?<key>\w{1,64})="(?<value>[^"\n]{0,512})"/g;

export const lokiLabels: Framing = {
  name: 'loki-labels',
  says: 'Labels in front of the line, as `logcli query` prints them.',
  examples: [
    {
      raw: '{container="engine", namespace="serving", pod="llm-0"} INFO:     Application startup complete.',
      seen: 'logcli query, default output, behind its time',
      at: undefined,
      text: 'INFO:     Application startup complete.',
    },
  ],
  open,
};

function open(raw: string): readonly Framed[] | undefined {
  const match = raw.startsWith('{') ? HEAD.exec(raw) : null;
  if (match?.groups === undefined) return undefined;
  const labels = new Map(
    [...(match.groups['labels'] ?? '').matchAll(LABEL)].map(({ groups }) => [
      groups?.['key'],
      groups?.['value'],
    ]),
  );
  const identity = identityFrom({
    namespace: labels.get('namespace'),
    pod: labels.get('pod'),
    container: labels.get('container'),
    node: labels.get('node_name'),
  });
  return [framed({ text: raw.slice(match[0].length), stream: labels.get('stream') ?? '', identity })];
}
