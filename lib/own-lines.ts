// Which lines of one file are believed, and which are rejected: a container speaks for itself.

import { namesAnother, namesPod } from './framings/identities.ts';
import type { Framed } from './model/line.ts';
import type { Identity } from './model/log-run.ts';
import type { Problem } from './pipeline-types.ts';
import { isBelieved, type Topic, type TrustedPods, type Writer } from './who-tells.ts';

export interface FileIdentity {
  /** Where it lies. */
  readonly where: string;
  /** What its path, or the API server, tells. */
  readonly pathIdentity: Identity;
  /** The same, with what the user said of bare files. */
  readonly identity: Identity;
  readonly trusted: readonly TrustedPods[];
}

export interface OwnLines {
  /** Whoever the file and the envelope name. */
  readonly writersOf: (framed?: Framed) => readonly Writer[];
  /** When not, the line is to be rejected, and nobody is to have it. */
  readonly believes: (topic: Topic, writers: readonly Writer[]) => boolean;
  readonly reject: (topic: Topic, rejection: Rejection) => void;
  /** The line as its writer's; undefined, and rejected, when a container tells it of another pod. */
  readonly own: (framed: Framed) => Framed | undefined;
  /** One for all lines of the file. */
  readonly problem: () => RejectedProblem | undefined;
}

export interface Rejection {
  readonly count?: number;
  /** Left out: an engine's log, whoever it is of. */
  readonly writers?: readonly Writer[];
}

export interface RejectedProblem {
  readonly count: number;
  readonly problem: Problem;
}

/** A container's log by its name: dumps and exports that somebody put beside the logs of a pod are none. */
export const isContainersLog = ({
  where,
  pathIdentity,
}: Pick<FileIdentity, 'where' | 'pathIdentity'>): boolean =>
  namesPod(pathIdentity) && !/\.(?:jsonl?|ndjson|ya?ml)(?:\.(?:gz|zst))?$/i.test(where);

interface State {
  readonly file: FileIdentity;
  readonly fileWriters: readonly Writer[];
  /**
   * The path names pod and namespace, as a kubelet's does: then nothing in the file is another pod's.
   * What a person called `<pod>_<container>.log` may be an export of several.
   */
  readonly isPlaced: boolean;
  readonly topics: Set<Topic>;
  count: number;
  /** The first one. */
  writer: Writer | undefined;
}

export function ownLines(file: FileIdentity): OwnLines {
  const isNamed = isContainersLog(file);
  const fileWriters = isNamed ? [{ identity: placed(file, file.pathIdentity) }] : [];
  const isPlaced = isNamed && file.pathIdentity.namespace !== undefined;
  const state: State = { file, fileWriters, isPlaced, topics: new Set(), count: 0, writer: undefined };
  return {
    writersOf: (framed) => writersOf(state, framed),
    believes: (topic, writers) => isBelieved(topic, writers, file.trusted),
    reject: (topic, rejection) => reject(state, topic, rejection),
    own: (framed) => own(state, framed),
    problem: () => problemOf(state),
  };
}

/** `--as-namespace` says where the pods of files ran whose names do not tell it. */
const placed = ({ identity: { namespace } }: FileIdentity, identity: Identity): Identity =>
  namespace === undefined || identity.namespace !== undefined ? identity : { ...identity, namespace };

function writersOf({ file, fileWriters }: State, framed: Framed | undefined): readonly Writer[] {
  const { identity, ofNode } = framed ?? {};
  if (identity === undefined) return fileWriters;
  return [...fileWriters, { identity: placed(file, identity), ...(ofNode === undefined ? {} : { ofNode }) }];
}

function reject(state: State, topic: Topic, { count = 1, writers = [] }: Rejection): void {
  state.count += count;
  state.topics.add(topic);
  state.writer ??= writers.find((one) => !isBelieved(topic, [one], state.file.trusted));
}

/** Asked of every line that is read: most have neither a claim nor a name of their own. */
function own(state: State, framed: Framed): Framed | undefined {
  const { claims, identity } = framed;
  if (claims !== undefined)
    return believed(state, writersOf(state, framed), { ...without(framed, 'claims'), identity: claims });
  if (identity === undefined || !state.isPlaced) return framed;
  const path = state.file.pathIdentity;
  if (namesAnother(path, identity)) return believed(state, state.fileWriters, framed);
  // A path that tells no uid was made by a shipper, whose records may tell it.
  return path.container === undefined || path.uid === undefined ? framed : without(framed, 'identity');
}

function without(framed: Framed, member: 'claims' | 'identity'): Framed {
  const { [member]: _, ...rest } = framed;
  return rest;
}

/** The line of another pod, if those who tell it may. */
function believed(state: State, writers: readonly Writer[], framed: Framed): Framed | undefined {
  if (isBelieved('logs', writers, state.file.trusted)) return framed;
  reject(state, 'logs', { writers });
  return undefined;
}

const TOPICS: Readonly<Record<Topic, string>> = {
  audit: 'audit records',
  events: 'events or objects of Kubernetes',
  journal: "lines of a node's journal",
  logs: 'log lines of other pods',
};

function problemOf({ file, count, topics, writer }: State): RejectedProblem | undefined {
  if (count === 0) return undefined;
  const what = [...topics].map((topic) => TOPICS[topic]).sort();
  const lines = count === 1 ? '1 line' : `${count} lines`;
  const by = writer === undefined ? 'the log of an engine' : nameOf(writer.identity);
  const problem: Problem = {
    where: file.where,
    expected: 'a container to tell of itself only',
    came: `${lines} from ${by}: ${what.join(', ')}`,
    what: 'lines.rejected',
    remedy: remedyFor(writer),
    asked: false,
  };
  return { count, problem };
}

function nameOf({ namespace, pod, container, uid }: Identity): string {
  const name = [namespace, pod ?? uid].filter((part) => part !== undefined).join('/');
  return [name, container].filter((part) => part !== undefined && part !== '').join(', container ');
}

function remedyFor(writer: Writer | undefined): string {
  const said = 'They were not believed: anybody can print such lines.';
  if (writer === undefined) return said;
  const place =
    writer.identity.namespace === undefined ? ' (and --as-namespace, as the file does not tell it)' : '';
  return `${said} If it is the work of that pod to keep them for the cluster, say so: --trust-pods NAMESPACE/POD${place}.`;
}
