// Many pods, each with its object, its events and its log: the demo's pod under other names.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SOURCE = 'fixtures/vllm-cold-image/evidence';
const UID = 'd936022a-9252-412a-9633-75b6c7ad4e8b';
const NAMESPACE = 's-v6-vllm-cold-image-quiet';

/** `/…/pods.json`, `/…/events.json` and `/…/<ns>_<pod>_<uid>/engine/0.log` for `count` pods. */
export function writePods(folder: string, count: number): void {
  const pods = JSON.parse(readFileSync(`${SOURCE}/pods.json`, 'utf8')) as { items: unknown[] };
  const events = JSON.parse(readFileSync(`${SOURCE}/events.json`, 'utf8')) as { items: unknown[] };
  const log = readFileSync(`${SOURCE}/var-log-pods/${NAMESPACE}_llm-engine-0_${UID}/engine/0.log`);
  const allPods: unknown[] = [];
  const allEvents: unknown[] = [];
  for (let index = 0; index < count; index += 1) {
    const uid = `${index.toString(16).padStart(8, '0')}${UID.slice(8)}`;
    allPods.push(...pods.items.map((item) => renamed(item, uid, index)));
    allEvents.push(...events.items.map((item) => renamed(item, uid, index)));
    const home = join(folder, `${NAMESPACE}_llm-engine-${index}_${uid}`, 'engine');
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, '0.log'), log);
  }
  writeFileSync(join(folder, 'pods.json'), JSON.stringify({ ...pods, items: allPods }, undefined, 4));
  writeFileSync(join(folder, 'events.json'), JSON.stringify({ ...events, items: allEvents }, undefined, 4));
}

/** Event uids differ as well: `…0001` of the first pod is not `…0001` of the second. */
function renamed(item: unknown, uid: string, index: number): unknown {
  const text = JSON.stringify(item).replaceAll(UID, uid).replaceAll('llm-engine-0', `llm-engine-${index}`);
  const object = JSON.parse(text) as { metadata: { uid: string } };
  if (object.metadata.uid !== uid) object.metadata.uid = `${object.metadata.uid}-${index}`;
  return object;
}
