// Where an EKS cluster's API server is, and who signed its certificate: eks:DescribeCluster.
//
// One signed GET instead of the EKS client, which would be the biggest part of `collect`.

import { type Instant, seconds } from '../base/instant.ts';
import { isObject, objectAt, parseJson, textAt } from '../base/json.ts';
import { redact } from '../base/redact.ts';
import { failed, ok, type Result } from '../base/result.ts';
import { cut, printable } from '../base/text.ts';
import { awsDomain, type Credentials, signedUrl } from './signed-url.ts';

export interface ClusterWanted {
  readonly cluster: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly at: Instant;
  /** Another server than AWS'. */
  readonly endpoint: string | undefined;
}

export interface ClusterFound {
  /** `https://….eks.amazonaws.com` */
  readonly server: string;
  /** PEM. */
  readonly ca: string;
}

const PATIENCE_MS = 10_000;
const LONGEST_ANSWER = 1_000_000;

/** The error says what was expected, what came, and which permission grants it. */
export async function describeCluster(wanted: ClusterWanted): Promise<Result<ClusterFound, string>> {
  try {
    const answer = await fetch(await urlOf(wanted), { signal: AbortSignal.timeout(PATIENCE_MS) });
    const text = cut(await answer.text(), LONGEST_ANSWER);
    return answer.ok ? foundIn(text) : failed(refusal(wanted, `HTTP ${answer.status} ${wordsOf(text)}`));
  } catch (error) {
    const says = error instanceof Error ? error.message : String(error);
    return failed(refusal(wanted, says));
  }
}

function urlOf({ cluster, region, credentials, at, endpoint }: ClusterWanted): Promise<string> {
  const { protocol, host } = new URL(endpoint ?? `https://eks.${region}.${awsDomain(region)}`);
  const request = {
    service: 'eks',
    region,
    protocol: protocol === 'http:' ? ('http:' as const) : ('https:' as const),
    host,
    path: `/clusters/${encodeURIComponent(cluster)}`,
    query: {},
    headers: {},
  };
  return signedUrl(request, { credentials, at, validFor: seconds(60) });
}

const refusal = ({ cluster, region }: ClusterWanted, came: string): string =>
  `expected EKS to describe the cluster ${cluster} in ${region}, got ${cut(printable(redact(came)), 300)}. The role needs eks:DescribeCluster on it; or configure its endpoint and ca`;

const wordsOf = (text: string): string => {
  const answer = parseJson(text);
  return (answer.ok && isObject(answer.value) && textAt(answer.value, 'message')) || cut(text, 200);
};

function foundIn(text: string): Result<ClusterFound, string> {
  const answer = parseJson(text);
  const cluster = answer.ok && isObject(answer.value) ? objectAt(answer.value, 'cluster') : {};
  const server = textAt(cluster, 'endpoint');
  const data = textAt(objectAt(cluster, 'certificateAuthority'), 'data');
  if (server === undefined || data === undefined)
    return failed(
      'expected endpoint and certificateAuthority.data of the cluster, got an answer without them',
    );
  return ok({ server, ca: pemOf(data) });
}

/** Base64 of PEM, as EKS and kubeconfigs have it. */
export const pemOf = (data: string): string => Buffer.from(data, 'base64').toString('utf8');
