// A node: only its name, its region, its accelerator and its cluster.

import { type JsonObject, objectAt, textAt } from '../../base/json.ts';
import { clusterOfNode } from './cluster-name.ts';
import { versionOf } from './event-record.ts';
import { acceleratorIn } from './gpu.ts';
import { nodeRegion } from './region.ts';

export interface NodeRecord {
  readonly kind: 'node';
  readonly name: string;
  readonly version: number;
  readonly region: string | undefined;
  /** As the label writes it. */
  readonly accelerator: string | undefined;
  readonly cluster: string | undefined;
}

export function nodeRecord(node: JsonObject): NodeRecord | undefined {
  const metadata = objectAt(node, 'metadata');
  const name = textAt(metadata, 'name');
  if (name === undefined) return undefined;
  return {
    kind: 'node',
    name,
    version: versionOf(metadata),
    region: nodeRegion(node),
    accelerator: acceleratorIn(objectAt(metadata, 'labels')),
    cluster: clusterOfNode(node),
  };
}
