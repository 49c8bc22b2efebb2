// COLDTRACE_CLUSTERS: which clusters `collect` asks, and how it gets in.

import * as z from 'zod';
import { parseJson } from './base/json.ts';
import { failed, ok, type Result } from './base/result.ts';
import { readEvent } from './function-events.ts';

const name = z.string({ error: 'a name' }).regex(/^[\w][\w.-]{0,99}$/, {
  error: 'a name: letters, digits, hyphens, dots and underscores, at most 100',
});

const BASE64 = /^[A-Za-z0-9+/=]{16,40000}$/;

const clusterSchema = z
  .strictObject(
    {
      name,
      /** The EKS name, where it is not `name`. */
      eksName: name.exactOptional(),
      region: z
        .string({ error: 'a region' })
        .regex(/^[a-z]{2}[a-z0-9-]{1,30}$/, { error: 'a region such as eu-west-1' })
        .exactOptional(),
      endpoint: z
        .string({ error: 'the URL of an API server' })
        .regex(/^https:\/\/[\w.-]{1,253}(?::\d{1,5})?\/?$/, {
          error: 'the URL of an API server: https://host:port',
        })
        .exactOptional(),
      /** certificateAuthority.data, as EKS tells it. */
      ca: z
        .string({ error: 'base64 of PEM' })
        .regex(BASE64, { error: 'base64 of PEM, as EKS tells it' })
        .exactOptional(),
      kubeconfigSecret: z
        .string({ error: 'the ARN of a secret' })
        .regex(/^arn:[\w-]{1,20}:secretsmanager:[\w-]{1,30}:\d{12}:secret:[\w/+=.@-]{1,512}$/, {
          error: 'the ARN of a secret',
        })
        .exactOptional(),
      context: name.exactOptional(),
      namespaces: z.array(name, { error: 'a list of namespaces' }).min(1).max(100).exactOptional(),
    },
    { error: 'an object with a name' },
  )
  .refine(({ endpoint, ca }) => (endpoint === undefined) === (ca === undefined), {
    error: 'endpoint and ca together, or neither',
  });

export type ClusterSetting = z.infer<typeof clusterSchema>;

const clustersSchema = z
  .array(clusterSchema, { error: 'a list of clusters' })
  .min(1, { error: 'at least one cluster' })
  .max(50, { error: 'at most 50 clusters' })
  .refine((all) => new Set(all.map((each) => each.name)).size === all.length, {
    error: 'each name once',
  });

/** `prod,staging` (clusters of EKS in the function's region), or a JSON list that says more of each. */
export function readClusters(given: string): Result<readonly ClusterSetting[], string> {
  const from = 'COLDTRACE_CLUSTERS';
  if (!given.trimStart().startsWith('[')) {
    const names = given.split(',').map((each) => ({ name: each.trim() }));
    return readEvent(clustersSchema, names, from);
  }
  const parsed = parseJson(given);
  if (!parsed.ok) return failed(`${from}: expected names with commas, or a JSON list, got broken JSON`);
  const read = readEvent(clustersSchema, parsed.value, from);
  return read.ok ? ok(read.value) : read;
}
