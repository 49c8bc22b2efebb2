// `collect` into EKS: the cluster is described, its own CA is believed and no other, and it gets the token of STS.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../run-program.ts';
import { fakeCluster, recorded } from '../sources/kube/fake-cluster.ts';
import { awsServer } from './aws-server.ts';
import { invoked } from './invoked.ts';

const directory = mkdtempSync(join(tmpdir(), 'coldtrace-eks-'));

afterAll(() => rmSync(directory, { recursive: true }));

const made = (name: string): string => join(directory, name);

const certificate = (name: string): Promise<unknown> =>
  runProgram('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'],
    ...['-keyout', made(`${name}.key`), '-out', made(`${name}.pem`)],
  ]);

beforeAll(async () => {
  await certificate('ours');
  await certificate('theirs');
});

describe('an EKS cluster', () => {
  const collected = async (ca: string, setting: (endpoint: string, ca: string) => object) => {
    const tls = { key: readFileSync(made('ours.key'), 'utf8'), cert: readFileSync(made('ours.pem'), 'utf8') };
    await using cluster = await fakeCluster({ world: recorded('vllm-cold-image'), tls });
    await using aws = await awsServer();
    const data = readFileSync(made(ca)).toString('base64');
    aws.clusters.set('prod', { endpoint: cluster.url, ca: data });
    const store = mkdtempSync(made('store-'));
    const ran = await invoked(
      'collect',
      {},
      {
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'canary-1d7a',
        COLDTRACE_STORE: store,
        COLDTRACE_CLUSTERS: JSON.stringify([setting(cluster.url, data)]),
        AWS_ENDPOINT_URL_EKS: aws.url,
      },
    );
    return { ran, calls: cluster.calls, store };
  };

  it.each([
    ['described by EKS', () => ({ name: 'prod' })],
    ['under another name', () => ({ name: 'my-prod', eksName: 'prod' })],
    ['configured', (endpoint: string, ca: string) => ({ name: 'prod', endpoint, ca })],
  ])('%s is asked with a token for it', async (_, setting) => {
    const { ran, calls, store } = await collected('ours.pem', setting);
    expect(ran.answer).toMatchObject({ status: 'ok' });
    expect(readdirSync(join(store, 'v1/evidence'))).toHaveLength(1);
    const token = /^Bearer k8s-aws-v1\.(?<url>[\w-]+)$/.exec(calls[0]?.headers.authorization ?? '');
    const url = new URL(Buffer.from(token?.groups?.['url'] ?? '', 'base64url').toString());
    expect(url.host).toBe('sts.eu-west-1.amazonaws.com');
    expect(url.searchParams.get('X-Amz-Expires')).toBe('60');
    expect(url.searchParams.get('X-Amz-SignedHeaders')).toBe('host;x-k8s-aws-id');
    expect(ran.said).not.toMatch(/canary-1d7a|k8s-aws-v1/);
  });

  it('with another CA is not told who asks', async () => {
    const { ran, calls } = await collected('theirs.pem', () => ({ name: 'prod' }));
    expect(ran.error).toMatch(/certificate|CERT/i);
    expect(calls).toEqual([]);
  });
});
