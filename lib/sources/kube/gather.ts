// The objects that tell of the chosen pods: pods, events of both groups, nodes.

import { type JsonObject, objectAt, textAt } from '../../base/json.ts';
import type { SourceProblem } from '../contract.ts';
import type { Ask, KubeAccess } from './access.ts';
import { type Listed, listAll } from './list.ts';
import { eventLists, nodeLists, type PlannedList, type PodChoice, podList } from './lists.ts';
import { isHopeless, problemOf } from './refusal.ts';
import { slim } from './slim.ts';

export interface Gathered {
  readonly pods: readonly JsonObject[];
  readonly events: readonly JsonObject[];
  readonly nodes: readonly JsonObject[];
  /** Where a watch of the pods goes on; '' when they could not be listed. */
  readonly version: string;
  readonly problems: readonly SourceProblem[];
}

/** Never rejects: what could not be had is a problem, and the rest is there. */
export async function gather(ask: Ask, access: KubeAccess, choice: PodChoice): Promise<Gathered> {
  const list = async (planned: PlannedList): Promise<Listed & PlannedList> => ({
    ...(await listAll(ask, planned.spec, slim)),
    ...planned,
  });
  const pods = await list(podList(choice));
  if (pods.refusal !== undefined && isHopeless(pods.refusal)) return told([pods], access, choice);
  const [core, grouped] = eventLists(choice);
  const [ours, theirs, ...nodes] = await Promise.all([
    list(core),
    list(grouped),
    ...nodeLists(nodesOf(pods.items)).map(list),
  ]);
  return told([pods, ours, theirs, ...nodes], access, choice);
}

const nodesOf = (pods: readonly JsonObject[]): readonly string[] => [
  ...new Set(pods.flatMap((pod) => textAt(objectAt(pod, 'spec'), 'nodeName') ?? [])),
];

function told(lists: readonly (Listed & PlannedList)[], access: KubeAccess, choice: PodChoice): Gathered {
  const of = (kind: string): readonly JsonObject[] =>
    lists.filter(({ spec }) => spec.kind === kind).flatMap(({ items }) => items);
  const pods = of('Pod');
  const names = new Set(nodesOf(pods));
  return {
    pods,
    events: ofChosen(of('Event'), pods, choice),
    nodes: of('Node').filter((node) => names.has(textAt(objectAt(node, 'metadata'), 'name') ?? '')),
    version: lists[0]?.resourceVersion ?? '',
    problems: problemsOf(lists, access),
  };
}

/** One permission that is missing may have stopped several lists. A server without the newer group is an old one. */
function problemsOf(lists: readonly (Listed & PlannedList)[], access: KubeAccess): readonly SourceProblem[] {
  const known = new Map<string, SourceProblem>();
  for (const { refusal, asked } of lists) {
    if (refusal === undefined || (refusal.status === 404 && asked.group !== '')) continue;
    const problem = problemOf(refusal, asked, access);
    known.set(`${problem.what} ${problem.expected}`, problem);
  }
  return [...known.values()];
}

/** Events have no labels: with a selector only those of the pods that it selects are evidence. */
function ofChosen(
  events: readonly JsonObject[],
  pods: readonly JsonObject[],
  { selector }: PodChoice,
): readonly JsonObject[] {
  if (selector === undefined) return events;
  const uids = new Set(pods.map((pod) => textAt(objectAt(pod, 'metadata'), 'uid')));
  return events.filter((event) => {
    const about = 'regarding' in event ? objectAt(event, 'regarding') : objectAt(event, 'involvedObject');
    return uids.has(textAt(about, 'uid'));
  });
}
