// Takes spans and points of many attempts to their destination, and says of each attempt what became of its own.

import { createHash } from 'node:crypto';
import type { Destination } from './deliver.ts';
import type { ExportSettings } from './export-settings.ts';
import type { Delivery, Exporter, Outcome, PointPart } from './exporters/contract.ts';
import { DESTINATIONS } from './exporters/destinations/index.ts';
import { EXPORTERS, openPoints } from './exporters/index.ts';
import type { Patience } from './exporters/retrying.ts';
import type { SendOutcome } from './ledger/export-once.ts';
import type { Ledger } from './ledger/ledger.ts';
import { type KnownSeries, keepSeries, readSeries } from './ledger/series-ends.ts';
import { type MetricPoint, seriesOf } from './model/metric.ts';
import type { PodTrace } from './model/trace.ts';
import { mergePoints } from './telemetry/points/merge-points.ts';

/** Of one attempt: its spans, or its points and its root span. */
export type Cargo =
  | { readonly signal: 'spans'; readonly trace: PodTrace }
  | { readonly signal: 'metrics'; readonly points: readonly MetricPoint[]; readonly root: string };

export interface Shipping {
  /** Stable, and without secrets: what the ledger calls it. */
  readonly name: string;
  /** One outcome per cargo, in their order. Never throws. */
  readonly deliver: (cargos: readonly Cargo[]) => Promise<readonly SendOutcome[]>;
  readonly close: () => Promise<void>;
}

export interface ShippingDeps {
  readonly ledger: Ledger;
  readonly patience: Patience;
}

type Open = Exclude<Destination, undefined>;

/** Nothing is sent before `deliver`. */
export async function shippingTo(
  { traces, metrics }: Open,
  settings: ExportSettings,
  { ledger, patience }: ShippingDeps,
): Promise<Shipping> {
  const { serviceName, clusterName } = settings.trace;
  const resource = {
    'service.name': serviceName,
    ...(clusterName !== undefined && { 'k8s.cluster.name': clusterName }),
  };
  const forTraces =
    traces && (await EXPORTERS['otlp-http']({ settings: traces, patience, say: () => undefined }));
  const forPoints = metrics && (await openPoints({ settings: metrics, patience, resource }));
  const name = nameOf(settings.sending.destination, [traces?.url, metrics?.url]);
  const keeps = DESTINATIONS[settings.sending.destination].points?.keeps;
  const line = forPoints && (keeps === 'accumulated' ? adding(forPoints, ledger, name) : forPoints.deliver);
  return {
    name,
    deliver: async (cargos) => {
      const told = [...(await deliverSpans(forTraces, cargos)), ...(await deliverPoints(line, cargos))];
      const charges = new Map(told.map((each) => [each, chargesOf(each, cargos)]));
      return cargos.map((cargo) =>
        outcomeOf(cargo, { told, chargeOf: (each) => charges.get(each)?.get(cargo) ?? 0 }),
      );
    },
    close: async () => {
      await forTraces?.close();
      await forPoints?.close();
    },
  };
}

/** Another address is another destination, which was told nothing yet; another password is not. */
function nameOf(destination: string, urls: readonly (string | undefined)[]): string {
  const hash = createHash('sha256').update(urls.map(withoutPassword).join('\0')).digest('hex').slice(0, 8);
  return `${destination}-${hash}`;
}

function withoutPassword(text: string | undefined): string {
  const url = URL.parse(text ?? '');
  return url === null ? (text ?? '') : `${url.protocol}//${url.host}${url.pathname}${url.search}`;
}

/** What came of one batch, and of whom it was. */
interface Told {
  readonly signal: Cargo['signal'];
  readonly outcome: Outcome;
  readonly items: number;
  /** Trace ids, or root spans. */
  readonly of: ReadonlySet<string>;
}

async function deliverSpans(
  exporter: Exporter | undefined,
  cargos: readonly Cargo[],
): Promise<readonly Told[]> {
  const traces = cargos.flatMap((cargo) => (cargo.signal === 'spans' ? [cargo.trace] : []));
  if (exporter === undefined || traces.length === 0) return [];
  const deliveries = await exporter.deliver(traces);
  return deliveries.map((outcome) => ({
    signal: 'spans',
    outcome,
    items: outcome.spans,
    of: new Set<string>(outcome.traces),
  }));
}

type Line = (points: readonly MetricPoint[]) => Promise<readonly Delivery<PointPart>[]>;

async function deliverPoints(line: Line | undefined, cargos: readonly Cargo[]): Promise<readonly Told[]> {
  const points = cargos.flatMap((cargo) => (cargo.signal === 'metrics' ? cargo.points : []));
  if (line === undefined || points.length === 0) return [];
  const deliveries = await line(points);
  return deliveries.map((outcome) => ({
    signal: 'metrics',
    outcome,
    items: outcome.points,
    of: new Set<string>(outcome.startups),
  }));
}

