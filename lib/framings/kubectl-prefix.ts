// `kubectl logs --prefix`, and `kubectl logs -l` with it: the pod and the container in front.
//
//   [pod/llm-0/engine] text
//
// With --timestamps the time follows the prefix; it is opened again by the caller.

import type { Framed } from '../model/line.ts';
import type { Framing } from './contract.ts';
import { framed } from './framed-text.ts';
import { identityFrom } from './identities.ts';

const HEAD = /^\[pod\/(?<pod>[a-z0-9][a-z0-9.-]{0,252})\/(?<container>[a-z0-9][a-z0-9.-]{0,252})\](?: |$)/;

export const kubectlPrefix: Framing = {
  name: 'kubectl-prefix',
  says: '`kubectl logs --prefix`, with or without `--timestamps`.',
  examples: [
    {
      raw: '[pod/llm-0/engine] INFO 11-22 01:34:02 [core.py:61] text',
      seen: 'kubectl 1.36 logs -l app=llm --prefix',
      at: undefined,
      text: 'INFO 11-22 01:34:02 [core.py:61] text',
    },
  ],
  open,
};

function open(raw: string): readonly Framed[] | undefined {
  const match = raw.startsWith('[pod/') ? HEAD.exec(raw) : null;
  if (match?.groups === undefined) return undefined;
  return [framed({ text: raw.slice(match[0].length), identity: identityFrom(match.groups), printed: true })];
}
