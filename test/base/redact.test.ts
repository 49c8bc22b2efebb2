// What is replaced before a line is kept, and what must stay readable.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redact } from '../../lib/base/redact.ts';

describe('stays as it is', () => {
  it.each([
    'max_num_batched_tokens=8192, max_num_seqs=256',
    "tokenizer='meta-llama/Llama-3.1-8B', tokenizer_mode=auto, skip_tokenizer_init=False",
    'GPU KV cache size: 262,144 tokens',
    'Maximum concurrency for 8,192 tokens per request: 32.00x',
    'Avg prompt throughput: 1.2 tokens/s, Avg generation throughput: 20.5 tokens/s',
    'Using the default token of the tokenizer',
    'the token was refused',
    "'api_key': None, 'hf_token': None, token=True",
    'long_prefill_token_threshold=0, num_lookahead_tokens: 4',
    "eos_token='</s>', 'pad_token': '<|endoftext|>', bos_token_id=1",
    'secrets are kept elsewhere',
    'password authentication is off',
    'Loading weights took 12.34 seconds',
    'http://localhost:8000/v1/models?limit=10',
    's3://bucket/models/llama/model-00001-of-00004.safetensors',
    'File "/usr/lib/python3.12/site-packages/huggingface_hub/utils/_auth.py", line 7, in get_token',
    'basic auth is not configured; bearer tokens are accepted',
    'INFO 11-22 02:05:28 [core.py:61] init engine (profile, create kv cache, warmup model) took 57.01 seconds',
    'sha256:1fc39cf7dec0be3a9cc67ce52dbeb09f8709f529350f6d8bbaef1a7e210a40c8',
  ])('%s', (text) => expect(redact(text)).toBe(text));
});

describe('loses its value', () => {
  it.each([
    ["{'api_key': 'abc', 'port': 8000}", "{'api_key': [redacted], 'port': 8000}"],
    ["{'api_key': ['a', 'b'], 'port': 8000}", "{'api_key': [redacted], 'port': 8000}"],
    ['Namespace(hf_token="abc", port=8000)', 'Namespace(hf_token=[redacted], port=8000)'],
    ["{'api_key': \"it's\", 'port': 8000}", "{'api_key': [redacted], 'port': 8000}"],
    ["{'api_key': 'a\\'b c', 'port': 8000}", "{'api_key': [redacted], 'port': 8000}"],
    ['export HF_TOKEN=abc; vllm serve', 'export HF_TOKEN=[redacted]; vllm serve'],
    ['AWS_SECRET_ACCESS_KEY=abc/def+ghi', 'AWS_SECRET_ACCESS_KEY=[redacted]'],
    ['Authorization: Bearer abc.def', 'Authorization: [redacted]'],
    ['--api-key abc --port 8000', '--api-key [redacted] --port 8000'],
    ["['--api-key', 'abc', '--port']", "['--api-key', [redacted], '--port']"],
    ['{"password":"abc"}', '{"password":[redacted]}'],
    ['{\\"password\\":\\"abc\\"}', '{\\"password\\":[redacted]}'],
    ['https://user:abc@host/x', 'https://[redacted]@host/x'],
    ['redis://:p:abc@redis:6379/0', 'redis://[redacted]@redis:6379/0'],
    [
      'https://s3/k?X-Amz-Date=1&X-Amz-Signature=abc&x=1',
      'https://s3/k?X-Amz-Date=1&X-Amz-Signature=[redacted]&x=1',
    ],
    ['https://g/o?X-Goog-Signature=abc', 'https://g/o?X-Goog-Signature=[redacted]'],
    ['key AKIAIOSFODNN7EXAMPLE is bad', 'key [redacted] is bad'],
    ['token hf_abcdefghijklmnopqrstuvwx', 'token [redacted]'],
    ['Bearer abcdefghijklmnop1234 was refused', 'Bearer [redacted] was refused'],
    [
      '-----BEGIN RSA PRIVATE KEY-----MIIE-----END RSA PRIVATE KEY-----',
      '-----BEGIN RSA PRIVATE KEY-----[redacted]-----END RSA PRIVATE KEY-----',
    ],
    ["api_key='abc cut off here", 'api_key=[redacted]'],
  ])('%s', (text, safe) => expect(redact(text)).toBe(safe));
});

describe('redact', () => {
  it('once is enough', () => {
    const piece = fc.constantFrom(
      "api_key='x'",
      'token=',
      'Bearer ',
      'https://',
      'u:p@h',
      '"',
      "'",
      ' ',
      '--hf-token',
      '[',
      ']',
      'a1',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const once = redact(pieces.join(''));
        expect(redact(redact(once))).toBe(redact(once));
      }),
    );
  });

  it.each([
    ['quotes', `api_key='${"\\'".repeat(20_000)}`],
    ['keys', 'api_key='.repeat(10_000)],
    ['words', `${'a_'.repeat(50_000)}token`],
    ['schemes', 'Bearer%20'.repeat(5_000)],
    ['hosts', 'https://'.repeat(10_000)],
    ['brackets', `token=${'['.repeat(50_000)}`],
  ])('a long line of %s takes no time', (_what, text) => {
    const started = process.cpuUsage();
    redact(text);
    expect(process.cpuUsage(started).user).toBeLessThan(1_500_000);
  });
});
