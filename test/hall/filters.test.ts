// Label selectors as kubectl understands them, and the window of time.

import { describe, expect, it } from 'vitest';
import { instant } from '../../lib/base/instant.ts';
import { keepStartup, matchesSelector } from '../../lib/filters.ts';
import { READY } from '../reports/handmade.ts';
import { evidenceOf, replayed } from './replayed.ts';

const LABELS = { app: 'llama', tier: 'prod', 'app.kubernetes.io/name': 'vllm', empty: '' };

describe('matchesSelector', () => {
  it.each([
    ['app=llama', true],
    ['app==llama', true],
    ['app = llama', true],
    ['app=qwen', false],
    ['app!=qwen', true],
    ['app!=llama', false],
    ['gone!=x', true],
    ['gone=x', false],
    ['app=llama,tier=prod', true],
    ['app=llama,tier=test', false],
    ['app=llama, tier!=test', true],
    ['app', true],
    ['gone', false],
    ['!gone', true],
    ['!app', false],
    ['! gone', true],
    ['app in (llama,qwen)', true],
    ['app in (llama, qwen),tier', true],
    ['app in (qwen)', false],
    ['app notin (qwen, phi)', true],
    ['app notin (llama)', false],
    ['gone notin (x)', true],
    ['app.kubernetes.io/name=vllm', true],
    ['empty=', true],
    ['app=', false],
    ['', true],
  ])('%j: %s', (selector, expected) => expect(matchesSelector(selector, LABELS)).toBe(expected));

  it('a pod without labels matches only what asks for none', () => {
    expect(matchesSelector('app=llama')).toBe(false);
    expect(matchesSelector('app!=llama')).toBe(true);
  });
});

describe('keepStartup', () => {
  const { start, end } = READY;
  it.each([
    ['no window', {}, true],
    ['since before it', { since: start.at }, true],
    ['since its very end', { since: end.at }, true],
    ['since after it', { since: instant(end.at + 1n) }, false],
    ['until after it', { until: end.at }, true],
    ['until its very start', { until: start.at }, false],
    ['until before it', { until: instant(start.at - 1n) }, false],
  ])('%s', (_what, filters, kept) => expect(keepStartup(filters, READY)).toBe(kept));
});

describe('filters, on real pods', () => {
  const names = async (filters: object) =>
    (await replayed([evidenceOf('oom'), evidenceOf('crashloop')], { filters })).startups.map(
      ({ pod, attempt }) => `${pod.name}#${attempt}`,
    );

  it.each([
    [{ pod: 'oom-never' }, ['oom-never#0']],
    [{ namespace: 's-d-crashloop' }, ['demo#0', 'demo#1', 'demo#2', 'demo#3']],
    [{ namespace: 's-e-oom', pod: 'demo' }, []],
    [{ pod: '9e5a0c46-9817-45f5-b2b8-4a6dd37f0002' }, ['oom-never#0']],
    [{ selector: 'no-such-label' }, []],
  ])('%j', async (filters, expected) => expect(await names(filters)).toEqual(expected));
});
