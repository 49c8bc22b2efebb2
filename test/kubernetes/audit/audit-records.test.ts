// What one record of the audit log tells, level by level.

import { describe, expect, test } from 'vitest';
import type { KubeRecord } from '../../../lib/kubernetes/index.ts';
import {
  type AuditLog,
  allTold,
  changed,
  changedIn,
  inWords,
  isSighting,
  lineOf,
  told,
} from './audit-log.ts';

const words = (text: string): readonly string[] | undefined => told(text, 7)?.map(inWords);

const proofs = (records: readonly KubeRecord[] | undefined): readonly string[] =>
  (records ?? []).filter(isSighting).map(({ proof }) => proof.text);

const UID = 'eb27740b-040a-4129-8c1f-4b240c202036';
const POD = `s-d-crashloop/demo ${UID}`;
const NAMELESS = 's-d-crashloop/demo no uid';

describe('a request tells at its level', () => {
  test.each<[string, AuditLog, number, readonly string[]]>([
    [
      'create, RequestResponse',
      'crashloop.request-response',
      4,
      [`created 1795311814451470000 ${POD} audit.create`, `pod ${UID} 6883 audit.create 1795311814451470000`],
    ],
    // The uid is given by the server: it stands in the answer only.
    ['create, Request', 'crashloop.request', 4, [`created 1795311814451470000 ${NAMELESS} audit.create`]],
    ['create, Metadata', 'crashloop.metadata', 4, [`created 1795311814451470000 ${NAMELESS} audit.create`]],
    [
      'binding, Request: when it was answered',
      'crashloop.request',
      5,
      [`scheduled lab-node 1795311814474694000 ${POD} audit.binding`],
    ],
    [
      'binding, Metadata: no node, but a uid',
      'crashloop.metadata',
      5,
      [`scheduled 1795311814474694000 ${POD} audit.binding`],
    ],
    [
      'sandbox ready, RequestResponse',
      'crashloop.request-response',
      10,
      [
        `sandbox_ready 1795311838655016000 ${POD} audit.sandbox_ready`,
        `pod ${UID} 6947 audit.status_patch 1795311838655016000`,
      ],
    ],
    [
      'sandbox ready, Request',
      'crashloop.request',
      10,
      [
        `sandbox_ready 1795311838655016000 ${POD} audit.sandbox_ready`,
        `patch ${UID} -1 audit.status_patch 1795311838655016000`,
      ],
    ],
    [
      'container started, Request',
      'crashloop.request',
      14,
      [
        `container_started server 0 1795311844520712000 ${POD} audit.container_started`,
        `patch ${UID} -1 audit.status_patch 1795311844520712000`,
      ],
    ],
    [
      'the fourth start: the run before it was over long ago',
      'crashloop.request',
      52,
      [
        `container_started server 3 1795311905830328000 ${POD} audit.container_started`,
        `patch ${UID} -1 audit.status_patch 1795311905830328000`,
      ],
    ],
    [
      'a container that ended before its second did',
      'deletions.eks',
      29,
      [
        'container_exited model-downloader 0 143 Error 1795312493763099000 s-h-deleted-in-start/deleted-in-init c5e0f1ac-7355-4dae-ac87-3df256634520 audit.container_exited',
        'patch c5e0f1ac-7355-4dae-ac87-3df256634520 -1 audit.status_patch 1795312493763099000',
      ],
    ],
    [
      'ready, Request',
      'crashloop.request',
      56,
      [
        `ready 1795311913541531000 ${POD} audit.ready`,
        `patch ${UID} -1 audit.status_patch 1795311913541531000`,
      ],
    ],
    [
      'status, Metadata: something was written',
      'crashloop.metadata',
      56,
      [`status_written 1795311913541531000 ${NAMELESS} audit.status`],
    ],
    ['events.k8s.io, Request', 'crashloop.request', 6, [`event demo.18ea3a9552de8227 Scheduled 1 ${UID}`]],
    ['core event, Request', 'crashloop.request', 12, [`event demo.18ea3a9c50dc266c Started 1 ${UID}`]],
    ['core event, Metadata', 'crashloop.metadata', 12, []],
    [
      'a repetition, Request',
      'crashloop.request',
      25,
      ['event_patch s-d-crashloop/demo.18ea3a9c50dc266c 2 1795311855440517000'],
    ],
    ['a repetition, Metadata', 'crashloop.metadata', 25, []],
    [
      'delete, by who asked',
      'deletions.eks',
      27,
      [
        'deleted lab-admin delete 1795312493155276000 s-h-deleted-in-start/deleted-in-init c5e0f1ac-7355-4dae-ac87-3df256634520 audit.delete',
        'pod c5e0f1ac-7355-4dae-ac87-3df256634520 9060 audit.delete 1795312493155276000',
      ],
    ],
    [
      'delete, by the kubelet when it was over',
      'deletions.eks',
      31,
      [
        'deleted system:node:lab-node delete 1795312494643540000 s-h-deleted-in-start/deleted-in-init c5e0f1ac-7355-4dae-ac87-3df256634520 audit.delete',
        'pod c5e0f1ac-7355-4dae-ac87-3df256634520 9068 audit.delete 1795312494643540000',
      ],
    ],
    [
      'eviction',
      'deletions.eks',
      32,
      [
        'deleted lab-admin evict 1795312495588771000 s-h-deleted-in-start/evicted-in-start no uid audit.eviction',
      ],
    ],
    [
      'deletecollection, with the list of whom',
      'odd',
      1,
      [
        'deleted system:serviceaccount:kube-system:namespace-controller delete 1795311653501601000 s-a-cold/demo 62b947fe-0092-4565-8fae-919dd4ae9c4f audit.delete',
        'pod 62b947fe-0092-4565-8fae-919dd4ae9c4f 6622 audit.delete 1795311653501601000',
      ],
    ],
    [
      'a generated name stands in the answer',
      'odd',
      5,
      [
        'created 1795311732387479000 s-a-deploy2/llm-engine-76586c997f-blgn5 8e5dcaa3-47c8-417f-ac5e-dd0d3ad2ac6f audit.create',
        'pod 8e5dcaa3-47c8-417f-ac5e-dd0d3ad2ac6f 6758 audit.create 1795311732387479000',
      ],
    ],
    ['refused: 403 for an event', 'odd', 3, []],
    ['another resource', 'crashloop.request-response', 1, []],
    ['a token of a service account', 'crashloop.request-response', 8, []],
  ])('%s', (_, log, line, expected) => {
    expect(words(lineOf(log, line))).toEqual(expected);
  });

  test('and names the second that the body says beside the microsecond of the request', () => {
    const [ready] = told(lineOf('crashloop.request', 56))?.filter(isSighting) ?? [];
    expect(ready?.when).toEqual({ at: 1_795_311_913_541_531_000n, precision: 1000n });
    expect(ready?.said).toEqual({ at: 1_795_311_912_000_000_000n, precision: 1_000_000_000n });
  });
});

