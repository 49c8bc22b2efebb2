// Where the API server is and who asks it: kubeconfig files, contexts, credential plugins, in-cluster.
//
// The one file that loads @kubernetes/client-node; only asking a live cluster loads it.
// Of the package only KubeConfig is used: what it knows of clusters, TLS and credentials.
// Requests are made by ./send.ts, which sees status, headers and bytes as they come.

import { existsSync } from 'node:fs';
import { Agent, type RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node';
import { failed, ok, type Result } from '../../base/result.ts';
import type { KubeAccess } from './access.ts';

export interface ConfigWanted {
  /** A kubeconfig itself (from a secret): then no file is looked for. */
  readonly text?: string;
  /** In order of weight: what the first says of a name holds, as kubectl has it. */
  readonly files: readonly string[];
  /** True when the user named the files: then one that is not there is an error. */
  readonly named: boolean;
  /** Undefined: the current one. */
  readonly context: string | undefined;
  /** Whether the variables of a pod that runs in the cluster are there. */
  readonly inCluster: boolean;
}

/** The error says what was looked for and what to do. */
export function kubeAccess(wanted: ConfigWanted): Result<KubeAccess, string> {
  try {
    const config = loaded(wanted);
    return config.ok ? accessOf(config.value, wanted) : config;
  } catch (error) {
    // What the parser says may repeat what it read.
    if (wanted.text !== undefined) return failed('expected the text of a kubeconfig, got something else');
    return failed(
      `expected a kubeconfig in ${wanted.files.join(', ')}, got ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function loaded({ text, files, named, inCluster }: ConfigWanted): Result<KubeConfig, string> {
  if (text !== undefined) return ok(fromText(text));
  const there = files.filter((file) => existsSync(file));
  const [lost] = files.filter((file) => !there.includes(file));
  if (named && lost !== undefined)
    return failed(`--kubeconfig: expected a file, got ${lost}, which is not there`);
  if (there.length > 0) return ok(merged(there.map(fromFile)));
  if (inCluster) return ok(fromCluster());
  return failed(
    `expected a kubeconfig, got none: looked for ${files.join(', ') || '$KUBECONFIG and ~/.kube/config'}, and this is no pod of a cluster.\n  Name one with --kubeconfig FILE; for EKS it is made by: aws eks update-kubeconfig --name CLUSTER`,
  );
}

function fromText(text: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(text);
  return config;
}

function fromFile(file: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromFile(file);
  return config;
}

function fromCluster(): KubeConfig {
  const config = new KubeConfig();
  config.loadFromCluster();
  return config;
}

/** The package's own mergeConfig throws when two files have one name; kubectl takes the first. */
function merged(all: readonly KubeConfig[]): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: firstOfEachName(all.flatMap(({ clusters }) => clusters)),
    users: firstOfEachName(all.flatMap(({ users }) => users)),
    contexts: firstOfEachName(all.flatMap(({ contexts }) => contexts)),
    currentContext: all.map(({ currentContext }) => currentContext).find((name) => Boolean(name)),
  });
  return config;
}

function firstOfEachName<T extends { readonly name: string }>(items: readonly T[]): readonly T[] {
  const known = new Map<string, T>();
  for (const item of items) if (!known.has(item.name)) known.set(item.name, item);
  return [...known.values()];
}

function accessOf(config: KubeConfig, { context: named, files }: ConfigWanted): Result<KubeAccess, string> {
  const names = config.getContexts().map(({ name }) => name);
  const context = named ?? config.getCurrentContext();
  if (names.length === 0)
    return failed(`expected a kubeconfig in ${files.join(', ')}, got something without any context`);
  if (!context)
    return failed(`the kubeconfig has no current context: choose one with --context ${names.join(' | ')}`);
  if (!names.includes(context))
    return failed(`--context: expected one of ${names.join(', ')}, got '${context}'`);
  config.setCurrentContext(context);
  const cluster = config.getCurrentCluster();
  if (cluster === null)
    return failed(`context ${context}: expected a cluster that the kubeconfig describes, got none`);
  return ok({
    server: cluster.server.endsWith('/') ? cluster.server.slice(0, -1) : cluster.server,
    context,
    namespace: config.getContextObject(context)?.namespace ?? 'default',
    options: optionsOf(config, cluster.proxyUrl !== undefined),
  });
}

/** Asked before every request, since tokens are renewed; connections are kept as long as the certificates stay the same. */
function optionsOf(config: KubeConfig, hasProxy: boolean): KubeAccess['options'] {
  let kept: { readonly agent: Agent; readonly key: string } | undefined;
  return async () => {
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    const isTls = config.getCurrentCluster()?.server.startsWith('https:') === true;
    if (hasProxy || !isTls) return options;
    const { ca, cert, key, servername, rejectUnauthorized } = options;
    const print = [ca, cert, key, servername, rejectUnauthorized].map(String).join('\0');
    if (kept?.key !== print) kept = { agent: keptAlive(options), key: print };
    return { ...options, agent: kept.agent };
  };
}

/** The package makes an agent for each request, which would greet the server anew each time. */
function keptAlive({ ca, cert, key, servername, rejectUnauthorized }: RequestOptions): Agent {
  return new Agent({
    keepAlive: true,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(servername === undefined ? {} : { servername }),
    ...(rejectUnauthorized === undefined ? {} : { rejectUnauthorized }),
  });
}
