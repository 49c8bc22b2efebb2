// The token that an EKS cluster takes: a signed request to STS, which its authenticator sends to learn who asks.
//
// aws-iam-authenticator, pkg/token/token.go: `k8s-aws-v1.` and base64url without padding; X-Amz-Expires=60,
// though the server takes it for 15 minutes after X-Amz-Date; the cluster's name is a signed header, so that
// a token for one cluster opens no other.

import { type Instant, seconds } from '../base/instant.ts';
import { awsDomain, type Credentials, signedUrl } from './signed-url.ts';

export interface TokenWanted {
  readonly cluster: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly at: Instant;
}

/** Of the 15 minutes that the server allows; clocks differ, and a list takes a while. */
export const TOKEN_LIFE = seconds(600);

/** No network is used. Rejects when there are no credentials. */
export async function eksToken({ cluster, region, credentials, at }: TokenWanted): Promise<string> {
  const url = await signedUrl(
    {
      service: 'sts',
      region,
      protocol: 'https:',
      host: `sts.${region}.${awsDomain(region)}`,
      path: '/',
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      headers: { 'x-k8s-aws-id': cluster },
    },
    { credentials, at, validFor: seconds(60) },
  );
  return `k8s-aws-v1.${Buffer.from(url).toString('base64url')}`;
}
