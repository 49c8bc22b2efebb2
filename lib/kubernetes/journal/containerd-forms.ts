// The forms that containerd's messages are made of: metadata of pods and containers, exit events.

import { type Instant, instant } from '../../base/instant.ts';
import type { JournalSaying } from '../objects/journal-record.ts';
import type { PodReference } from '../objects/sighting.ts';
import type { Groups, JournalRule, Printed, Told } from './contract.ts';
import type { JournalLine } from './journal-line.ts';
import { goTime } from './values.ts';

export const OURS = 'recordings/kubernetes, containerd 2.4.2';

/** pkg/cri/server up to 1.6, pkg/cri/instrument in 1.7, internal/cri/instrument since 2.0. */
export const SERVICE = 'instrumented_service.go';

export const printed = (file: string, from: string, to?: string): Printed => ({
  program: 'containerd',
  file,
  from,
  ...(to === undefined ? {} : { to }),
});

const NAME = '[a-z0-9][a-z0-9.-]{0,252}';
const UID = '[0-9a-f-]{32,36}';

/** Ids of sandbox and container. */
export const S = '(?<sandbox>[0-9a-f]{64})';
export const C = '(?<id>[0-9a-f]{64})';

/**
 * The metadata changed its form with the CRI API of Kubernetes 1.36, in
 * containerd 2.3: zero fields are left out now, and blanks are doubled at
 * random, on purpose (google.golang.org/protobuf).
 */
export const POD = `name:"(?<name>${NAME})" {1,2}uid:"(?<uid>${UID})" {1,2}namespace:"(?<namespace>${NAME})"(?: {1,2}attempt:(?<attempt>\\d{1,9}))?`;
export const POD_1 = `&PodSandboxMetadata\\{Name:(?<name>${NAME}),Uid:(?<uid>${UID}),Namespace:(?<namespace>${NAME}),Attempt:(?<attempt>\\d{1,9}),\\}`;
export const CONTAINER = 'name:"(?<container>[a-z0-9-]{1,63})"(?: {1,2}attempt:(?<attempt>\\d{1,9}))?';
export const CONTAINER_1 =
  '&ContainerMetadata\\{Name:(?<container>[a-z0-9-]{1,63}),Attempt:(?<attempt>\\d{1,9}),\\}';

/** What all rules of one line have in common, whatever its form. */
export type Shared = Pick<JournalRule, 'logger' | 'literal' | 'gives' | 'tell'>;

export const shared = (
  literal: string,
  gives: string,
  says: (groups: Groups, line: JournalLine) => JournalSaying,
): Shared => ({ logger: 'logrus', literal, gives, tell: (line, groups) => [{ says: says(groups, line) }] });

export function podOf(groups: Groups): { readonly pod: PodReference; readonly attempt: number } {
  const { uid, namespace, name } = groups;
  return { pod: { uid, namespace, name }, attempt: attemptOf(groups) };
}

export function containerOf(groups: Groups): {
  readonly sandbox: string;
  readonly container: string;
  readonly attempt: number;
} {
  const { sandbox = '', container = '' } = groups;
  return { sandbox, container, attempt: attemptOf(groups) };
}

/** Protobuf's text form leaves zero out. */
const attemptOf = ({ attempt = '0' }: Groups): number => Number(attempt);

/** An exit; nothing for the exit of an exec, whose task has an id of its own. */
export function exitTold(_: JournalLine, groups: Groups): readonly Told[] {
  const { id = '', task, status = '0' } = groups;
  const at = exitedAt(groups);
  if (id !== task || at === undefined) return [];
  return [{ says: { kind: 'exited', id, exitCode: Number(status) }, at }];
}

function exitedAt({ time, seconds, nanos = '0' }: Groups): Instant | undefined {
  if (seconds === undefined) return goTime(time)?.at;
  return instant(BigInt(seconds) * 1_000_000_000n + BigInt(nanos));
}
