// What labels say of a group, and what they do not.

import { expect, test } from 'vitest';
import { groupClaim } from '../../../lib/kubernetes/objects/group-claim.ts';
import { addressesOf, headsOf } from '../../../lib/kubernetes/objects/head-node.ts';

const LWS = 'leaderworkerset.sigs.k8s.io';
const lws = (rank: string) => ({
  [`${LWS}/name`]: 'engine',
  [`${LWS}/group-index`]: '1',
  [`${LWS}/worker-index`]: rank,
  [`${LWS}/group-key`]: '2d6d5e4f0c7f1a2b',
});
const engine = { kind: 'leaderworkerset', key: 'engine/1', name: 'engine', index: 1 };

test.each([
  [
    { labels: lws('0'), annotations: { [`${LWS}/size`]: '4' } },
    { ...engine, role: 'leader', rank: 0, size: 4, because: `label ${LWS}/worker-index=0` },
  ],
  [{ labels: lws('3') }, { ...engine, role: 'worker', rank: 3, because: `label ${LWS}/worker-index=3` }],
  [{ labels: lws('-1') }, undefined],
  [{ labels: { [`${LWS}/name`]: 'engine' } }, undefined],
  [
    { labels: { 'ray.io/cluster': 'rc', 'ray.io/node-type': 'head', 'ray.io/group': 'headgroup' } },
    {
      kind: 'raycluster',
      key: 'rc',
      name: 'rc',
      role: 'leader',
      rank: 0,
      because: 'label ray.io/node-type=head',
    },
  ],
  [
    { labels: { 'ray.io/cluster': 'rc', 'ray.io/node-type': 'worker', 'ray.io/group': 'gpu' } },
    { kind: 'raycluster', key: 'rc', name: 'rc', role: 'worker', because: 'label ray.io/node-type=worker' },
  ],
  [{ labels: { 'ray.io/cluster': 'rc', 'ray.io/node-type': 'redis-cleanup' } }, undefined],
  [
    {
      labels: {
        'apps.kubernetes.io/pod-index': '1',
        'statefulset.kubernetes.io/pod-name': 'engine-1',
        app: 'engine',
      },
    },
    undefined,
  ],
])('%j', (metadata, claim) => {
  expect(groupClaim(metadata)).toEqual(claim);
});

const spec = (...args: readonly string[]) => ({ containers: [{ name: 'main', args }] });

test.each([
  [['ray start --block --address=engine-0.engine:6379'], ['engine-0.engine']],
  [['bash init_ray.sh worker --ray_address=10.1.2.3 --ray_port=6379'], ['10.1.2.3']],
  [
    ['serve', 'm', '--nnodes', '2', '--node-rank', '1', '--master-addr', '10.1.2.3', '--headless'],
    ['10.1.2.3'],
  ],
  [
    [
      'vllm serve m --data-parallel-size 4 --headless --data-parallel-address engine-0.engine.ns.svc.cluster.local',
    ],
    ['engine-0.engine.ns.svc.cluster.local'],
  ],
  [['ray start --address=$(LWS_LEADER_ADDRESS):6379'], []],
  [['ray start --address=auto'], []],
  [['--master-addr=127.0.0.1'], []],
  [['echo --no-address engine-0'], []],
])('%j is sent to %j', (args, hosts) => {
  expect(headsOf(spec(...args))).toEqual(hosts);
});

test('addresses of a pod', () => {
  expect(addressesOf({ podIP: '10.0.0.7', podIPs: [{ ip: '10.0.0.7' }, { ip: 'fd00::7' }, {}] })).toEqual([
    '10.0.0.7',
    'fd00::7',
  ]);
  expect(addressesOf({})).toEqual([]);
});
