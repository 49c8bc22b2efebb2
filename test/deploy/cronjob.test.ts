// deploy/kubernetes/cronjob.yaml: its arguments are a command line that is understood, and its role may only list.

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { instant } from '../../lib/base/instant.ts';
import { parseCommandLine } from '../../lib/command-line.ts';
import { resolveConfig } from '../../lib/config.ts';
import { documentsIn } from '../yaml.ts';

const documents = documentsIn(readFileSync('deploy/kubernetes/cronjob.yaml', 'utf8'));
const one = (kind: string) => documents.find((document) => document.kind === kind);
const pod = one('CronJob').spec.jobTemplate.spec.template.spec;
const [container] = pod.containers;

it('has arguments and variables that make a configuration', () => {
  const command = parseCommandLine(container.args);
  if (!command.ok) throw new Error(command.error.message);
  const env = Object.fromEntries(
    container.env.map(({ name, value }: { name: string; value: string }) => [name, value]),
  );
  const terminal = { stdout: false, stderr: false, columns: undefined };
  expect(resolveConfig(command.value, { env, terminal, now: instant(0n) })).toMatchObject({
    ok: true,
    value: {
      command: 'collect',
      live: { allNamespaces: true },
      store: { kind: 's3', bucket: 'my-bucket', prefix: 'coldtrace/', region: 'eu-west-1' },
      trace: { clusterName: 'my-cluster' },
    },
  });
});

it('runs as the account that its binding names, and that may only list', () => {
  const account = { kind: 'ServiceAccount', name: pod.serviceAccountName, namespace: 'coldtrace' };
  expect(one('ClusterRoleBinding').subjects).toEqual([account]);
  expect(one('ServiceAccount').metadata).toMatchObject({
    name: pod.serviceAccountName,
    namespace: 'coldtrace',
  });
  expect(one('ClusterRoleBinding').roleRef.name).toBe(one('ClusterRole').metadata.name);
  const verbs = one('ClusterRole').rules.flatMap((rule: { verbs: readonly string[] }) => rule.verbs);
  expect(new Set(verbs)).toEqual(new Set(['list']));
});

it('the image starts what the build makes', () => {
  const dockerfile = readFileSync('deploy/kubernetes/Dockerfile', 'utf8');
  expect(dockerfile).toContain('COPY dist /coldtrace\n');
  expect(dockerfile).toContain('ENTRYPOINT ["node", "/coldtrace/coldtrace.mjs"]');
});
