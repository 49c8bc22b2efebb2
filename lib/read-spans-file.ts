// A file of OTLP traces as evidence: vLLM's own spans, and what was wrong with it.

import type { Counter } from './base/tally.ts';
import type { Identity } from './model/log-run.ts';
import type { NativeSpan } from './model/native-span.ts';
import { readSpans } from './native-spans/index.ts';
import type { Problem } from './pipeline-types.ts';
import type { ByteStream } from './sources/index.ts';

interface SpansFile {
  readonly push: (chunk: Buffer) => void;
  readonly end: () => {
    readonly isEvidence: boolean;
    readonly spans: readonly NativeSpan[];
    readonly problems: readonly Problem[];
  };
}

export function spansFile(
  { where, identity }: ByteStream,
  context: { readonly counter: Counter; readonly identity: Identity },
): SpansFile {
  const reader = readSpans({ identity: { ...context.identity, ...identity }, counter: context.counter });
  return {
    push: reader.push,
    end: () => {
      const { spans, came } = reader.end();
      return {
        isEvidence: spans.length > 0,
        spans,
        problems: came === undefined ? [] : [broken(where, came)],
      };
    },
  };
}

const broken = (where: string, came: string): Problem => ({
  where,
  expected: 'OTLP traces in JSON, one export request per line or one document',
  came,
  what: 'spans.unreadable',
  asked: true,
});
