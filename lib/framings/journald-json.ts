// journalctl -o json, and what shippers make of the journal: one object per entry.
//
//   {"__REALTIME_TIMESTAMP":"1795311699051933","MESSAGE":"text","_HOSTNAME":"vm","SYSLOG_IDENTIFIER":"kubelet",…}
//
// MESSAGE is a list of bytes when it is not clean text (colours are enough).
// Docker's journald driver adds CONTAINER_NAME and CONTAINER_PARTIAL_MESSAGE.
// Container Insights' dataplane group keeps three members under other names.

import { type JsonObject, textAt } from '../base/json.ts';
import type { Framed } from '../model/line.ts';
import type { Framing } from './contract.ts';
import { framed, objectLine, withoutLineEnd } from './framed-text.ts';
import { identityFrom } from './identities.ts';
import { epochStamp, microsecondStamp } from './stamps.ts';

export const journaldJson: Framing = {
  name: 'journald-json',
  says: '`journalctl -o json`, also of Docker with the journald driver.',
  examples: [
    {
      raw: '{"__REALTIME_TIMESTAMP":"1795311699051933","_HOSTNAME":"vm","SYSLOG_IDENTIFIER":"kubelet","MESSAGE":"SyncLoop ADD","PRIORITY":"6"}',
      seen: 'journalctl -o json, recordings/kubernetes/a_cold',
      at: '2026-11-22T01:41:39.051933000Z',
      text: 'SyncLoop ADD',
    },
    {
      raw: '{"__REALTIME_TIMESTAMP":"1795311699051933","CONTAINER_NAME":"vllm","MESSAGE":[27,91,51,50,109,111,107,27,91,48,109]}',
      seen: 'Docker journald driver: a message with escape sequences is a list of bytes',
      at: '2026-11-22T01:41:39.051933000Z',
      text: '\u001b[32mok\u001b[0m',
    },
    {
      raw: '{"hostname":"ip-10-0-0-1.ec2.internal","systemd_unit":"containerd.service","message":"text"}',
      seen: 'Container Insights, dataplane log group',
      at: undefined,
      text: 'text',
    },
    {
      raw: '{"date":1795311699.051933,"_HOSTNAME":"vm","_SYSTEMD_UNIT":"kubelet.service","SYSLOG_IDENTIFIER":"kubelet","MESSAGE":"SyncLoop ADD"}',
      seen: 'Fluent Bit, systemd input, JSON lines',
      at: '2026-11-22T01:41:39.051933000Z',
      text: 'SyncLoop ADD',
    },
  ],
  open,
};

function open(raw: string): readonly Framed[] | undefined {
  const entry = entryOf(raw);
  const text = messageOf(entry?.['MESSAGE'] ?? entry?.['message']);
  if (entry === undefined || text === undefined) return undefined;
  const stamp =
    microsecondStamp(entry['_SOURCE_REALTIME_TIMESTAMP']) ??
    microsecondStamp(entry['__REALTIME_TIMESTAMP']) ??
    epochStamp(entry['date']);
  const partial = entry['CONTAINER_PARTIAL_MESSAGE'] === 'true';
  const ofNode = !isContainers(entry);
  return [framed({ text: withoutLineEnd(text), stamp, partial, identity: identityOf(entry), ofNode })];
}

/** Docker's driver names the container; a program of the node has none. */
const isContainers = (entry: JsonObject): boolean =>
  ['CONTAINER_NAME', 'CONTAINER_ID', 'CONTAINER_TAG'].some((key) => textAt(entry, key) !== undefined);

/** Vector's record of the journal has _SYSTEMD_UNIT too, but no MESSAGE. */
function entryOf(raw: string): JsonObject | undefined {
  const own = objectLine(raw, '"__REALTIME_TIMESTAMP"') ?? objectLine(raw, '"systemd_unit"');
  if (own !== undefined) return own;
  return raw.includes('"MESSAGE"') ? objectLine(raw, '"_SYSTEMD_UNIT"') : undefined;
}

function messageOf(message: unknown): string | undefined {
  if (typeof message === 'string') return message;
  if (!Array.isArray(message) || !message.every(isByte)) return undefined;
  return new TextDecoder().decode(Uint8Array.from(message));
}

const isByte = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 255;

function identityOf(entry: JsonObject): Framed['identity'] {
  const names = ['CONTAINER_NAME', 'CONTAINER_TAG', 'SYSLOG_IDENTIFIER', 'systemd_unit', '_SYSTEMD_UNIT'];
  const container = names.map((name) => textAt(entry, name)).find((name) => name !== undefined);
  return identityFrom({
    container: container?.replace(/\.service$/, ''),
    node: textAt(entry, '_HOSTNAME') ?? textAt(entry, 'hostname'),
  });
}
