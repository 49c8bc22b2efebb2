// Which lists of the API server hold the evidence of some pods.

import type { ListSpec } from './list.ts';
import type { Asked } from './words.ts';

/** Which pods the user asked for. */
export interface PodChoice {
  /** Undefined: all namespaces. */
  readonly namespace: string | undefined;
  /** One pod of this name (in each namespace). */
  readonly name: string | undefined;
  /** As the API server reads it. */
  readonly selector: string | undefined;
}

export interface PlannedList {
  readonly spec: ListSpec;
  readonly asked: Asked;
}

export function podList({ namespace, name, selector }: PodChoice): PlannedList {
  const query = {
    ...(name === undefined ? {} : { fieldSelector: `metadata.name=${name}` }),
    ...(selector === undefined ? {} : { labelSelector: selector }),
  };
  return {
    spec: { path: `/api/v1${inNamespace(namespace)}/pods`, kind: 'Pod', apiVersion: 'v1', query },
    asked: { verb: 'list', resource: 'pods', group: '', namespace },
  };
}

/**
 * Both groups show the same objects, in two shapes (since Kubernetes 1.19);
 * an API server with a storage of its own for one of them need not.
 */
export function eventLists({
  namespace,
  name,
}: PodChoice): readonly [core: PlannedList, grouped: PlannedList] {
  const group = 'events.k8s.io';
  const query = (about: string): Readonly<Record<string, string>> => ({
    fieldSelector: `${about}.kind=Pod${name === undefined ? '' : `,${about}.name=${name}`}`,
  });
  const common = { kind: 'Event', query: {} };
  const asked = { verb: 'list', resource: 'events', namespace } as const;
  return [
    {
      spec: {
        ...common,
        path: `/api/v1${inNamespace(namespace)}/events`,
        apiVersion: 'v1',
        query: query('involvedObject'),
      },
      asked: { ...asked, group: '' },
    },
    {
      spec: {
        ...common,
        path: `/apis/${group}/v1${inNamespace(namespace)}/events`,
        apiVersion: `${group}/v1`,
        query: query('regarding'),
      },
      asked: { ...asked, group },
    },
  ];
}

/** More nodes than this are cheaper in one list of all. */
const ONE_BY_ONE = 10;

/** One verb for both ways: a list of one name needs no permission to get. */
export function nodeLists(names: readonly string[]): readonly PlannedList[] {
  const asked = { verb: 'list', resource: 'nodes', group: '', namespace: undefined } as const;
  const list = (query: Readonly<Record<string, string>>): PlannedList => ({
    spec: { path: '/api/v1/nodes', kind: 'Node', apiVersion: 'v1', query },
    asked,
  });
  if (names.length > ONE_BY_ONE) return [list({})];
  return names.map((name) => list({ fieldSelector: `metadata.name=${name}` }));
}

const inNamespace = (namespace: string | undefined): string =>
  namespace === undefined ? '' : `/namespaces/${encodeURIComponent(namespace)}`;
