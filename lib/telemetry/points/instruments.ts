// The instruments: names, units, labels and buckets, as data.
//
// The names and labels are the seed's. `startup.phase` and `startup.attempts`
// are ours: every phase under one name, and how starts end.

import type { Instrument } from '../../model/metric.ts';

/** A measured value, and which attributes of the startup it is told by. */
export interface InstrumentSpec extends Instrument {
  readonly labels: readonly string[];
  /** Upper bounds of the buckets; none: a counter. */
  readonly bounds?: readonly number[];
}

/** 0.1 s to 1 h: no bucket is wider than 2.5 times its lower bound, and most are within 1.5. */
export const SECONDS_BOUNDS: readonly number[] = [
  0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 420, 600, 900, 1200, 1800, 2700,
  3600,
];

/** 10 Mbit/s to 400 Gbit/s, the fastest network interface of a GPU instance in one direction of eight. */
export const MEGABITS_BOUNDS: readonly number[] = [
  10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 200_000, 400_000,
];

const DOWNLOAD_LABELS = ['endpoint_name', 'model_name', 'region'];

export const INSTRUMENTS = {
  download: seconds('download', 'Download of the model weights by s5cmd', DOWNLOAD_LABELS),
  throughput: {
    name: 'startup.download.throughput_mbps',
    unit: 'Mbit/s',
    says: 'Megabits per second of the download; only where the bytes are known',
    labels: DOWNLOAD_LABELS,
    bounds: MEGABITS_BOUNDS,
  },
  vllmInit: seconds('vllm_init', 'vLLM: banner or arguments line to engine ready', [
    'endpoint_name',
    'model_name',
    'gpu_type',
    'num_gpus',
  ]),
  total: seconds('total', 'The whole start of what became ready', [
    'endpoint_name',
    'model_name',
    'gpu_type',
  ]),
  podPending: seconds('pod_pending', 'Pod created to scheduled', ['endpoint_name', 'namespace']),
  imagePull: seconds('image_pull', "Pull of the main container's image; only what was really pulled", [
    'endpoint_name',
    'image_tag',
  ]),
  phase: seconds('phase', 'Each phase of a start, by its name', ['phase', 'model_name', 'gpu_type']),
  attempts: {
    name: 'startup.attempts',
    unit: '{attempt}',
    says: 'Attempts to start, by how they ended',
    labels: ['endpoint_name', 'model_name', 'outcome'],
  },
} as const satisfies Readonly<Record<string, InstrumentSpec>>;

/** On points of computed or borrowed lengths, beside the labels of the instrument. */
export const CERTAINTY_LABEL = 'startup.certainty';

function seconds(what: string, says: string, labels: readonly string[]): InstrumentSpec {
  return { name: `startup.${what}.duration_seconds`, unit: 's', says, labels, bounds: SECONDS_BOUNDS };
}
