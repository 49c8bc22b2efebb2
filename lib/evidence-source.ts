// The evidence store as a source: what `collect` has kept of each cluster, as the streams that it is read in.

import { instant } from './base/instant.ts';
import { failed, ok, type Result } from './base/result.ts';
import { readEvidence } from './ledger/evidence.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { Slice } from './ledger/window.ts';
import type { ByteStream, Source, SourceProblem } from './sources/index.ts';

const FOLDER = 'v1/evidence/';

const DAY = 86_400_000_000_000n;

/** One stream per cluster. A batch that is broken is copied aside, told, and left out; a listing that fails is told, too. */
export function evidenceSource(ledger: Ledger, window: Slice): Source {
  const late: SourceProblem[] = [];
  return {
    name: 'evidence',
    async *open() {
      const clusters = await clustersIn(ledger);
      if (clusters.ok)
        for (const cluster of clusters.value)
          yield streamOf(ledger, cluster, { window: fromMidnight(window), late });
      else yield problemOf(ledger, clusters.error, 'evidence.unreadable');
    },
    afterwards: () => late,
  };
}

/** Each day of evidence begins with all that was there: what has not changed since stands only at its beginning. */
const fromMidnight = ({ from, to }: Slice): Slice => ({ from: instant(from - (from % DAY)), to });

/** By their names in keys: the key after the last one of a cluster begins the next. */
async function clustersIn({ store }: Ledger): Promise<Result<readonly string[], string>> {
  const found: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = await store.list(FOLDER, { limit: 1, ...(after !== undefined && { after }) });
    if (page.status === 'failed') return failed(page.reason);
    const [key] = page.keys;
    if (key === undefined) return ok(found);
    const cluster = key.slice(FOLDER.length).split('/')[0] ?? '';
    found.push(cluster);
    // '0' is the character behind '/'.
    after = `${FOLDER}${cluster}0`;
  }
}

interface Reading {
  readonly window: Slice;
  readonly late: SourceProblem[];
}

const streamOf = (ledger: Ledger, cluster: string, reading: Reading): ByteStream => ({
  kind: 'stream',
  where: `${ledger.store.name}, evidence of ${cluster}`,
  name: `evidence/${cluster}`,
  identity: {},
  previous: false,
  modified: undefined,
  size: 0,
  hasSize: false,
  asked: true,
  chunks: (onRead) => chunksOf(ledger, cluster, { ...reading, onRead }),
});

async function* chunksOf(
  ledger: Ledger,
  cluster: string,
  { window, late, onRead }: Reading & { readonly onRead: ((bytes: number) => void) | undefined },
): AsyncIterable<Buffer> {
  for await (const batch of readEvidence(ledger, cluster, window)) {
    if (batch.status === 'failed') late.push(problemOf(ledger, batch.reason, 'evidence.unreadable'));
    if (batch.status === 'unreadable')
      late.push(problemOf(ledger, `${batch.key}: ${batch.reason}`, 'evidence.corrupt'));
    if (batch.status !== 'lines') continue;
    const bytes = Buffer.from(batch.text);
    onRead?.(bytes.length);
    yield bytes;
  }
}

const problemOf = ({ store }: Ledger, came: string, what: string): SourceProblem => ({
  kind: 'problem',
  where: store.name,
  expected: 'the evidence that collect has stored',
  came,
  asked: true,
  what,
});
