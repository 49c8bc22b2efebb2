// Whose line it is, from names and paths.

import { describe, expect, it } from 'vitest';
import {
  identityOfKubernetes,
  identityOfLogStream,
  identityOfPath,
  mergeIdentities,
} from '../../lib/framings/identities.ts';

const ID = '7ac0fd3569af866e9a6a22eb592744200d2dbe098cf066162453f8d0b06c531f';

describe('identityOfLogStream', () => {
  it.each([
    [
      `ip-10-0-0-1.ec2.internal-application.var.log.containers.llm-0_serving_engine-${ID}.log`,
      { node: 'ip-10-0-0-1.ec2.internal', pod: 'llm-0', namespace: 'serving', container: 'engine' },
    ],
    [
      `var.log.containers.llm-0_serving_my-engine-${ID}.log`,
      { pod: 'llm-0', namespace: 'serving', container: 'my-engine' },
    ],
    [
      `from-fluent-bit-kube.var.log.containers.llm-0_serving_engine-${ID}.log`,
      { pod: 'llm-0', namespace: 'serving', container: 'engine' },
    ],
    ['kube-apiserver-audit-0123456789abcdef0123456789abcdef', undefined],
    ['2020/03/05/[$LATEST]20bddfd5a2dc4c6b97ac02800eae90d0', undefined],
    ['', undefined],
    ['_'.repeat(100_000), undefined],
  ])('%.80s', (name, identity) => expect(identityOfLogStream(name)).toEqual(identity));
});

describe('identityOfPath', () => {
  it.each([
    [
      '/var/log/pods/serving_llm-0_d936022a-9252-412a-9633-75b6c7ad4e8b/engine/1.log',
      {
        namespace: 'serving',
        pod: 'llm-0',
        uid: 'd936022a-9252-412a-9633-75b6c7ad4e8b',
        container: 'engine',
        restart: 1,
      },
    ],
    [
      `/var/log/containers/llm-0_serving_engine-${ID}.log`,
      { pod: 'llm-0', namespace: 'serving', container: 'engine' },
    ],
    ['/var/log/syslog', undefined],
  ])('%s', (path, identity) => expect(identityOfPath(path)).toEqual(identity));
});

describe('identityOfKubernetes', () => {
  it.each([
    [
      { pod_name: 'p', namespace_name: 'n', pod_id: 'u', container_name: 'c', host: 'h' },
      { pod: 'p', namespace: 'n', uid: 'u', container: 'c', node: 'h' },
    ],
    [
      { pod_name: 'p', pod_namespace: 'n', pod_uid: 'u', container_name: 'c', pod_node_name: 'h' },
      { pod: 'p', namespace: 'n', uid: 'u', container: 'c', node: 'h' },
    ],
    [
      { namespace: 'n', pod: { name: 'p', uid: 'u' }, container: { name: 'c' }, node: { name: 'h' } },
      { pod: 'p', namespace: 'n', uid: 'u', container: 'c', node: 'h' },
    ],
    [{}, undefined],
    [{ pod_name: 7, labels: {} }, undefined],
  ])('%j', (kubernetes, identity) => expect(identityOfKubernetes(kubernetes)).toEqual(identity));
});

it('the outer envelope is trusted, the inner one fills its holes', () => {
  expect(mergeIdentities({ pod: 'outer' }, { pod: 'inner', container: 'c' })).toEqual({
    pod: 'outer',
    container: 'c',
  });
  expect(mergeIdentities(undefined, { pod: 'inner' })).toEqual({ pod: 'inner' });
  expect(mergeIdentities(undefined, undefined)).toBeUndefined();
});
