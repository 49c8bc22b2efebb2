// What was asked of the API server, in the words of Kubernetes' permissions.

/** One permission: a verb on a resource of a group, in a namespace or in the whole cluster. */
export interface Asked {
  readonly verb: 'list' | 'watch' | 'get';
  /** `pods`, `pods/log`, `events`, `nodes`. */
  readonly resource: string;
  /** '' for the core group. */
  readonly group: string;
  /** Undefined: all namespaces, or a resource that is in none. */
  readonly namespace: string | undefined;
}

/** `pods`, `events.events.k8s.io`: as kubectl takes it. */
export const resourceName = ({ resource, group }: Asked): string =>
  group === '' ? resource : `${resource}.${group}`;

/** `list pods in namespace demo` */
export const askedText = (asked: Asked): string =>
  `${asked.verb} ${resourceName(asked)}${asked.namespace === undefined ? (asked.resource === 'nodes' ? '' : ' in all namespaces') : ` in namespace ${asked.namespace}`}`;
