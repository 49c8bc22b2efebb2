// Google Cloud Logging entries, one JSON object per line.
//
//   {"textPayload":"…","timestamp":"2026-…Z","resource":{"type":"k8s_container","labels":{"pod_name":"…",…}},"logName":"…%2Fstderr"}
//
// Text is textPayload, or the message of jsonPayload when the agent recognised
// JSON. Entries about requests and audit have neither: they are not log lines.
// The pretty-printed form of `gcloud logging read` is gathered by json-document.ts.

import { type JsonObject, objectAt, textAt } from '../base/json.ts';
import type { Framed } from '../model/line.ts';
import type { Framing } from './contract.ts';
import { framed, objectLine, withoutLineEnd } from './framed-text.ts';
import { identityFrom } from './identities.ts';
import { headerOf } from './json-header.ts';
import { anyStamp } from './stamps.ts';

export const cloudLogging: Framing = {
  name: 'cloud-logging',
  says: 'Google Cloud Logging entries, one per line or pretty-printed (`gcloud logging read --format=json`).',
  examples: [
    {
      raw: '{"insertId":"1","logName":"projects/p/logs/stderr","resource":{"labels":{"container_name":"engine","namespace_name":"serving","pod_name":"llm-0"},"type":"k8s_container"},"severity":"ERROR","textPayload":"INFO:     Application startup complete.\\n","timestamp":"2026-06-06T03:41:23.453942Z"}',
      seen: 'GKE, sink to Cloud Storage',
      at: '2026-06-06T03:41:23.453942000Z',
      text: 'INFO:     Application startup complete.',
    },
    {
      raw: '{"jsonPayload":{"levelname":"INFO","name":"vllm.config.model","message":"Using max model len 2048"},"timestamp":"2026-06-06T03:41:23.453942Z","logName":"projects/p/logs/stdout"}',
      seen: 'GKE: the agent parses JSON lines',
      at: '2026-06-06T03:41:23.453942000Z',
      text: 'Using max model len 2048',
    },
  ],
  open,
};

function open(raw: string): readonly Framed[] | undefined {
  if (!raw.includes('"textPayload"') && !raw.includes('"jsonPayload"')) return undefined;
  const entry = objectLine(raw, 'Payload"');
  return entry === undefined ? undefined : openEntry(entry);
}

function openEntry(entry: JsonObject): readonly Framed[] | undefined {
  const payload = objectAt(entry, 'jsonPayload');
  const text = entry['textPayload'] ?? payload['message'] ?? payload['log'] ?? payload['MESSAGE'];
  if (typeof text !== 'string') return undefined;
  const isLogging = ['levelname', 'level', 'vllm_process_name', 'asctime'].some(
    (key) => payload[key] !== undefined,
  );
  const header = isLogging && entry['textPayload'] === undefined ? headerOf(payload) : undefined;
  const stamp = anyStamp(entry['timestamp']);
  return [
    framed({
      text: withoutLineEnd(text),
      stamp,
      stream: streamOf(entry),
      identity: identityOf(entry),
      header,
    }),
  ];
}

/** `projects/p/logs/stderr`, on Cloud Run `…/logs/run.googleapis.com%2Fstderr`. */
const streamOf = (entry: JsonObject): string =>
  /(?:\/|%2F)(?<stream>stdout|stderr)$/.exec(textAt(entry, 'logName') ?? '')?.groups?.['stream'] ?? '';

function identityOf(entry: JsonObject): Framed['identity'] {
  const labels = objectAt(objectAt(entry, 'resource'), 'labels');
  const own = objectAt(entry, 'labels');
  return identityFrom({
    namespace: textAt(labels, 'namespace_name'),
    pod: textAt(labels, 'pod_name'),
    container: textAt(labels, 'container_name'),
    node: textAt(own, 'compute.googleapis.com/resource_name') ?? textAt(labels, 'node_name'),
    cluster: textAt(labels, 'cluster_name'),
  });
}
