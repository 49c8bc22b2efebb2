// Who is asked, and for what, when a live cluster is: the kubeconfig, the choice of pods.

import { delimiter, join } from 'node:path';
import type { Result } from './base/result.ts';
import type { LiveConfig } from './live-types.ts';
import type { KubeAccess } from './sources/kube/access.ts';
import type { PodChoice } from './sources/kube/lists.ts';
import type { Env } from './terminal.ts';

/** Loaded only here: the package behind it costs 0.1 s. */
export async function connected(
  { kubeconfig, context }: LiveConfig,
  env: Env,
): Promise<Result<KubeAccess, string>> {
  const { kubeAccess } = await import('./sources/kube/kube-config.ts');
  return kubeAccess({
    files: kubeconfig === undefined ? usualFiles(env) : [kubeconfig],
    named: kubeconfig !== undefined,
    context,
    inCluster: (env['KUBERNETES_SERVICE_HOST'] ?? '') !== '',
  });
}

function usualFiles(env: Env): readonly string[] {
  const named = (env['KUBECONFIG'] ?? '').split(delimiter).filter((file) => file !== '');
  if (named.length > 0) return named;
  const home = env['HOME'] ?? env['USERPROFILE'] ?? '';
  return home === '' ? [] : [join(home, '.kube', 'config')];
}

export function choiceOf(
  { name, namespace, allNamespaces, selector }: LiveConfig,
  access: KubeAccess,
): PodChoice {
  const chosen = allNamespaces ? undefined : (namespace ?? access.namespace);
  return { name, selector, namespace: chosen };
}

export function lookedFor({ name, namespace, selector }: PodChoice, { context }: KubeAccess): string {
  const what =
    name === undefined ? `pods${selector === undefined ? '' : ` with ${selector}`}` : `a pod ${name}`;
  const where = namespace === undefined ? 'any namespace' : `namespace ${namespace}`;
  return `${what} in ${where} (context ${context})`;
}
