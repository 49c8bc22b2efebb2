// Image references as registries write them.

import { expect, it } from 'vitest';
import { imageName } from '../../lib/telemetry/image-name.ts';

it.each([
  ['vllm/vllm-openai:v0.11.0', 'vllm/vllm-openai', 'v0.11.0'],
  ['vllm/vllm-openai', 'vllm/vllm-openai', undefined],
  ['localhost:5000/vllm', 'localhost:5000/vllm', undefined],
  ['localhost:5000/vllm:v1', 'localhost:5000/vllm', 'v1'],
  ['a.dkr.ecr.us-west-2.amazonaws.com/vllm@sha256:0123', 'a.dkr.ecr.us-west-2.amazonaws.com/vllm', undefined],
  ['vllm:v1@sha256:0123', 'vllm', 'v1'],
])('%s', (reference, name, tag) => {
  expect(imageName(reference)).toEqual({ name, tag });
});
