// The token of EKS, held against botocore 1.40 (SigV4QueryAuth) for the same keys and moment.

import { expect, it } from 'vitest';
import { eksToken } from '../../lib/aws/eks-token.ts';
import { type Instant, parseInstant } from '../../lib/base/instant.ts';

const BOTOCORE =
  'https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20261122%2Feu-west-1%2Fsts%2Faws4_request&X-Amz-Date=20261122T020405Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id&X-Amz-Security-Token=session%2Ftoken%2B%3D%3D&X-Amz-Signature=d98553f8439b57c7ef058b0eebe6ea661765855a02ca36b2f69278e7ee158a2e';

const wanted = {
  cluster: 'prod-cluster',
  region: 'eu-west-1',
  credentials: {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    sessionToken: 'session/token+==',
  },
  at: parseInstant('2026-11-22T02:04:05Z') as Instant,
};

const urlIn = (token: string): URL =>
  new URL(Buffer.from(token.slice('k8s-aws-v1.'.length), 'base64url').toString());

it('signs what botocore signs', async () => {
  const token = await eksToken(wanted);
  expect(token).toMatch(/^k8s-aws-v1\.[\w-]+$/);
  expect(token.length).toBeLessThan(4096);
  const sorted = (url: URL) => [...url.searchParams].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const own = sorted(urlIn(token)).filter(([name]) => name !== 'x-id');
  expect(own).toEqual(sorted(new URL(BOTOCORE)));
  expect(urlIn(token).origin + urlIn(token).pathname).toBe('https://sts.eu-west-1.amazonaws.com/');
});

it('opens no other cluster: its name is signed', async () => {
  const other = urlIn(await eksToken({ ...wanted, cluster: 'other' }));
  expect(other.searchParams.get('X-Amz-SignedHeaders')).toBe('host;x-k8s-aws-id');
  expect(other.searchParams.get('X-Amz-Signature')).not.toBe(
    new URL(BOTOCORE).searchParams.get('X-Amz-Signature'),
  );
});

it('asks the STS of China in China', async () => {
  const { hostname } = urlIn(await eksToken({ ...wanted, region: 'cn-north-1' }));
  expect(hostname).toBe('sts.cn-north-1.amazonaws.com.cn');
});
