// Kubeconfigs as people have them: several files, contexts, a credential plugin, none at all.

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { kubeAccess } from '../../../lib/sources/kube/kube-config.ts';

const directory = mkdtempSync(join(tmpdir(), 'coldtrace-kubeconfig-'));

afterAll(() => rmSync(directory, { recursive: true }));

const file = (name: string, text: string): string => {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
};

const config = (name: string, more: Readonly<Record<string, unknown>> = {}): string =>
  file(
    name,
    JSON.stringify({
      'current-context': name,
      clusters: [
        { name: 'c', cluster: { server: `https://${name}.example:6443/`, 'insecure-skip-tls-verify': true } },
      ],
      users: [{ name: 'u', user: { token: `token-of-${name}` } }],
      contexts: [{ name, context: { cluster: 'c', user: 'u', namespace: `space-of-${name}` } }],
      ...more,
    }),
  );

const ask = (files: readonly string[], context?: string, named = false) =>
  kubeAccess({ files, named, context, inCluster: false });

describe('kubeAccess', () => {
  it('server, namespace and token of the current context', async () => {
    const access = ask([config('a')]);
    expect(access).toMatchObject({
      ok: true,
      value: { server: 'https://a.example:6443', context: 'a', namespace: 'space-of-a' },
    });
    const options = access.ok ? await access.value.options() : {};
    expect(options).toMatchObject({
      headers: { Authorization: 'Bearer token-of-a' },
      rejectUnauthorized: false,
    });
  });

  it('of several files the first has its say where two have one name; files that are not there are passed over', () => {
    const files = ['/nonexistent', config('a'), config('b')];
    expect(ask(files)).toMatchObject({ value: { context: 'a' } });
    expect(ask(files, 'b')).toMatchObject({
      value: { namespace: 'space-of-b', server: 'https://a.example:6443' },
    });
  });

  it('connections are kept from one request to the next', async () => {
    const access = ask([config('a')]);
    if (!access.ok) throw new Error(access.error);
    const [first, second] = [await access.value.options(), await access.value.options()];
    expect(first.agent).toBe(second.agent);
  });

  it('a credential plugin is run, and one that fails says why', async () => {
    const plugin = file('plugin', '#!/bin/sh\necho \'{"status":{"token":"from-plugin"}}\'\n');
    const broken = file('broken', '#!/bin/sh\necho "SSO session has expired" >&2; exit 255\n');
    for (const path of [plugin, broken]) chmodSync(path, 0o755);
    const withPlugin = (command: string) =>
      config('p', {
        users: [{ name: 'u', user: { exec: { apiVersion: 'client.authentication.k8s.io/v1', command } } }],
      });
    const good = ask([withPlugin(plugin)]);
    expect(good.ok && (await good.value.options()).headers).toEqual({ Authorization: 'Bearer from-plugin' });
    const bad = ask([withPlugin(broken)]);
    await expect(bad.ok && bad.value.options()).rejects.toThrow('SSO session has expired');
  });

  it.each([
    [
      'no file at all',
      () => ask([]),
      /expected a kubeconfig, got none: looked for \$KUBECONFIG and ~\/\.kube\/config/,
    ],
    ['none of the usual ones', () => ask(['/nonexistent/config']), /looked for \/nonexistent\/config/],
    [
      'a named one that is not there',
      () => ask(['/nonexistent'], undefined, true),
      /--kubeconfig: expected a file, got \/nonexistent/,
    ],
    ['an unknown context', () => ask([config('a')], 'z'), /--context: expected one of a, got 'z'/],
    [
      'no current context',
      () => ask([config('a', { 'current-context': '' })]),
      /no current context: choose one with --context a/,
    ],
    [
      'a context without its cluster',
      () => ask([config('a', { clusters: [] })]),
      /context a: expected a cluster/,
    ],
    ['something else', () => ask([file('log', 'INFO: started\n')]), /expected a kubeconfig in .*log/],
    ['nothing in it', () => ask([file('empty', '')]), /expected a kubeconfig in .*empty/],
    ['broken YAML', () => ask([file('yaml', 'a: [')]), /expected a kubeconfig in .*yaml/],
  ])('%s: says what was expected', (_title, tried, says) => {
    const access = tried();
    expect(access.ok ? '' : access.error).toMatch(says);
  });
});
