// The same questions to a bucket, asked patiently: within the budget, again when S3 is busy, and counted.

import { type Clock, type RateBudget, rateBudget } from '../aws/budget.ts';
import { type Patience, trying } from '../aws/trying.ts';
import type { BucketApi } from './api.ts';
import type { Meter } from './meter.ts';

type Rated = 'list' | 'get';

export type BucketBudget = RateBudget<Rated>;

/** S3 takes 5,500 reads a second for each prefix: this is a guard, and what SlowDown halves. */
export const bucketBudget = (clock: Clock): BucketBudget => rateBudget(clock, { list: 50, get: 200 });

export interface Asking {
  readonly budget: BucketBudget;
  readonly meter: Meter;
  readonly patience: Patience;
}

const BUSY = new Set([
  'SlowDown',
  'ServiceUnavailable',
  'ThrottlingException',
  'TooManyRequests',
  'RequestLimitExceeded',
]);

export function patientBucket(api: BucketApi, asking: Asking): BucketApi {
  const { meter } = asking;
  const common = { ...asking, busy: BUSY, count: meter.count, name: 's3_calls' };
  return {
    region: api.region,
    list: (question) =>
      trying({ ...common, call: 'list' }, () => {
        meter.count('s3_calls.list_objects');
        return api.list(question);
      }),
    get: (question) =>
      trying({ ...common, call: 'get' }, () => {
        meter.count('s3_calls.get_object');
        return api.get(question);
      }),
  };
}
