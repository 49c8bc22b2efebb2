// Lambda, on demand: plans a window of the past and puts its slices on the queue of `work`.

import { backfillFunction } from '../lib/backfill-function.ts';
import { handlerFor } from './handler.ts';

export const handler = handlerFor({ name: 'backfill', run: backfillFunction });