const CREATE = lineOf('crashloop.request-response', 4);
const BINDING = lineOf('crashloop.request-response', 5);
const READY = lineOf('crashloop.request', 56);
const DELETE = lineOf('deletions.eks', 27);
const EVICTION = lineOf('deletions.eks', 32);

describe('what changed nothing tells nothing', () => {
  test.each([
    ['stage RequestReceived', changed(CREATE, { stage: 'RequestReceived' })],
    ['stage ResponseStarted', changed(CREATE, { stage: 'ResponseStarted' })],
    ['stage Panic', changed(CREATE, { stage: 'Panic' })],
    ['401', changed(CREATE, { responseStatus: { code: 401 } })],
    ['403', changed(CREATE, { responseStatus: { code: 403 } })],
    ['409', changed(BINDING, { responseStatus: { code: 409 } })],
    ['422', changed(CREATE, { responseStatus: { code: 422 } })],
    ['500', changed(READY, { responseStatus: { code: 500 } })],
    ['no code at all', changed(CREATE, { responseStatus: { status: 'Success' } })],
    [
      'dry run in the URL',
      changed(CREATE, { requestURI: '/api/v1/namespaces/x/pods?dryRun=All&fieldManager=y' }),
    ],
    ['dry run, last in the URL', changed(CREATE, { requestURI: '/api/v1/namespaces/x/pods?a=b&dryRun=All' })],
    ['dry run of a deletion', changedIn(DELETE, 'requestObject', { dryRun: ['All'] })],
    ['dry run of an eviction', changedIn(EVICTION, 'requestObject', { deleteOptions: { dryRun: ['All'] } })],
    ['a read', changed(CREATE, { verb: 'get' })],
    ['a list', changed(CREATE, { verb: 'list' })],
    ['exec', changedIn(CREATE, 'objectRef', { subresource: 'exec' })],
    ['PodMetrics', changedIn(CREATE, 'objectRef', { apiGroup: 'metrics.k8s.io' })],
  ])('%s', (_, text) => {
    expect(told(text)).toEqual([]);
  });
});

