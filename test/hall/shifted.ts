// Recorded objects as they would be, had the node's clock been wrong.

import { formatInstant, instant, parseInstant, seconds } from '../../lib/base/instant.ts';

type Json = Readonly<Record<string, unknown>>;

/** An event list whose kubelet's clock is `by` seconds ahead. Names lose the instant in them: then the fields tell. */
export function eventsShifted(list: string, by: number): string {
  const parsed: { readonly items: readonly Json[] } = JSON.parse(list);
  const items = parsed.items.map((event) => (isKubelets(event) ? shiftedEvent(event, by) : event));
  return JSON.stringify({ ...parsed, items });
}

const isKubelets = ({ reportingComponent }: Json): boolean => reportingComponent === 'kubelet';

const shiftedEvent = (event: Json, by: number): Json => ({
  ...event,
  metadata: { ...Object(event['metadata']), name: `shifted-${JSON.stringify(event['metadata']).length}` },
  firstTimestamp: later(event['firstTimestamp'], by),
  lastTimestamp: later(event['lastTimestamp'], by),
});

/** In whole seconds, as objects have it. */
export function later(time: unknown, by: number): string {
  const at = parseInstant(String(time));
  if (at === undefined) throw new Error(`a time was expected, got ${String(time)}`);
  return formatInstant(instant(at + seconds(by))).replace(/\.\d+Z$/, 'Z');
}
