// What --store says, with what the environment says of AWS.

import { type StorePlace, storePlaceOf } from './open-store.ts';
import type { Env } from './terminal.ts';

const EXPECTED = '--store: expected a folder, or s3://bucket/prefix';

/** The variables are those of the AWS SDK; an endpoint that is not AWS takes the bucket in its path. */
export function storeOf(store: string, env: Env): StorePlace | undefined {
  const endpoint = env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL'] || undefined;
  return storePlaceOf(store, regionOf(env), endpoint);
}

export function storeComplaints(store: string | undefined, env: Env): readonly string[] {
  if (store === undefined) return [`${EXPECTED}, got none`];
  const place = storeOf(store, env);
  if (place === undefined) return [`${EXPECTED}, got '${store}'`];
  return place.kind === 's3' && place.region === ''
    ? ['AWS_REGION: expected the region of the bucket, got none']
    : [];
}

const regionOf = (env: Env): string => env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || '';