const REFUSED = changed(EVICTION, { responseStatus: { code: 429, reason: 'TooManyRequests' } });

describe('an eviction that a disruption budget forbids is counted, and is no deletion', () => {
  test.each([
    ['429', REFUSED, [{ kind: 'note', counts: 'evictions.refused' }]],
    ['its dry run', changed(REFUSED, { requestURI: '/x?dryRun=All' }), []],
    ['500', changed(REFUSED, { responseStatus: { code: 500 } }), []],
    ['429 for a read', changed(REFUSED, { verb: 'get' }), []],
    ['429 for a new pod', changed(CREATE, { responseStatus: { code: 429 } }), []],
  ])('%s', (_, text, records) => {
    expect(told(text)).toEqual(records);
  });
});

/** As Google's documentation shows it: cloud.google.com/kubernetes-engine/docs/how-to/audit-logging. */
const GKE =
  '{"protoPayload":{"@type":"type.googleapis.com/google.cloud.audit.AuditLog","serviceName":"k8s.io","methodName":"io.k8s.core.v1.pods.create","resourceName":"core/v1/namespaces/serving/pods/engine-0"},"insertId":"x","timestamp":"2026-11-22T01:43:34.465774Z"}';

describe('Cloud Audit Logs of GKE are named as not read', () => {
  test.each([
    ['as Google writes it', GKE],
    ['with blanks', JSON.stringify(JSON.parse(GKE), undefined, 1).replaceAll('\n', ' ')],
  ])('%s', (_, text) => {
    expect((told(text, 7) ?? []).map(inWords)).toEqual([
      'unusable line 7: expected a record of the API server itself (audit.k8s.io/v1), got one of Cloud Audit Logs (GKE), which are not read',
    ]);
  });

  test.each([
    ['of another service', GKE.replace('"k8s.io"', '"compute.googleapis.com"')],
    ['spoken of in a log', `INFO 11-22 02:06:11 request ${GKE}`],
  ])('not one: %s', (_, text) => {
    expect(told(text)).toBeUndefined();
  });
});

describe('what still holds', () => {
  test.each([
    [
      'a label selector that speaks of dry runs',
      changed(BINDING, { requestURI: '/x?labelSelector=dryRun=All' }),
    ],
    ['202', changed(BINDING, { responseStatus: { code: 202 } })],
    [
      'a truncated record: bodies are gone',
      changed(BINDING, { annotations: { 'audit.k8s.io/truncated': 'true' } }),
    ],
    ['v1beta1', changed(BINDING, { apiVersion: 'audit.k8s.io/v1beta1' })],
    ['blanks in front', `   ${BINDING}`],
    ['a byte order mark in front', `\uFEFF${BINDING}`],
    ['a carriage return behind', `${BINDING}\r`],
    ['blanks behind the colons', BINDING.replace('"apiVersion":"audit', '"apiVersion": "audit')],
    ['members sorted by name', sorted(BINDING)],
  ])('%s', (_, text) => {
    expect(told(text)?.map(inWords)).toEqual(told(BINDING)?.map(inWords));
  });

  /** As Vector writes objects. */
  function sorted(text: string): string {
    const entries = Object.entries(JSON.parse(text));
    return JSON.stringify(Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))));
  }
});

