// Lambda: pods, events and nodes of the configured clusters into the store, before the clusters forget them.

import { collectFunction } from '../lib/collect-function.ts';
import { handlerFor } from './handler.ts';

export const handler = handlerFor({ name: 'collect', run: collectFunction });
