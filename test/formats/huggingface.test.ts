// Downloads from the hub: bars and exceptions.

import { describe, expect, test } from 'vitest';
import { says } from './says.ts';

describe('weights on their way', () => {
  test.each([
    'Fetching 4 files:  25%|██▌       | 1/4 [00:21<01:05, 21.92s/it]',
    '(EngineCore_DP0 pid=7) Fetching 4 files: 100%|██████████| 4/4 [01:27<00:00, 21.92s/it]',
    'Downloading shards:  50%|█████     | 1/2 [00:21<00:21, 21.3s/it]',
    'Downloading (…)of-00002.safetensors:  12%|█▏        | 1.19G/9.98G [00:10<01:15, 116MB/s]',
    'model-00001-of-00002.safetensors: 100%|██████████| 4.98G/4.98G [00:42<00:00, 117MB/s]',
    'model.safetensors:   0%|          | 0.00/988M [00:00<?, ?B/s]',
    'pytorch_model.bin:  46%|████▌     | 4.58G/9.98G [00:39<00:46, 117MB/s]',
    'consolidated.safetensors:   3%|▎         | 413M/14.5G [00:03<02:01, 116MB/s]',
  ])('%s', (line) => {
    expect(says(line)).toEqual(['during weights_download']);
  });

  test.each([
    'config.json: 100%|██████████| 666/666 [00:00<00:00, 5.1MB/s]',
    'tokenizer.json: 100%|██████████| 9.09M/9.09M [00:00<00:00, 21MB/s]',
    'Downloading (…)okenizer_config.json: 100%|██████████| 1.2k/1.2k [00:00<00:00, 5.1MB/s]',
    'Downloading transformers-4.51.0-py3-none-any.whl (10.4 MB)',
    'Downloading hf_xet-1.1.2-cp37-abi3-manylinux_2_17_x86_64.whl (5.2 MB)',
    'model.safetensors.index.json: 100%|██████████| 23.9k/23.9k [00:00<00:00, 5.1MB/s]',
    'model loaded: 100%',
    'Fetching cubin 4de7',
  ])('not weights: %s', (line) => {
    expect(says(line)).toEqual([]);
  });
});

describe('why a model could not be had', () => {
  test.each([
    [
      "huggingface_hub.errors.HFValidationError: Repo id must be in the form 'repo_name' or 'namespace/repo_name': '/srv/m'.",
      'model_not_found',
    ],
    [
      'huggingface_hub.utils._errors.RepositoryNotFoundError: 404 Client Error. (Request ID: Root=1-67f0)',
      'model_not_found',
    ],
    ['huggingface_hub.errors.GatedRepoError: 401 Client Error. (Request ID: Root=1-67f0)', 'model_not_found'],
    [
      'huggingface_hub.errors.LocalEntryNotFoundError: An error happened while trying to locate the file on the Hub',
      'download_failed',
    ],
    [
      'huggingface_hub.errors.HfHubHTTPError: 429 Client Error: Too Many Requests for url: https://huggingface.co/api',
      'download_failed',
    ],
    [
      "OSError: Repo id must be in the form 'repo_name' or 'namespace/repo_name': '/srv/m'. Use `repo_type` argument if needed.",
      'model_not_found',
    ],
    ['OSError: You are trying to access a gated repo.', 'model_not_found'],
    [
      "OSError: no/such is not a local folder and is not a valid model identifier listed on 'https://huggingface.co/models'",
      'model_not_found',
    ],
    ["OSError: We couldn't connect to 'https://huggingface.co' to load the files", 'download_failed'],
  ])('%s', (line, cause) => {
    expect(says(line)).toEqual([`failed ${cause}`]);
    expect(says(`(EngineCore pid=7) ERROR 11-22 01:30:00 [core.py:1510] ${line}`)).toEqual([
      `failed ${cause}`,
    ]);
  });
});
