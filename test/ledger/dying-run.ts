// One run against a real store and a real destination, which may die at a given step: `dying-run.ts '{"place":…,"dieBefore":7}'`.
//
// A step is a request to the store or to the destination. Dying is kill -9, by its own hand.

import { duration, type Instant, instant, SECOND } from '../../lib/base/instant.ts';
import type { ObjectStore } from '../../lib/ledger/contract.ts';
import type { ExportKey } from '../../lib/ledger/export-entry.ts';
import type { SendOutcome, Shipment } from '../../lib/ledger/export-once.ts';
import { type Place, storeAt } from './places.ts';
import { PODS, type RunEnd, wholeRun } from './whole-run.ts';

export interface DyingRun {
  readonly place: Place;
  readonly sink: string;
  readonly run: string;
  /** Seconds since the epoch: the clock stands still. */
  readonly now: number;
  /** Counted from 1. */
  readonly dieBefore?: number;
}

export interface Told {
  readonly end: RunEnd;
  /** Every step, in order. */
  readonly steps: readonly string[];
}

/** Counts steps, and dies. */
function counting(dieBefore: number | undefined) {
  const steps: string[] = [];
  const step = <T>(label: string, act: () => Promise<T>): Promise<T> => {
    steps.push(label);
    if (steps.length === dieBefore) process.kill(process.pid, 'SIGKILL');
    return act();
  };
  return { steps, step };
}

type Step = ReturnType<typeof counting>['step'];

const stepped = (store: ObjectStore, step: Step): ObjectStore => ({
  name: store.name,
  get: (key) => step(`get ${key}`, () => store.get(key)),
  create: (key, body) => step(`create ${key}`, () => store.create(key, body)),
  replace: (key, body, tag) => step(`replace ${key}`, () => store.replace(key, body, tag)),
  remove: (key, tag) => step(`remove ${key}`, () => store.remove(key, tag)),
  list: (prefix, page) => step(`list ${prefix}`, () => store.list(prefix, page)),
});

async function post(sink: string, { signal }: ExportKey, { parts }: Shipment): Promise<SendOutcome> {
  try {
    const response = await fetch(`${sink}/${signal}`, { method: 'POST', body: JSON.stringify(parts) });
    await response.text();
    return response.ok ? { status: 'delivered' } : { status: 'refused', reason: `HTTP ${response.status}` };
  } catch (error) {
    return { status: 'unknown', reason: String(error) };
  }
}

export async function dyingRun({ place, sink, run, now, dieBefore }: DyingRun): Promise<Told> {
  const { steps, step } = counting(dieBefore);
  const at: Instant = instant(BigInt(now) * SECOND);
  let writes = 0;
  const newId = () => {
    writes += 1;
    return `${run}/${writes}`;
  };
  const end = await wholeRun(
    { store: stepped(storeAt(place), step), run, now: () => at, newId },
    {
      source: 'logs',
      terms: { ttl: duration(60n * SECOND), skew: duration(5n * SECOND) },
      policy: { replaces: true, onAmbiguous: 'count' },
      pods: PODS,
      send: (key, shipment) => step(`send ${key.uid} ${key.signal}`, () => post(sink, key, shipment)),
    },
  );
  return { end, steps };
}

if (process.argv[2] !== undefined && process.argv[1]?.endsWith('dying-run.ts') === true)
  process.stdout.write(JSON.stringify(await dyingRun(JSON.parse(process.argv[2]) as DyingRun)));
