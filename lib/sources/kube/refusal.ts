// Why the API server did not give what was asked, as a problem that says what to do.

import { isObject, parseJson, textAt } from '../../base/json.ts';
import { redact } from '../../base/redact.ts';
import type { Result } from '../../base/result.ts';
import { cut } from '../../base/text.ts';
import type { SourceProblem } from '../contract.ts';
import type { KubeAccess, Reply, Unreached } from './access.ts';
import { grantText } from './grant.ts';
import { type Asked, askedText } from './words.ts';

export interface Refusal {
  /** 0: no answer at all. */
  readonly status: number;
  readonly says: string;
  readonly code: string;
}

const SAYS = 600;
/** A Status is short; a proxy's page of HTML need not be read whole. */
const BODY = 64 * 1024;

/** Reads the answer's own words; undefined when it is a good one, which is left unread. */
export async function refusalOf(reply: Result<Reply, Unreached>): Promise<Refusal | undefined> {
  if (!reply.ok) return { status: 0, says: told(reply.error.says), code: reply.error.code };
  const { status } = reply.value;
  return status === 200 ? undefined : { status, says: told(await wordsOf(reply.value)), code: '' };
}

/** Log text and server words are never trusted: no secrets, not too long. */
const told = (text: string): string => cut(redact(text.trim()), SAYS);

/** The message of a Status, else the beginning of whatever it is. */
async function wordsOf(reply: Reply): Promise<string> {
  const text = await beginning(reply);
  const status = parseJson(text);
  const message = status.ok && isObject(status.value) ? textAt(status.value, 'message') : undefined;
  return message ?? cut(text, 200);
}

async function beginning({ body, close }: Reply): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of body) {
      parts.push(part);
      size += part.length;
      if (size > BODY) break;
    }
  } catch {
    // What came before it broke off says enough.
  }
  close();
  return Buffer.concat(parts).toString('utf8');
}

/** True when everything else would be refused for the same reason. */
export const isHopeless = ({ status }: Refusal): boolean => status === 0 || status === 401;

export function problemOf(refusal: Refusal, asked: Asked, access: KubeAccess): SourceProblem {
  const { status } = refusal;
  const common = { kind: 'problem', where: access.server, asked: asked.resource !== 'nodes' } as const;
  if (status === 0) return { ...common, ...unreachable(refusal, access) };
  const came = `${status}${refusal.says === '' ? '' : `: ${refusal.says}`}`;
  const noun = asked.resource === 'pods/log' ? 'logs' : 'lists';
  if (status === 401) return { ...common, ...notLoggedIn(access), came: '401 Unauthorized' };
  if (status !== 403)
    return { ...common, what: `${noun}.unreadable`, expected: `to ${askedText(asked)}`, came };
  return {
    ...common,
    what: `${noun}.refused`,
    expected: `permission to ${askedText(asked)}`,
    came,
    remedy: `${costOf(asked)}${grantText(asked, refusal.says)}`,
  };
}

const notLoggedIn = ({ context }: KubeAccess) => ({
  what: 'lists.refused',
  expected: 'credentials that the API server accepts',
  remedy: `The token or certificate of context ${context} is wrong or has expired. Log in again (for EKS: aws eks update-kubeconfig --name CLUSTER; for GKE: gcloud container clusters get-credentials CLUSTER) and try: kubectl --context ${context} auth whoami`,
});

/** What the answer lacks without it. */
function costOf({ resource }: Asked): string {
  switch (resource) {
    case 'nodes':
      return 'Without it GPU type and region are only known where the pod itself names them. ';
    case 'pods/log':
      return 'Without it nothing is known of what happened inside the containers. ';
    case 'events':
      return 'Without them image pulls and the sub-second times of scheduling are not known. ';
    default:
      return '';
  }
}

/** What Node and OpenSSL call it, and what helps. */
const REMEDIES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens there: is the cluster up, and is the address of the context right?',
  ENOTFOUND: 'The name is not known: is the VPN up, and is the address of the context right?',
  EAI_AGAIN: 'Names cannot be looked up: is the network up?',
  ETIMEDOUT: 'Nothing answers: is the VPN up, and does a firewall allow this machine?',
  EHOSTUNREACH: 'There is no way to it: is the VPN up?',
  ENETUNREACH: 'There is no way to it: is the network up?',
  CERT_HAS_EXPIRED:
    "The server's certificate has expired: it must be renewed (kubeadm certs renew, or the provider's console).",
  CERT_NOT_YET_VALID: "The server's certificate is not valid yet: compare the clocks.",
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate is for another name: set tls-server-name in the kubeconfig.',
  CREDENTIALS: 'The kubeconfig gets its credentials from a program: run it by hand to see why it fails.',
  WAIT: 'The server asks for patience: try again later.',
};

const UNTRUSTED =
  'The kubeconfig holds another certificate authority than the one that signed the server: fetch the kubeconfig anew.';

function unreachable({ code, says }: Refusal, { context }: KubeAccess) {
  const isUntrusted = /SELF_SIGNED|UNABLE_TO_(?:VERIFY|GET)|CERT_SIGNATURE/.test(code);
  const remedy = isUntrusted ? UNTRUSTED : REMEDIES[code];
  const expected =
    code === 'CREDENTIALS' ? `credentials for context ${context}` : `an answer (context ${context})`;
  return { what: 'lists.unreadable', expected, came: says, ...(remedy === undefined ? {} : { remedy }) };
}
