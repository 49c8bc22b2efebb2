// A node: only its name, region and accelerator.

import { type JsonObject, objectAt, textAt } from '../../base/json.ts';
import { versionOf } from './event-record.ts';
import { acceleratorIn } from './gpu.ts';

export interface NodeRecord {
  readonly kind: 'node';
  readonly name: string;
  readonly version: number;
  readonly region: string | undefined;
  /** As the label writes it. */
  readonly accelerator: string | undefined;
}

export function nodeRecord(node: JsonObject): NodeRecord | undefined {
  const metadata = objectAt(node, 'metadata');
  const name = textAt(metadata, 'name');
  if (name === undefined) return undefined;
  const labels = objectAt(metadata, 'labels');
  return {
    kind: 'node',
    name,
    version: versionOf(metadata),
    region: regionOf(labels),
    accelerator: acceleratorIn(labels),
  };
}

/** The label's names since 1.17 and before. */
export const regionOf = (labels: JsonObject): string | undefined =>
  textAt(labels, 'topology.kubernetes.io/region') ??
  textAt(labels, 'failure-domain.beta.kubernetes.io/region');
