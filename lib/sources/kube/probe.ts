// Whether the lists that hold the evidence may be read: one object of each, and what grants it when it may not.

import type { SourceProblem } from '../contract.ts';
import type { Ask, KubeAccess } from './access.ts';
import { eventLists, nodeLists, type PodChoice, podList } from './lists.ts';
import { problemOf, refusalOf } from './refusal.ts';

export interface Probed {
  /** `pods`, `events`, `nodes`. */
  readonly resource: string;
  readonly problem: SourceProblem | undefined;
}

/** More names than this are asked for as one list of all. */
const ALL_NODES = Array.from({ length: 50 }, (_, index) => `n${index}`);

export async function probeLists(
  ask: Ask,
  access: KubeAccess,
  choice: PodChoice,
): Promise<readonly Probed[]> {
  const [core] = eventLists(choice);
  const probed: Probed[] = [];
  for (const { spec, asked } of [podList(choice), core, ...nodeLists(ALL_NODES)]) {
    const reply = await ask({ path: spec.path, query: { ...spec.query, limit: '1' } });
    const refusal = await refusalOf(reply);
    if (reply.ok && refusal === undefined) reply.value.close();
    const problem = refusal === undefined ? undefined : problemOf(refusal, asked, access);
    probed.push({ resource: asked.resource, problem });
  }
  return probed;
}
