// Lambda: the slices that `backfill` has put on the queue.

import { workFunction } from '../lib/work-function.ts';
import { handlerFor } from './handler.ts';

export const handler = handlerFor({ name: 'work', run: workFunction, answersFailure: true });
