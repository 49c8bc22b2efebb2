// What would make the answer better next time, in words.

import type { LogRun } from '../model/log-run.ts';
import type { PodEvidence } from './evidence.ts';

/** Commands are whole, with the pod's own names where they are known. */
export function adviceFor(
  { story, name, namespace }: PodEvidence,
  { logs }: { readonly logs: readonly LogRun[] },
): readonly string[] {
  const pod = name ?? 'POD';
  const where = namespace === undefined ? '-n NAMESPACE' : `-n ${namespace}`;
  const advice: string[] = [];
  if (logs.some(({ weakClock }) => weakClock))
    advice.push(
      `times are the program's own, to the second: take the log with kubectl logs --timestamps ${pod} ${where}`,
    );
  if (story?.has.pod !== true)
    advice.push(
      `no pod object was given, so nothing before the process is known: add kubectl get pod ${pod} ${where} -o json`,
    );
  if (story?.has.events !== true)
    advice.push(
      `no events were given (they live one hour): add kubectl get events ${where} -o json soon after a start`,
    );
  if (logs.length === 0 && story !== undefined)
    advice.push(`no log of the engine was given: add kubectl logs --timestamps ${pod} ${where}`);
  return advice;
}
