// Records of Vector's kubernetes_logs and file sources, one JSON object per line.
//
//   {"file":"/var/log/pods/…/0.log","kubernetes":{"pod_name":"…","pod_uid":"…",…},"message":"…","source_type":"kubernetes_logs","stream":"stdout","timestamp":"2026-…Z"}

import { type JsonObject, objectAt, textAt } from '../base/json.ts';
import type { Framed } from '../model/line.ts';
import type { Framing } from './contract.ts';
import { framed, objectLine, streamOf, withoutLineEnd } from './framed-text.ts';
import { identityFrom, identityOfKubernetes, identityOfPath, mergeIdentities } from './identities.ts';
import { anyStamp } from './stamps.ts';

export const vector: Framing = {
  name: 'vector',
  says: 'Records of Vector (kubernetes_logs, file, docker_logs and journald sources).',
  examples: [
    {
      raw: '{"file":"/var/log/pods/serving_llm-0_d936022a-9252-412a-9633-75b6c7ad4e8b/engine/0.log","kubernetes":{"container_name":"engine","pod_name":"llm-0","pod_namespace":"serving","pod_node_name":"gpu-1","pod_uid":"d936022a-9252-412a-9633-75b6c7ad4e8b"},"message":"INFO:     Application startup complete.","source_type":"kubernetes_logs","stream":"stderr","timestamp":"2026-11-22T01:34:40.1201Z"}',
      seen: 'Vector 0.5x kubernetes_logs, documented output',
      at: '2026-11-22T01:34:40.120100000Z',
      text: 'INFO:     Application startup complete.',
    },
    {
      raw: '{"container_name":"runner-llm-1","message":"Loading weights took 1.25 seconds","source_type":"docker_logs","stream":"stdout","timestamp":"2026-11-22T01:34:02.5Z"}',
      seen: 'Vector docker_logs, documented output',
      at: '2026-11-22T01:34:02.500000000Z',
      text: 'Loading weights took 1.25 seconds',
    },
    {
      raw: '{"PRIORITY":"6","SYSLOG_IDENTIFIER":"kubelet","_SYSTEMD_UNIT":"kubelet.service","host":"vm","message":"SyncLoop ADD","source_type":"journald","timestamp":"2026-11-22T01:41:39.051933Z"}',
      seen: 'Vector journald, documented output',
      at: '2026-11-22T01:41:39.051933000Z',
      text: 'SyncLoop ADD',
    },
  ],
  open,
};

function open(raw: string): readonly Framed[] | undefined {
  const record = objectLine(raw, '"message"');
  if (record === undefined || !isVectors(record)) return undefined;
  const { message } = record;
  if (typeof message !== 'string') return undefined;
  const partial = record['_partial'] === true;
  const parts = {
    stamp: anyStamp(record['timestamp']),
    stream: streamOf(record),
    identity: identityOf(record),
    ofNode: record['source_type'] === 'journald' && textAt(record, 'CONTAINER_NAME') === undefined,
  };
  return [framed({ ...parts, text: withoutLineEnd(message), partial })];
}

function isVectors(record: JsonObject): boolean {
  const kubernetes = objectAt(record, 'kubernetes');
  return (
    textAt(record, 'source_type') !== undefined ||
    textAt(kubernetes, 'pod_uid') !== undefined ||
    textAt(kubernetes, 'pod_namespace') !== undefined
  );
}

function identityOf(record: JsonObject): Framed['identity'] {
  const fromPath = identityOfPath(textAt(record, 'file') ?? '');
  const told = mergeIdentities(identityOfKubernetes(objectAt(record, 'kubernetes')), fromPath);
  if (told !== undefined) return told;
  const container = textAt(record, 'container_name') ?? textAt(record, 'SYSLOG_IDENTIFIER');
  return record['source_type'] === 'journald'
    ? identityFrom({ container, node: textAt(record, 'host') })
    : identityFrom({ container });
}
