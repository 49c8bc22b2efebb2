// Secrets in objects: by the name of what holds them, at any depth, also as JSON in a string.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../lib/base/json.ts';
import { hasSecretName } from '../../lib/base/redact.ts';
import { redactObject } from '../../lib/base/redact-object.ts';

const SECRET = 'zq81canary';

describe('redactObject hides', () => {
  it.each<[string, JsonObject]>([
    ['an environment variable', { env: [{ name: 'HF_TOKEN', value: SECRET }] }],
    ['one that ends in KEY', { env: [{ name: 'OPENAI_KEY', value: SECRET }] }],
    ['a header of a probe', { httpHeaders: [{ name: 'Authorization', value: SECRET }] }],
    ['the value after an option', { args: ['serve', '--api-key', SECRET] }],
    ['an option with its value', { args: [`--hf-token=${SECRET}`] }],
    ['an export in a script', { command: ['sh', '-c', `set -e\nexport WANDB_TOKEN=${SECRET}\nrun`] }],
    ['an annotation by its name', { metadata: { annotations: { 'db-password': SECRET } } }],
    ['JSON in an annotation', { a: JSON.stringify({ env: [{ name: 'MY_SECRET', value: SECRET }] }) }],
    ['JSON in JSON', { a: JSON.stringify({ b: JSON.stringify([{ name: 'x-token', value: SECRET }]) }) }],
    ['a URL with a password', { env: [{ name: 'UPSTREAM', value: `redis://me:${SECRET}@host:6379` }] }],
    ['a message', { message: `login failed: token=${SECRET}` }],
  ])('%s', (_title, object) => {
    expect(JSON.stringify(redactObject(object))).not.toContain(SECRET);
  });
});

describe('redactObject leaves', () => {
  it.each<[string, JsonObject]>([
    ['model and port', { args: ['--model', 'org/name', '--port', '8000'] }],
    ['a number of tokens', { env: [{ name: 'MAX_NUM_BATCHED_TOKENS', value: '8192' }] }],
    ['which label a toleration means', { tolerations: [{ key: 'nvidia.com/gpu', operator: 'Exists' }] }],
    ['which label an affinity means', { matchExpressions: [{ key: 'gpu', operator: 'In', values: ['l4'] }] }],
    ['a flag without a value', { args: ['--enable-auth', '--port', '1'] }],
    ['an instant, a count, nothing', { startedAt: '2026-11-22T01:00:00Z', n: 1, x: null, y: true }],
  ])('%s', (_title, object) => {
    expect(redactObject(object)).toEqual(object);
  });
});

describe('redactObject', () => {
  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const once = redactObject(object as JsonObject);
        expect(redactObject(once)).toEqual(once);
      }),
    );
  });

  it.each([
    ['HF_TOKEN', true],
    ['apiKey', true],
    ['db.password', true],
    ['TOKENIZER', false],
    ['MONKEY', false],
    ['MODEL_NAME', false],
    ['author', false],
  ])('%s names a secret: %s', (name, expected) => {
    expect(hasSecretName(name)).toBe(expected);
  });
});
