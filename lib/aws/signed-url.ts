// A request to AWS as an address that is signed (Signature Version 4): nothing is sent by making one.

import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import { type Duration, type Instant, toSeconds } from '../base/instant.ts';

export type Credentials = ConstructorParameters<typeof SignatureV4>[0]['credentials'];

export interface Unsigned {
  readonly service: string;
  readonly region: string;
  readonly protocol: 'http:' | 'https:';
  /** With its port, as it stands in the Host header. */
  readonly host: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Signed along; whoever uses the address must send them. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Signing {
  readonly credentials: Credentials;
  readonly at: Instant;
  readonly validFor: Duration;
}

export async function signedUrl(request: Unsigned, { credentials, at, validFor }: Signing): Promise<string> {
  const { service, region, protocol, host, path, query } = request;
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256 });
  const signed = await signer.presign(
    {
      method: 'GET',
      protocol,
      hostname: host,
      path,
      query: { ...query },
      headers: { host, ...request.headers },
    },
    { signingDate: new Date(Number(at / 1_000_000n)), expiresIn: toSeconds(validFor) },
  );
  const pairs = Object.entries(signed.query ?? {}).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  return `${protocol}//${host}${path}?${new URLSearchParams(pairs).toString().replaceAll('+', '%20')}`;
}

/** `amazonaws.com`, in China `amazonaws.com.cn`. */
export const awsDomain = (region: string): string =>
  region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
