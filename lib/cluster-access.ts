// How `collect` gets into a cluster that is configured: EKS by its own token, any other by a kubeconfig.

import { Agent } from 'node:https';
import type { ClusterFound } from './aws/describe-cluster.ts';
import type { Credentials } from './aws/signed-url.ts';
import { after, type Instant } from './base/instant.ts';
import { ok, type Result } from './base/result.ts';
import type { ClusterSetting } from './clusters-setting.ts';
import { endpointFor, regionOf } from './function-settings.ts';
import type { FunctionWorld } from './function-types.ts';
import { freshSecret } from './open-function.ts';
import type { KubeAccess } from './sources/kubernetes.ts';

type World = Pick<FunctionWorld, 'env' | 'now' | 'secrets'>;

/** The error says what is missing; of the cluster itself nothing is asked yet. */
export function accessTo(cluster: ClusterSetting, world: World): Promise<Result<KubeAccess, string>> {
  return cluster.kubeconfigSecret === undefined
    ? eksAccess(cluster, world)
    : kubeconfigAccess(cluster, cluster.kubeconfigSecret, world);
}

/** Read anew in each run: a kubeconfig has tokens that run out. */
async function kubeconfigAccess(
  { context }: ClusterSetting,
  arn: string,
  world: World,
): Promise<Result<KubeAccess, string>> {
  const secret = await freshSecret(arn, world);
  if (!secret.ok) return secret;
  const { kubeAccess } = await import('./sources/kube/kube-config.ts');
  return kubeAccess({ text: secret.value, files: [], named: false, context, inCluster: false });
}

async function eksAccess(setting: ClusterSetting, world: World): Promise<Result<KubeAccess, string>> {
  const { usualCredentials } = await import('./aws/credentials.ts');
  const eks: Eks = {
    cluster: setting.eksName ?? setting.name,
    region: setting.region ?? regionOf(world.env),
    credentials: usualCredentials(),
  };
  const found = await foundCluster(setting, eks, world);
  if (!found.ok) return found;
  const { server, ca } = found.value;
  return ok({
    server: server.replace(/\/$/, ''),
    context: setting.name,
    namespace: 'default',
    options: optionsOf({ agent: new Agent({ keepAlive: true, ca }), eks, now: world.now }),
  });
}

interface Eks {
  readonly cluster: string;
  readonly region: string;
  readonly credentials: Credentials;
}

async function foundCluster(
  { endpoint, ca }: ClusterSetting,
  eks: Eks,
  { env, now }: World,
): Promise<Result<ClusterFound, string>> {
  const { describeCluster, pemOf } = await import('./aws/describe-cluster.ts');
  if (endpoint !== undefined && ca !== undefined) return ok({ server: endpoint, ca: pemOf(ca) });
  return describeCluster({ ...eks, at: now(), endpoint: endpointFor(env, 'EKS') });
}

interface Knocking {
  readonly agent: Agent;
  readonly eks: Eks;
  readonly now: () => Instant;
}

/** A list of many pages outlives a token: it is made anew in good time. */
function optionsOf({ agent, eks, now }: Knocking): KubeAccess['options'] {
  let kept: { readonly token: string; readonly until: Instant } | undefined;
  return async () => {
    const { eksToken, TOKEN_LIFE } = await import('./aws/eks-token.ts');
    const at = now();
    if (kept === undefined || at >= kept.until)
      kept = { token: await eksToken({ ...eks, at }), until: after(at, TOKEN_LIFE) };
    return { agent, headers: { Authorization: `Bearer ${kept.token}` } };
  };
}
