// Lengths of time that limits are made of.

import { type Duration, duration, SECOND } from '../../base/instant.ts';

export const minutes = (n: number): Duration => duration(BigInt(n) * 60n * SECOND);

export const hours = (n: number): Duration => minutes(n * 60);

export const days = (n: number): Duration => hours(n * 24);

/** No limit is known for any kind of point. */
export const ANY_TIME = { histogram: {}, counter: {}, gauge: {} } as const;
