// Whose log a file is: every form of path that kubelet, its links and people make.

import { describe, expect, it } from 'vitest';
import { identityOfPath } from '../../lib/sources/identity-of-path.ts';

const UID = 'd936022a-9252-412a-9633-75b6c7ad4e8b';
const STATIC = 'c6b4fd7bd3cfd8a76a5b1a3f6c1d2e3f';
const HEX64 = 'a'.repeat(64);

const told = (path: string) => {
  const { name, identity, previous } = identityOfPath(path);
  return { name, ...identity, ...(previous ? { previous } : {}) };
};

const MAIN = { uid: UID, namespace: 'ns', pod: 'llm-0', container: 'main' };

describe('/var/log/pods', () => {
  it.each([
    [`/var/log/pods/ns_llm-0_${UID}/main/0.log`, { name: 'llm-0/main/0', ...MAIN, restart: 0 }],
    [`/var/log/pods/ns_llm-0_${UID}/main/12.log`, { name: 'llm-0/main/12', ...MAIN, restart: 12 }],
    [
      `/home/me/case 7/var-log-pods/ns_llm-0_${UID}/main/0.log`,
      { name: 'llm-0/main/0', ...MAIN, restart: 0 },
    ],
    [
      `/x/ns_llm-0_${UID}/main/0.log.20261122-010203`,
      { name: 'llm-0/main/0.20261122-010203', ...MAIN, restart: 0 },
    ],
    [
      `/x/ns_llm-0_${UID}/main/0.log.20261122-010203.gz`,
      { name: 'llm-0/main/0.20261122-010203', ...MAIN, restart: 0 },
    ],
    [`/x/ns_llm-0_${UID}/main/0.log.gz`, { name: 'llm-0/main/0', ...MAIN, restart: 0 }],
    [`/x/ns_llm-0_${UID}/main/1.log.zst`, { name: 'llm-0/main/1', ...MAIN, restart: 1 }],
    [
      `/x/kube-system_etcd-node_${STATIC}/etcd/3.log`,
      {
        name: 'etcd-node/etcd/3',
        uid: STATIC,
        namespace: 'kube-system',
        pod: 'etcd-node',
        container: 'etcd',
        restart: 3,
      },
    ],
    [
      `/x/a.b-c_llm.v2-0_${UID}/main/0.log`,
      { name: 'llm.v2-0/main/0', ...MAIN, namespace: 'a.b-c', pod: 'llm.v2-0', restart: 0 },
    ],
    [`/x/ns_llm-0_${UID}/main/output.log`, { name: 'output.log', ...MAIN }],
    [`/x/ns_llm-0_${UID}/main.log`, { name: 'main.log', uid: UID, namespace: 'ns', pod: 'llm-0' }],
  ])('%s', (path, expected) => expect(told(path)).toEqual(expected));
});

describe('links and flat names', () => {
  it.each([
    [
      `/var/log/containers/llm-0_ns_main-${HEX64}.log`,
      { name: `llm-0_ns_main-${HEX64}.log`, namespace: 'ns', pod: 'llm-0', container: 'main' },
    ],
    ['/x/llm-0_main.log', { name: 'llm-0_main.log', pod: 'llm-0', container: 'main' }],
    [
      '/x/llm-0_main.previous.log',
      { name: 'llm-0_main.previous.log', pod: 'llm-0', container: 'main', previous: true },
    ],
    ['/x/llm-0_main.txt', { name: 'llm-0_main.txt', pod: 'llm-0', container: 'main' }],
    ['/x/llm-0_main.log.gz', { name: 'llm-0_main.log.gz', pod: 'llm-0', container: 'main' }],
    [
      '/x/llm-0_main.previous.log.zst',
      { name: 'llm-0_main.previous.log.zst', pod: 'llm-0', container: 'main', previous: true },
    ],
  ])('%s', (path, expected) => expect(told(path)).toEqual(expected));
});

describe('says nothing', () => {
  it.each([
    '/x/main.log',
    '/x/vllm.out',
    '/x/2026-11-22.log',
    '/x/My_Log.log',
    `/x/ns_llm-0_not-a-uid/main/0.log`,
    '/var/log/pods/0.log',
    `/x/NS_llm-0_${UID}/main/0.log`,
  ])('%s', (path) => expect(told(path)).toEqual({ name: path.slice(path.lastIndexOf('/') + 1) }));
});

it('a long path takes no time', () => {
  const started = process.cpuUsage();
  identityOfPath(`/${'a-'.repeat(2000)}_${'b.'.repeat(2000)}_${'c'.repeat(2000)}/x.log`);
  expect(process.cpuUsage(started).user).toBeLessThan(500_000);
});
