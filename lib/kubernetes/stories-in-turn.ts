// The stories of many pods, told batch by batch; records are let go as soon as they are told.

import { shareTexts, stringPool } from '../base/string-pool.ts';
import { byText } from '../base/text.ts';
import type { PodStory } from '../model/pod-story.ts';
import { batchesOf } from './batches.ts';
import type { KubeRecord } from './objects/record.ts';
import { storiesOf } from './story/stories.ts';

/** The same as `storiesOf`; the list of records is empty afterwards. */
export function storiesInTurn(records: KubeRecord[]): readonly PodStory[] {
  const batches = [...batchesOf(records)];
  records.length = 0;
  const stories: PodStory[] = [];
  for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
    const pool = stringPool();
    for (const story of storiesOf(batch)) {
      shareTexts(story, pool);
      stories.push(story);
    }
  }
  return stories.sort((a, b) => byText(a.identity.uid ?? '', b.identity.uid ?? ''));
}
