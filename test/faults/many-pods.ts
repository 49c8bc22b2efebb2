// A backfill of many pods as a process of its own, for its memory: `many-pods.ts <url> <days> <pods a day>`.
//
// Its last line: how many pods were told, and the most memory it ever had, in MiB.

import { readFileSync } from 'node:fs';
import { backfillSlice, planBackfill } from '../../lib/backfill.ts';
import { type Instant, instant } from '../../lib/base/instant.ts';
import type { JsonObject } from '../../lib/base/json.ts';
import { storeNew } from '../../lib/ledger/collected.ts';
import { at, ledgerOf, minutes, newScene, runnable } from './scene.ts';

const [url = '', days = '1', pods = '100'] = process.argv.slice(2);
const SOURCE = 'fixtures/vllm-cold-image/evidence';
const UID = 'd936022a-9252-412a-9633-75b6c7ad4e8b';
const texts = ['pods', 'events'].flatMap((name) =>
  (JSON.parse(readFileSync(`${SOURCE}/${name}.json`, 'utf8')).items as unknown[]).map((item) =>
    JSON.stringify(item),
  ),
);

const dayOf = (index: number): string => `2026-10-${String(index + 1).padStart(2, '0')}`;

function* objectsOf(day: number): Generator<JsonObject> {
  for (let pod = 0; pod < Number(pods); pod += 1) {
    const uid = `${(day * 1_000_000 + pod).toString(16).padStart(8, '0')}${UID.slice(8)}`;
    for (const [index, text] of texts.entries()) {
      const renamed = text.replaceAll(UID, uid).replaceAll('llm-engine-0', `llm-engine-${day}-${pod}`);
      const object = JSON.parse(renamed.replaceAll('2026-11-22', dayOf(day)));
      if (object.metadata.uid !== uid) object.metadata.uid = `${uid}-${index}`;
      yield object;
    }
  }
}

const scene = newScene({ url, clock: at('2026-11-25T00:00:00Z') });
scene.logs = { paths: [] };
for (let day = 0; day < Number(days); day += 1)
  await storeNew(ledgerOf(scene, 'collect'), 'lab', {
    objects: objectsOf(day),
    arrival: at(`${dayOf(day)}T02:10:00Z`),
  });

const end: Instant = instant(at(`${dayOf(Number(days) - 1)}T00:00:00Z`) + minutes(24 * 60));
let told = 0;
for (const slice of planBackfill({ from: at('2026-10-01T00:00:00Z'), to: end }, minutes(12 * 60)).slices) {
  const { job, deps } = await runnable(scene);
  const { counts } = await backfillSlice(slice, job, deps);
  await deps.shipping.close();
  told += counts['pods.exported'] ?? 0;
}
process.stdout.write(`${told} ${Math.round(process.resourceUsage().maxRSS / 1024)}\n`);