describe('who it was', () => {
  test.each([
    ['the scheduler', BINDING, 'create pods/binding by system:kube-scheduler: 201'],
    ['a person', EVICTION, 'create pods/eviction by lab-admin: 201'],
    [
      'one who acted as another',
      changed(EVICTION, { impersonatedUser: { username: 'bob' } }),
      'create pods/eviction by lab-admin as bob: 201',
    ],
    ['nobody knows', changed(EVICTION, { user: 7 }), 'create pods/eviction by somebody: 201'],
    [
      'a name with a token in it',
      changed(EVICTION, { user: { username: 'token=hf_abcdefghijklmnopqrstuvwxyz' } }),
      'create pods/eviction by token=[redacted]: 201',
    ],
  ])('%s', (_, text, expected) => {
    expect(proofs(told(text))).toEqual([expected]);
  });

  test('a name of a megabyte is cut', () => {
    const [text = ''] = proofs(told(changed(EVICTION, { user: { username: 'x'.repeat(1 << 20) } })));
    expect(text.length).toBeLessThan(200);
  });
});

describe('where it was', () => {
  const source = (text: string) => told(text, 7)?.filter(isSighting)[0]?.proof;

  test('the id of the record, whatever file it lies in', () => {
    expect(source(BINDING)).toMatchObject({ source: expect.stringMatching(/^audit\/[0-9a-f-]{36}$/) });
    expect(source(BINDING)).not.toHaveProperty('line');
  });

  test.each([
    ['no id', changed(BINDING, { auditID: undefined })],
    ['an id that a client made up', changed(BINDING, { auditID: 'a\nb: forged' })],
    ['an endless id', changed(BINDING, { auditID: 'a'.repeat(1000) })],
  ])('the file and the line: %s', (_, text) => {
    expect(source(text)).toMatchObject({ source: 'audit.log', line: 7 });
  });
});

describe('a body names a second, and the request is a witness only while it says more', () => {
  const started = (received: string, second: string) => {
    const state = { running: { startedAt: second } };
    const body = {
      metadata: { uid: UID },
      status: { containerStatuses: [{ name: 'server', restartCount: 0, state }] },
    };
    return changed(READY, { requestObject: body, requestReceivedTimestamp: received });
  };
  const ended = (received: string, second: string) => {
    const state = { terminated: { finishedAt: second, exitCode: 137, reason: 'OOMKilled' } };
    const body = {
      metadata: { uid: UID },
      status: { containerStatuses: [{ name: 'server', restartCount: 2, state }] },
    };
    return changed(READY, { requestObject: body, requestReceivedTimestamp: received });
  };

  test.each([
    [
      'started, in the second',
      started('2026-11-22T01:00:05.900000Z', '2026-11-22T01:00:05Z'),
      ['container_started'],
    ],
    [
      'started, in the next one',
      started('2026-11-22T01:00:06.999999Z', '2026-11-22T01:00:05Z'),
      ['container_started'],
    ],
    ['started, later', started('2026-11-22T01:00:07.000000Z', '2026-11-22T01:00:05Z'), []],
    ['started, before it: clocks differ', started('2026-11-22T01:00:04.999999Z', '2026-11-22T01:00:05Z'), []],
    [
      'ended, in the second',
      ended('2026-11-22T01:00:05.999999Z', '2026-11-22T01:00:05Z'),
      ['container_exited'],
    ],
    ['ended, in the next one', ended('2026-11-22T01:00:06.000000Z', '2026-11-22T01:00:05Z'), []],
  ])('%s', (_, text, expected) => {
    expect(
      told(text)
        ?.filter(isSighting)
        .map(({ saw }) => saw.what),
    ).toEqual(expected);
  });

  test('an end says how', () => {
    const [exit] = told(ended('2026-11-22T01:00:05.5Z', '2026-11-22T01:00:05Z'))?.filter(isSighting) ?? [];
    expect(exit?.saw).toEqual({
      what: 'container_exited',
      container: 'server',
      attempt: 2,
      exitCode: 137,
      reason: 'OOMKilled',
    });
  });

  test('a condition that turned within the second of its change before has no time in a patch', () => {
    const conditions = [{ type: 'Ready', status: 'True' }];
    const text = changed(READY, { requestObject: { metadata: { uid: UID }, status: { conditions } } });
    const [ready] = told(text)?.filter(isSighting) ?? [];
    expect(ready?.saw).toEqual({ what: 'ready' });
    expect(ready).not.toHaveProperty('said');
    // In a whole status the same says nothing.
    const whole = changed(text, { verb: 'update' });
    expect(told(whole)?.filter(isSighting)).toEqual([]);
  });
});

