// journalctl's text outputs: short, short-precise, short-iso, short-iso-precise, short-full, with-unit.
//
//   2026-11-22T01:41:39.051933+0000 vm kubelet[16731]: text
//   Nov 22 01:41:39 vm vllm[1]: text
//   Sun 2026-11-22 01:41:39 UTC vm vllm.service[1]: text
//
// `short` has no year and no zone, so it gives no instant: the program's clock
// in the text is as good. A zone name other than UTC is not resolved.

import type { Framed, Stamp } from '../model/line.ts';
import type { Framing } from './contract.ts';
import { framed } from './framed-text.ts';
import { identityFrom } from './identities.ts';
import { rfc3339Stamp, zonelessStamp } from './stamps.ts';

const WHO = '(?<host>[A-Za-z0-9][\\w.:-]{0,252}) (?<program>[\\w@.:/()-]{1,200})';

/** `vm kubelet[16731]: `; only the kernel and its like have no pid. */
const WHO_BY_PID = `${WHO}(?:\\[\\d{1,10}\\]|(?<=(?:kernel|systemd|audit))):(?: |$)`;

/** The syslog form says enough by its date. */
const SHORT = new RegExp(
  `^(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \\d]\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d{6})? ${WHO}(?:\\[\\d{1,10}\\])?:(?: |$)`,
);
const ISO = new RegExp(
  `^(?<time>\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{6})?[+-]\\d\\d:?\\d\\d) ${WHO_BY_PID}`,
);
const FULL = new RegExp(
  `^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?<time>\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(?:\\.\\d{6})?) (?<zone>[A-Z]{2,5}|[+-]\\d\\d) ${WHO_BY_PID}`,
);

export const journald: Framing = {
  name: 'journald',
  says: 'journalctl: short, short-precise, short-iso, short-iso-precise, short-full, with-unit.',
  examples: [
    {
      raw: '2026-11-22T01:41:39.051933+0000 vm kubelet[16731]: I1122 01:41:39.051102   16726 kubelet.go:2709] "SyncLoop ADD"',
      seen: 'journalctl -o short-iso-precise, recordings/kubernetes/a_cold',
      at: '2026-11-22T01:41:39.051933000Z',
      text: 'I1122 01:41:39.051102   16726 kubelet.go:2709] "SyncLoop ADD"',
    },
    {
      raw: 'Nov 22 01:41:39 vm vllm[1]: INFO:     Application startup complete.',
      seen: 'journalctl -o short',
      at: undefined,
      text: 'INFO:     Application startup complete.',
    },
    {
      raw: 'Sun 2026-11-22 01:41:39 UTC vm vllm.service[1]: INFO:     Application startup complete.',
      seen: 'journalctl -o with-unit',
      at: '2026-11-22T01:41:39.000000000Z',
      text: 'INFO:     Application startup complete.',
    },
  ],
  open,
};

function open(raw: string): readonly Framed[] | undefined {
  const match = ISO.exec(raw) ?? FULL.exec(raw) ?? SHORT.exec(raw);
  if (match?.groups === undefined) return undefined;
  const { host, program } = match.groups;
  const identity = identityFrom({ node: host, container: program?.replace(/\.service$/, '') });
  return [framed({ text: raw.slice(match[0].length), stamp: stampOf(match.groups), identity, ofNode: true })];
}

type Groups = Readonly<Record<string, string | undefined>>;

function stampOf({ time, zone }: Groups): Stamp | undefined {
  if (time === undefined) return undefined;
  if (zone === undefined) return rfc3339Stamp(time);
  const stamp = zonelessStamp(time);
  return stamp === undefined ? undefined : { ...stamp, zoned: zone === 'UTC' || zone === 'GMT' };
}

/** The ISO forms only: the others cannot be mistaken. */
export const isJournal = (raw: string): boolean => ISO.test(raw);
