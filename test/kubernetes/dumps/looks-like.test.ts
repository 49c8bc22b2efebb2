// What is claimed as a Kubernetes dump, and what only looks like one.

import { describe, expect, test } from 'vitest';
import { looksLikeKubernetes } from '../../../lib/kubernetes/index.ts';

describe('claimed', () => {
  test.each([
    '{\n    "apiVersion": "v1",\n    "items": [\n        {',
    '{"kind":"PodList","apiVersion":"v1","metadata":{},"items":[{"metadata":{"name":"e2e"',
    '{"apiVersion":"v1","kind":"Pod","metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{\\"kind\\"',
    '{"type":"ADDED","object":{"kind":"Event","apiVersion":"v1"',
    '{"arrival_ns":1795311699093789501,"type":"ADDED","object":{"kind":"Event"',
    '[{"apiVersion":"v1","kind":"Pod"',
    '{"items":[{"apiVersion":"v1","kind":"Pod"',
    '{"metadata":{"name":"prometheus-k8s-0","generateName":"prometheus-k8s-","creationTimestamp":"2021-07-12T15:49:38Z"},"spec":{',
    'apiVersion: v1\nitems:\n- apiVersion: v1\n  count: 1\n',
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n',
    '---\n# {"time":"2021-05-19T09:42:58Z"}\napiVersion: v1\ncount: 1\nkind: Event\n',
    '- apiVersion: v1\n  kind: Pod\n',
    'items:\n  - apiVersion: v1\n    kind: Pod\n',
    '{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[{"level":"Metadata"',
    '{"items":[{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata"',
    '[{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata"',
    '{\n  "kind": "Event",\n  "apiVersion": "audit.k8s.io/v1",\n',
    'kind: Event\napiVersion: audit.k8s.io/v1\nlevel: RequestResponse\n',
  ])('%s', (head) => {
    expect(looksLikeKubernetes(head)).toBe(true);
  });
});

describe('not claimed', () => {
  test.each([
    '',
    '   \n',
    '{"log":"{\\"apiVersion\\":\\"v1\\",\\"kind\\":\\"Pod\\"}\\n","stream":"stdout","time":"2026-11-22T01:42:18.0Z"}',
    '{"log":"INFO ready","kubernetes":{"pod_name":"x","labels":{"app":"y"}},"stream":"stderr"}',
    '{"timestamp": "2026-11-22T01:44:03", "level": "INFO", "message": "apiVersion: v1"}',
    '{"messageType":"DATA_MESSAGE","logGroup":"/aws/eks","logEvents":[{"id":"1","timestamp":1,"message":"m"}]}',
    '{"events":[{"timestamp":1,"message":"m","ingestionTime":2}]}',
    '{"resourceLogs":[{"resource":{"attributes":[]},"scopeLogs":[]}]}',
    '{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"a","stage":"ResponseComplete"',
    '{"type":"log","object":{"a":1}}',
    '2026-11-22T01:42:18.000000001Z stdout F apiVersion: v1\nkind: Pod\n',
    'INFO: Started server process [1]\napiVersion: v1\nkind: Pod\n',
    'Name:         demo\nNamespace:    s-a-cold\nAPI Version: v1\n',
    'version: "3"\nservices:\n  vllm:\n    image: x\n',
    '[core.py:61] {"apiVersion":"v1","kind":"Pod"}',
  ])('%s', (head) => {
    expect(looksLikeKubernetes(head)).toBe(false);
  });
});