describe('other ways of writing', () => {
  test('an update of a status has the whole pod as its body', () => {
    const { responseObject } = JSON.parse(lineOf('crashloop.request-response', 56));
    const text = changed(READY, { verb: 'update', requestObject: responseObject });
    expect(words(text)).toEqual([
      `ready 1795311913541531000 ${POD} audit.ready`,
      expect.stringMatching(`^pod ${UID} \\d+ audit.status_patch`),
    ]);
  });

  test('a JSON patch is a list: something was written', () => {
    const patch = [{ op: 'replace', path: '/status/phase', value: 'Running' }];
    expect(words(changed(READY, { requestObject: patch }))).toEqual([
      `status_written 1795311913541531000 ${NAMELESS} audit.status`,
    ]);
  });

  test('an image that was set: the pod as it is now', () => {
    const { responseObject } = JSON.parse(CREATE);
    const text = changed(CREATE, { verb: 'patch', requestObject: { spec: {} }, responseObject });
    expect(words(text)).toEqual([`pod ${UID} 6883 audit.patch 1795311814451470000`]);
  });

  test('a series of events.k8s.io tells its own microsecond', () => {
    const event = lineOf('crashloop.request', 25);
    const series = { count: 3, lastObservedTime: '2026-11-22T01:44:15.123456Z' };
    const [patch] = told(changed(event, { requestObject: { series } })) ?? [];
    expect(patch).toMatchObject({ kind: 'event_patch', count: 3, last: { at: 1_795_311_855_123_456_000n } });
  });

  test('an update of an event is a version and a repetition', () => {
    const { requestObject } = JSON.parse(lineOf('crashloop.request', 12));
    const event = lineOf('crashloop.request', 25);
    const text = changed(event, { verb: 'update', requestObject: { ...requestObject, count: 2 } });
    expect(words(text)).toEqual([
      `event demo.18ea3a9c50dc266c Started 2 ${UID}`,
      'event_patch s-d-crashloop/demo.18ea3a9c50dc266c 2 1795311855440517000',
    ]);
  });

  test('a deletion that means a uid', () => {
    const text = changed(DELETE, {
      responseObject: undefined,
      requestObject: { kind: 'DeleteOptions', preconditions: { uid: 'meant' } },
    });
    expect(words(text)).toEqual([
      'deleted lab-admin delete 1795312493155276000 s-h-deleted-in-start/deleted-in-init meant audit.delete',
    ]);
  });
});

test('no record of any level is lost, and none says the same twice', () => {
  const logs: readonly AuditLog[] = ['crashloop.request-response', 'vllm.eks', 'deletions.eks', 'odd'];
  for (const log of logs) {
    const records = allTold(Array.from({ length: 200 }, (_, index) => lineIf(log, index + 1)));
    expect(records.filter(({ kind }) => kind === 'unusable')).toEqual([]);
    const sightings = records.filter(isSighting).map(inWords);
    expect(new Set(sightings).size).toBe(sightings.length);
    expect(sightings.length).toBeGreaterThan(2);
  }

  function lineIf(log: AuditLog, line: number): string {
    try {
      return lineOf(log, line);
    } catch {
      return '';
    }
  }
});
