// Logs of buckets as sources: the client, the budget that all of them share.

import type { RemoteDeps } from './remote-types.ts';
import { upToNow } from './remote-window.ts';
import type { S3LogsConfig } from './s3-logs-types.ts';
import type { Source } from './sources/index.ts';
import { newMeter } from './sources/s3-logs/meter.ts';
import { bucketBudget, patientBucket } from './sources/s3-logs/patient.ts';
import { REACH } from './sources/s3-logs/window.ts';
import { s3Logs } from './sources/s3-logs.ts';

/** The budget is one; what a place has cost is counted by itself. The SDK is loaded only here. */
export async function s3LogSources(config: S3LogsConfig, deps: RemoteDeps): Promise<readonly Source[]> {
  const { signal, now, sleep, random } = deps;
  const { bucketApi } = await import('./s3-client.ts');
  const api = bucketApi({ region: config.region, endpoint: config.endpoint, signal });
  const budget = bucketBudget({ now, sleep });
  const reach = config.late === undefined ? REACH : { ...REACH, lateness: config.late };
  return config.places.map((place) => {
    const meter = newMeter();
    const patience = { sleep, signal, random };
    const access = { api: patientBucket(api, { budget, meter, patience }), meter, signal };
    return s3Logs(access, { ...place, ...upToNow(config, now()), reach });
  });
}
