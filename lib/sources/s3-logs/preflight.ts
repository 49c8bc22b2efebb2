// Before anything is read: is the bucket there, may it be listed, is it in this region, and does it hold anything?

import type { SourceProblem } from '../contract.ts';
import type { BucketApi, BucketPlace } from './api.ts';
import { placeOf, refused } from './problem.ts';

/** As many names beside it are shown when nothing is there. */
const SHOWN = 5;

/** Undefined: it can be listed, and holds something. */
export async function preflight(api: BucketApi, place: BucketPlace): Promise<SourceProblem | undefined> {
  const listed = await api.list({ ...place, byFolder: false, token: undefined, most: 1 });
  if (!listed.ok)
    return refused(listed.error, { ...place, action: 'ListBucket', region: await api.region() });
  return listed.value.objects.length > 0 ? undefined : missing(place, await beside(api, place));
}

/** `logs/prod/ap` → what lies below `logs/prod/`. */
async function beside(api: BucketApi, { bucket, prefix }: BucketPlace): Promise<readonly string[]> {
  const above = prefix.slice(0, prefix.replace(/\/$/, '').lastIndexOf('/') + 1);
  const listed = await api.list({ bucket, prefix: above, byFolder: true, token: undefined, most: SHOWN + 1 });
  if (!listed.ok) return [];
  return [...listed.value.prefixes, ...listed.value.objects.map(({ key }) => key)];
}

function missing(place: BucketPlace, others: readonly string[]): SourceProblem {
  const shown = others.slice(0, SHOWN).join(', ');
  return {
    kind: 'problem',
    where: placeOf(place),
    expected: 'objects whose keys begin so',
    came: others.length === 0 ? 'none' : `none, but ${shown}${others.length > SHOWN ? ', …' : ''}`,
    asked: true,
    what: 's3.unreadable',
    remedy: `Check the prefix: aws s3 ls s3://${place.bucket}/`,
  };
}
