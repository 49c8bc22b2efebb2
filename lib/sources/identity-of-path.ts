// Whose log a file is, by where it lies and how it is called.

import { podUid } from '../model/ids.ts';
import type { Identity } from '../model/log-run.ts';

export interface PathIdentity {
  readonly name: string;
  readonly identity: Identity;
  readonly previous: boolean;
}

const LABEL = '[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?';

/** kubelet: /var/log/pods/<ns>_<pod>_<uid>/<container>/<n>.log[.<rotated>][.gz] */
const POD_LOGS = new RegExp(
  `/(?<namespace>${LABEL})_(?<pod>${LABEL})_(?<uid>[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32})/(?<container>${LABEL})/(?<run>\\d{1,6})\\.log(?<part>(?:[.-][0-9T:.-]{1,40})?)(?:\\.(?:gz|zst))?$`,
);

/** Below such a folder without the usual file name: `<ns>_<pod>_<uid>/…`. */
const POD_FOLDER = new RegExp(
  `/(?<namespace>${LABEL})_(?<pod>${LABEL})_(?<uid>[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32})/(?:(?<container>${LABEL})/)?`,
);

/** kubelet's links: /var/log/containers/<pod>_<ns>_<container>-<64 hex>.log */
const CONTAINER_LINK = new RegExp(
  `/(?<pod>${LABEL})_(?<namespace>${LABEL})_(?<container>${LABEL})-[0-9a-f]{64}\\.log(?:\\.(?:gz|zst))?$`,
);

/** Names of containers have no dots, so `.previous` is none of it. */
const CONTAINER = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';

/** A person's `kubectl logs pod -c container > pod_container.log`. */
const FLAT = new RegExp(
  `/(?<pod>${LABEL})_(?<container>${CONTAINER})(?<previous>\\.previous)?\\.(?:log|txt)(?:\\.(?:gz|zst))?$`,
);

/** `path` is absolute, with forward slashes. What the path does not tell is left out. */
export function identityOfPath(path: string): PathIdentity {
  const base = path.slice(path.lastIndexOf('/') + 1);
  const log = POD_LOGS.exec(path)?.groups;
  if (log !== undefined) return ofPodLog(log);
  const folder = POD_FOLDER.exec(path)?.groups;
  if (folder !== undefined)
    return { name: base, identity: identityFrom(folder), previous: base.includes('.previous.') };
  const link = CONTAINER_LINK.exec(path)?.groups;
  if (link !== undefined) return { name: base, identity: identityFrom(link), previous: false };
  const flat = FLAT.exec(path)?.groups;
  if (flat === undefined) return { name: base, identity: {}, previous: false };
  return { name: base, identity: identityFrom(flat), previous: flat['previous'] !== undefined };
}

type Groups = Readonly<Record<string, string | undefined>>;

function ofPodLog(groups: Groups): PathIdentity {
  const { pod, container, run = '0', part = '' } = groups;
  const identity = { ...identityFrom(groups), restart: Number(run) };
  return { name: `${pod}/${container}/${run}${part}`, identity, previous: false };
}

function identityFrom({ uid, namespace, pod, container }: Groups): Identity {
  return {
    ...(uid === undefined ? {} : { uid: podUid(uid) }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(pod === undefined ? {} : { pod }),
    ...(container === undefined ? {} : { container }),
  };
}

/** A tag is a path with dots: `kube.var.log.containers.<pod>_<ns>_<container>-<64 hex>.log`, perhaps with more behind. */
const LINK_TAG = new RegExp(
  `var\\.log\\.containers\\.(?<pod>${LABEL})_(?<namespace>${CONTAINER})_(?<container>${CONTAINER})-[0-9a-f]{64}(?:\\.log)?(?:$|[^0-9a-z])`,
);

/** `kube.var.log.pods.<ns>_<pod>_<uid>.<container>.<n>.log` */
const POD_TAG = new RegExp(
  `var\\.log\\.pods\\.(?<namespace>${CONTAINER})_(?<pod>${LABEL})_(?<uid>[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32})\\.(?<container>${CONTAINER})\\.(?<run>\\d{1,6})\\.log`,
);

/** From a tag of Fluent Bit or a log stream that is named after one; undefined when it tells no pod. */
export function identityOfTag(tag: string): Identity | undefined {
  if (tag.length > 1024) return undefined;
  const pod = POD_TAG.exec(tag)?.groups;
  if (pod !== undefined) return { ...identityFrom(pod), restart: Number(pod['run']) };
  const link = LINK_TAG.exec(tag)?.groups;
  return link === undefined ? undefined : identityFrom(link);
}
