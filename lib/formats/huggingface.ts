// Downloads from the Hugging Face hub inside vLLM: bars while they run, exceptions when they cannot.
//
// Only weight files count as weights_download: config.json and the tokenizer
// come during configuration, in a second. Bars are tqdm's, without a clock.

import type { Cause } from '../model/mark.ts';
import type { LogFormat, MarkSpec, Printed, Rule } from './contract.ts';

const UNDER_WAY: readonly MarkSpec[] = [{ kind: 'during', phase: 'weights_download' }];

const hub = (file: string, from = '0.13'): Printed => ({ program: 'huggingface_hub', file, from });

/** ` 25%|██▌ …`: how every tqdm bar goes on behind its description. */
const BAR = ': {1,6}\\d{1,3}%\\|';

const WEIGHTS = '\\.(?:safetensors|bin|pth?|gguf|msgpack)';

type Bar = readonly [name: string, literal: string, rest: string, example: string];

const BARS: readonly Bar[] = [
  // snapshot_download: all files of the pattern; 0.5 s of cache look-up print it too.
  [
    'fetching',
    'Fetching ',
    `\\d{1,6} files${BAR}`,
    'Fetching 4 files:  25%|██▌       | 1/4 [00:21<01:05, 21.92s/it]',
  ],
  ['shards', 'Downloading shards', BAR, 'Downloading shards:  50%|█████     | 1/2 [00:21<00:21, 21.3s/it]'],
  // hub 0.13 to 0.15 cut long names from the left: `Downloading (…)of-00002.safetensors`.
  [
    'downloading',
    'Downloading ',
    `(?!shards)[^:]{1,90}${WEIGHTS}["']?${BAR}`,
    'Downloading (…)of-00002.safetensors:  12%|█▏        | 1.19G/9.98G [00:10<01:15, 116MB/s]',
  ],
  [
    'model',
    'model',
    `[\\w.-]{0,60}${WEIGHTS}${BAR}`,
    'model-00001-of-00002.safetensors: 100%|██████████| 4.98G/4.98G [00:42<00:00, 117MB/s]',
  ],
  [
    'pytorch_model',
    'pytorch_model',
    `[\\w.-]{0,60}${WEIGHTS}${BAR}`,
    'pytorch_model-00001-of-00002.bin:  46%|████▌     | 4.58G/9.98G [00:39<00:46, 117MB/s]',
  ],
  [
    'consolidated',
    'consolidated',
    `[\\w.-]{0,60}${WEIGHTS}${BAR}`,
    'consolidated.safetensors:   3%|▎         | 413M/14.5G [00:03<02:01, 116MB/s]',
  ],
  [
    'shortened',
    '(…)',
    `[^:]{1,80}${WEIGHTS}${BAR}`,
    '(…)wen2.5-7b-instruct-q4_k_m-00001.gguf:  46%|████▌     | 2.1G/4.6G [00:18<00:21, 117MB/s]',
  ],
  // hub 1.x with xet: one bar for all bytes.
  [
    'incomplete_total',
    'Downloading (incomplete total...)',
    BAR,
    'Downloading (incomplete total...):  34%|███▍      | 5.2G/15.2G [00:44<01:25, 118MB/s]',
  ],
];

function bar([name, literal, rest, example]: Bar): Rule {
  return {
    id: `huggingface.${name}`,
    printed: hub('huggingface_hub/utils/tqdm.py'),
    files: [],
    literal,
    pattern: new RegExp(`^${escaped(literal)}${rest}`),
    example,
    marks: UNDER_WAY,
  };
}

const escaped = (text: string): string => text.replace(/[.()]/g, '\\$&');

type Failure = readonly [name: string, classes: string, cause: Cause, example: string];

/** Exception classes of huggingface_hub; the dotted path before them changed with 0.25. */
const FAILURES: readonly Failure[] = [
  [
    'not_found',
    'RepositoryNotFoundError|RevisionNotFoundError|EntryNotFoundError|RemoteEntryNotFoundError|HFValidationError',
    'model_not_found',
    'RepositoryNotFoundError: 404 Client Error. (Request ID: Root=1-67f0)',
  ],
  [
    // Without a token a private or gated model answers 401 or 403.
    'gated',
    'GatedRepoError|DisabledRepoError',
    'model_not_found',
    'GatedRepoError: 401 Client Error. (Request ID: Root=1-67f0)',
  ],
  [
    'hub_unreachable',
    'LocalEntryNotFoundError|OfflineModeIsEnabled|HfHubHTTPError|FileMetadataError',
    'download_failed',
    'LocalEntryNotFoundError: An error happened while trying to locate the file on the Hub and we cannot find the requested files in the local cache.',
  ],
];

/** Where the classes live: errors.py since 0.25, utils/_errors.py and utils/_validators.py before. */
const MODULE = 'huggingface_hub\\.(?:errors|utils\\._errors|utils\\._validators)\\.';

function failure([name, classes, cause, example]: Failure): Rule {
  return {
    id: `huggingface.${name}`,
    printed: hub('huggingface_hub/errors.py'),
    files: ['*'],
    literal: 'huggingface_hub.',
    pattern: new RegExp(`^${MODULE}(?:${classes})(?::|$)`),
    example: `huggingface_hub.errors.${example}`,
    marks: [{ kind: 'failed', cause, root: true }],
  };
}

export const huggingface: LogFormat = {
  name: 'huggingface',
  says: 'Downloads from the Hugging Face hub by vLLM itself: progress bars, and why a model could not be had.',
  rules: [...BARS.map(bar), ...FAILURES.map(failure)],
};
