// Groups that labels tell: the controller that made the pods wrote down which belong together.

import type { GroupClaim } from '../../model/group.ts';
import type { Bound, Circle } from './circle.ts';
import type { ToldPod } from './told-pod.ts';

interface Claimed {
  readonly pod: ToldPod;
  readonly claim: GroupClaim;
}

export function labelCircles(pods: readonly ToldPod[]): readonly Circle[] {
  const claimed = pods.flatMap((pod) => {
    const claim = pod.evidence.story?.group;
    return claim === undefined ? [] : [{ pod, claim }];
  });
  const byKey = Map.groupBy(claimed, ({ pod, claim }) =>
    [pod.evidence.namespace ?? '', claim.kind, claim.key].join('\0'),
  );
  return [...byKey.values()].flatMap(circleOf);
}

function circleOf(members: readonly Claimed[]): readonly Circle[] {
  const [first] = members;
  if (first === undefined) return [];
  const { kind, name, index } = first.claim;
  const sizes = members.flatMap(({ claim }) => claim.size ?? []);
  const of = (role: GroupClaim['role']): readonly Bound[] =>
    members.filter(({ claim }) => claim.role === role).map(boundOf);
  return [
    {
      kind,
      name,
      ...(index === undefined ? {} : { index }),
      ...(sizes.length === 0 ? {} : { size: Math.max(...sizes) }),
      leaders: of('leader'),
      workers: of('worker'),
    },
  ];
}

const boundOf = ({ pod, claim: { rank, because } }: Claimed): Bound => ({
  pod,
  because,
  ...(rank === undefined ? {} : { rank }),
});
