// Cloud Audit Logs of a GKE cluster: recognised, and named as not read.
//
//   {"protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","serviceName":"k8s.io",
//    "methodName":"io.k8s.core.v1.pods.create","resourceName":"core/v1/namespaces/x/pods/demo",…},"insertId":"…",…}
//
// That an entry holds an AuditLog in protoPayload is Google's documentation (cloud.google.com/kubernetes-engine/docs/how-to/audit-logging);
// it shows no entry of a pod. The names of methods and resources are those of entries that others have published (the log
// of the GKE Binary Authorization demo). An entry has one timestamp, "the time of the audited operation", and no recording shows
// which moment of it that is, nor which bodies are kept and how they are cut: a border read out of it might be off by
// seconds and nobody would know. So nothing is read out of it.

import type { UnusableRecord } from '../objects/problem.ts';
import type { At } from './audit-request.ts';

const TYPE = /"@type"\s{0,4}:\s{0,4}"type\.googleapis\.com\/google\.cloud\.audit\.AuditLog"/;
/** Records of other services of Google have the same type, and are about no pod. */
const SERVICE = /"serviceName"\s{0,4}:\s{0,4}"k8s\.io"/;
const OPENS = /^\s{0,64}\{/;

/** Undefined when the line is none. Its text is not quoted: nobody has redacted it. */
export function foreignAudit(text: string, { line }: At): readonly UnusableRecord[] | undefined {
  if (!text.includes('google.cloud.audit.AuditLog') || !OPENS.test(text)) return undefined;
  if (!TYPE.test(text) || !SERVICE.test(text)) return undefined;
  const where = line === undefined ? 'an audit record' : `line ${line}`;
  const expected = 'a record of the API server itself (audit.k8s.io/v1)';
  const came = 'one of Cloud Audit Logs (GKE), which are not read';
  return [{ kind: 'unusable', problem: { where, expected, came } }];
}
