// Every envelope that coldtrace opens, the most specific first.

import { awsLogsTail } from './aws-logs-tail.ts';
import { cloudLogging } from './cloud-logging.ts';
import { cloudwatch } from './cloudwatch.ts';
import { compose } from './compose.ts';
import type { Framing, Grouping } from './contract.ts';
import { cri } from './cri.ts';
import { dated } from './dated.ts';
import { dockerJson } from './docker-json.ts';
import { fluentBit } from './fluent-bit.ts';
import { journald } from './journald.ts';
import { journaldJson } from './journald-json.ts';
import { jsonDocument } from './json-document.ts';
import { jsonLogging } from './json-logging.ts';
import { kubectlPrefix } from './kubectl-prefix.ts';
import { lokiLabels } from './loki-labels.ts';
import { otlpJson } from './otlp-json.ts';
import { stern } from './stern.ts';
import { timestamped } from './timestamped.ts';
import { torchserve } from './torchserve.ts';
import { vector } from './vector.ts';

/** In the order in which they are tried; no line belongs to two of them. */
export const framings: readonly Framing[] = [
  cri,
  dockerJson,
  otlpJson,
  journaldJson,
  cloudLogging,
  vector,
  fluentBit,
  cloudwatch,
  jsonLogging,
  kubectlPrefix,
  compose,
  journald,
  awsLogsTail,
  timestamped,
  torchserve,
  dated,
  stern,
  lokiLabels,
];

/** Documents whose entries spread over several lines. */
export const groupings: readonly Grouping[] = [jsonDocument];