/** Points that are added up there: merged into one per series, each joining the one before. */
function adding(exporter: Exporter<readonly MetricPoint[], PointPart>, ledger: Ledger, name: string): Line {
  let known: KnownSeries | undefined;
  const notSent = (points: readonly MetricPoint[], reason: string): readonly Delivery<PointPart>[] => [
    {
      status: 'retryable',
      reason,
      points: points.length,
      startups: points.flatMap(({ startups }) => startups),
    },
  ];
  return async (points) => {
    const read = known ?? (await readSeries(ledger, name));
    if (read.status !== 'known') return notSent(points, `where the series ended: ${read.reason}`);
    const merged = mergePoints(points, { ...read, now: ledger.now() });
    const ends = new Map(merged.map((point) => [seriesOf(point), point.end]));
    const kept = await keepSeries(ledger, name, { known: read, ends });
    known = kept.status === 'known' ? kept : undefined;
    if (kept.status !== 'known')
      return notSent(points, kept.status === 'conflict' ? 'another run is sending there' : kept.reason);
    return exporter.deliver(merged);
  };
}

const isIn = (cargo: Cargo, { signal, of }: Told): boolean => {
  const mark = cargo.signal === 'spans' ? cargo.trace.spans[0]?.traceId : cargo.root;
  return signal === cargo.signal && mark !== undefined && of.has(mark);
};

interface Round {
  readonly told: readonly Told[];
  readonly chargeOf: (told: Told) => number;
}

/** A batch says how many of it were refused, not whose: the first in it are charged, none beyond its size, so that sums are right. */
function chargesOf(told: Told, cargos: readonly Cargo[]): ReadonlyMap<Cargo, number> {
  const charges = new Map<Cargo, number>();
  let left = lossOf(told);
  for (const cargo of cargos.filter((each) => isIn(each, told))) {
    const charge = Math.min(left, sizeOf(cargo));
    charges.set(cargo, charge);
    left -= charge;
  }
  return charges;
}

export const sizeOf = (cargo: Cargo): number =>
  cargo.signal === 'spans' ? cargo.trace.spans.length : cargo.points.length;

function lossOf({ outcome, items }: Told): number {
  if (outcome.status === 'partial') return outcome.rejected;
  return outcome.status === 'refused' ? items : 0;
}

/** What the batches that an attempt was in come to for it. */
function outcomeOf(cargo: Cargo, { told, chargeOf }: Round): SendOutcome {
  const own = told.filter((each) => isIn(cargo, each));
  if (own.length === 0) return { status: 'unsent', reason: `nothing was told of these ${cargo.signal}` };
  const arrived = own.some(({ outcome: { status } }) => status === 'delivered' || status === 'partial');
  const unsettled = own.map(({ outcome }) => outcome).filter(isOpen);
  // What nobody knows of outweighs what surely did not arrive: sent again as a whole, it might be counted twice.
  const open = unsettled.find(({ status }) => status === 'ambiguous') ?? unsettled[0];
  if (open === undefined) return settledOf(own, arrived, chargeOf);
  const { reason } = open;
  if (cargo.signal === 'metrics' && (open.status === 'ambiguous' || arrived))
    return { status: 'unknown', reason };
  const later = open.status === 'retryable' ? open.after : undefined;
  const shut = open.status === 'refused' ? { isShut: true as const } : {};
  return { status: 'unsent', reason, ...shut, ...(later !== undefined && { after: later }) };
}

type Unsettled = Extract<Outcome, { status: 'retryable' | 'ambiguous' | 'refused' | 'skipped' }>;

/** Not over: to be sent later, or nobody knows. */
const isOpen = (outcome: Outcome): outcome is Unsettled =>
  outcome.status === 'retryable' ||
  outcome.status === 'ambiguous' ||
  outcome.status === 'skipped' ||
  (outcome.status === 'refused' && outcome.shut === true);

function settledOf(own: readonly Told[], arrived: boolean, chargeOf: Round['chargeOf']): SendOutcome {
  const losses = own.flatMap((each) => {
    const { outcome } = each;
    if (outcome.status !== 'partial' && outcome.status !== 'refused') return [];
    return [{ count: chargeOf(each), reason: outcome.reason }];
  });
  const [first] = losses;
  if (first === undefined) return { status: 'delivered' };
  const rejected = losses.reduce((sum, { count }) => sum + count, 0);
  return arrived
    ? { status: 'partial', rejected, reason: first.reason }
    : { status: 'refused', reason: first.reason };
}
