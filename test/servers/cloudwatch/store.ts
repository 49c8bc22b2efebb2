// What the strict stand-in for CloudWatch Logs keeps: groups, streams, events in the documented order.

export interface StoredEvent {
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly message: string;
  readonly stream: string;
  /** Number of the put: the last criterion of the order. */
  readonly put: number;
  readonly id: string;
}

export interface Group {
  readonly name: string;
  readonly class: string;
  readonly retentionInDays: number | undefined;
  readonly streams: Map<string, { lastEventTimestamp: number | undefined; creationTime: number }>;
  events: StoredEvent[];
  isSorted: boolean;
}

export interface Put {
  readonly timestamp: number;
  readonly message: string;
}

export interface Store {
  readonly groups: ReadonlyMap<string, Group>;
  readonly addGroup: (name: string, options?: { class?: string; retentionInDays?: number }) => void;
  /** As PutLogEvents; `ingestionTime` may be long after the events' own time. */
  readonly put: (group: string, stream: string, events: readonly Put[], ingestionTime?: number) => void;
}

export function newStore(): Store {
  const groups = new Map<string, Group>();
  let puts = 0;
  return {
    groups,
    addGroup: (name, { class: logClass = 'STANDARD', retentionInDays } = {}) => {
      groups.set(name, {
        name,
        class: logClass,
        retentionInDays,
        streams: new Map(),
        events: [],
        isSorted: true,
      });
    },
    put: (name, stream, events, ingestionTime) => {
      const group = groups.get(name);
      if (group === undefined) throw new Error(`expected a group that was added, got ${name}`);
      const known = group.streams.get(stream) ?? { lastEventTimestamp: undefined, creationTime: 0 };
      for (const { timestamp, message } of events) {
        puts += 1;
        // 56 digits, as the real ones have.
        const id = `${timestamp}${String(puts).padStart(43, '0')}`;
        group.events.push({
          timestamp,
          message,
          stream,
          ingestionTime: ingestionTime ?? timestamp + 1000,
          put: puts,
          id,
        });
        known.lastEventTimestamp = Math.max(known.lastEventTimestamp ?? 0, timestamp);
      }
      group.streams.set(stream, known);
      group.isSorted = false;
    },
  };
}

/** By timestamp, then ingestion, then put: "sorted by" of FilterLogEvents' documentation. */
export function inOrder(group: Group): readonly StoredEvent[] {
  if (!group.isSorted) group.events.sort(compare);
  group.isSorted = true;
  return group.events;
}

export const compare = (a: StoredEvent, b: StoredEvent): number =>
  a.timestamp - b.timestamp || a.ingestionTime - b.ingestionTime || a.put - b.put;

/** Index of the first event at or behind the place. */
export function placeOf(events: readonly StoredEvent[], isBefore: (event: StoredEvent) => boolean): number {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const event = events[middle];
    if (event !== undefined && isBefore(event)) low = middle + 1;
    else high = middle;
  }
  return low;
}
