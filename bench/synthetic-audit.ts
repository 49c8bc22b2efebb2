// What an API server writes down in days: its audit log, and a watch of its pods.
//
// Requests and objects are those of a recorded crash loop under other names: of
// many pods, or of one pod that is written again and again, its readiness coming and going.

import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';

const SOURCE = 'fixtures/kubernetes-audit/crashloop.request-response.log';
const EKS = 'fixtures/kubernetes-audit/crashloop.request.log';
const UID = 'eb27740b-040a-4129-8c1f-4b240c202036';
const BEGIN = Date.UTC(2026, 10, 22, 1, 45);

/** `many`: new pods start all the time. `one`: nothing but patches of one pod's status, every ten seconds. */
export type Whose = 'many' | 'one';

const linesOf = (path: string): readonly string[] => readFileSync(path, 'utf8').trimEnd().split('\n');

const isOfPods = (line: string): boolean => line.includes('"objectRef":{"resource":"pods"');
const isStatusPatch = (line: string): boolean =>
  line.includes('"verb":"patch"') && line.includes('"subresource":"status"');

/** An id of its own in every copy of a record. */
const counted = (line: string, index: number): string =>
  line.replace(/"auditID":"[0-9a-f]{8}/, `"auditID":"${index.toString(16).padStart(8, '0')}`);

const ofAnotherPod = (line: string, index: number): string =>
  line
    .replaceAll(UID, `${index.toString(16).padStart(8, '0')}${UID.slice(8)}`)
    .replaceAll('"name":"demo"', `"name":"demo-${index}"`)
    .replaceAll('/pods/demo', `/pods/demo-${index}`)
    .replaceAll('"demo.', `"demo-${index}.`);

const secondsOf = (ms: number): string => new Date(ms).toISOString().replace(/\.\d{3}Z$/, 'Z');

/** Every ten seconds the pod's readiness turns, and the API server hears of it 40 ms into the second. */
function turned(line: string, index: number): string {
  const at = BEGIN + index * 10_000;
  const ready = index % 2 === 0 ? 'True' : 'False';
  return line
    .replaceAll(/"lastTransitionTime":"[^"]{20}"/g, `"lastTransitionTime":"${secondsOf(at)}"`)
    .replaceAll(/"status":"(?:True|False)"(?=,"type":"Ready")/g, `"status":"${ready}"`)
    .replaceAll(
      /("type":"Ready",(?:"observedGeneration":1,)?)"status":"(?:True|False)"/g,
      `$1"status":"${ready}"`,
    )
    .replaceAll(/"resourceVersion":"\d+"/g, `"resourceVersion":"${7000 + index}"`)
    .replace(/"requestReceivedTimestamp":"[^"]{27}"/, `"requestReceivedTimestamp":"${stamp(at + 40)}"`)
    .replace(/"stageTimestamp":"[^"]{27}"/, `"stageTimestamp":"${stamp(at + 45)}"`);
}

const stamp = (ms: number): string => new Date(ms).toISOString().replace('Z', '000Z');

/** Writes copies until the file has so many bytes. */
function fill(path: string, bytes: number, copy: (index: number) => string): void {
  const file = openSync(path, 'w');
  let written = 0;
  for (let index = 0; written < bytes; index += 1) written += writeSync(file, copy(index));
  closeSync(file);
}

/** `whole`: patches come with the pod as it was afterwards (level RequestResponse); else as EKS keeps them. */
export function writeAudit(
  path: string,
  bytes: number,
  { whose, whole }: { whose: Whose; whole: boolean },
): void {
  const lines = linesOf(whole ? SOURCE : EKS).filter(isOfPods);
  if (whose === 'many') {
    fill(path, bytes, (index) =>
      lines.map((line, at) => `${counted(ofAnotherPod(line, index), index * lines.length + at)}\n`).join(''),
    );
    return;
  }
  const first = lines.slice(0, lines.findLastIndex(isStatusPatch));
  const patch = lines.findLast((line) => isStatusPatch(line) && line.includes('"type":"Ready"')) ?? '';
  fill(path, bytes, (index) =>
    index < first.length ? `${first[index]}\n` : `${counted(turned(patch, index), index)}\n`,
  );
}

/** The same pods as a watch sees them: every version whole, with the instant at which it came in. */
export function writeWatch(path: string, bytes: number, whose: Whose): void {
  const objects = linesOf(SOURCE).filter(isStatusPatch).map(answerOf);
  if (whose === 'many') {
    fill(path, bytes, (index) =>
      objects.map((text, at) => seenAt(ofAnotherPod(text, index), BEGIN + index * 100 + at)).join(''),
    );
    return;
  }
  const last = objects.at(-1) ?? '';
  fill(path, bytes, (index) =>
    index < objects.length
      ? seenAt(objects[index] ?? '', BEGIN + index)
      : seenAt(turned(last, index), BEGIN + index * 10_000 + 60),
  );
}

const answerOf = (line: string): string =>
  JSON.stringify((JSON.parse(line) as { responseObject: unknown }).responseObject);

const seenAt = (object: string, ms: number): string =>
  `{"arrival_ns":${ms}000000,"type":"MODIFIED","object":${object}}\n`;
