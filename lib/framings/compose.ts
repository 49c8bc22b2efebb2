// docker compose logs: the container's name, blanks, a bar, the line.
//
//   runner-llm-1  | text
//
// Names are padded to the longest one and may be coloured; with -t a time
// follows the bar and is opened again by the caller. Tables and Python's
// `INFO | text` have bars too, so a name is lower case and either ends in the
// replica's number or is padded by at least two blanks.

import type { Framed } from '../model/line.ts';
import type { Framing } from './contract.ts';
import { framed } from './framed-text.ts';
import { identityFrom } from './identities.ts';

const HEAD =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: coloured names begin with an escape sequence
  /^(?:\u001b\[[0-9;]{0,12}m)?(?<name>[a-z0-9][a-z0-9_.-]{0,127})(?<pad> {1,128})\|(?:\u001b\[[0-9;]{0,12}m)?(?: |$)/;

const REPLICA = /[_-]\d{1,4}$/;

export const compose: Framing = {
  name: 'compose',
  says: '`docker compose logs`, plain or coloured, with or without `-t`.',
  examples: [
    {
      raw: 'runner-llm-1  | INFO 11-22 01:34:02 [core.py:61] text',
      seen: 'docker compose 2',
      at: undefined,
      text: 'INFO 11-22 01:34:02 [core.py:61] text',
    },
    {
      raw: '\u001b[36mvllm_1   |\u001b[0m INFO:     Application startup complete.',
      seen: 'docker-compose 1.29 on a terminal',
      at: undefined,
      text: 'INFO:     Application startup complete.',
    },
  ],
  open,
};

function open(raw: string): readonly Framed[] | undefined {
  const match = HEAD.exec(raw);
  if (match?.groups === undefined) return undefined;
  const { name = '', pad = '' } = match.groups;
  if (!/[a-z]/.test(name) || (pad.length < 2 && !REPLICA.test(name))) return undefined;
  return [
    framed({ text: raw.slice(match[0].length), identity: identityFrom({ container: name }), printed: true }),
  ];
}
