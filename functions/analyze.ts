// Lambda: tells what has become final since the last run.

import { analyzeFunction } from '../lib/analyze-function.ts';
import { analyzeEvent, readEvent } from '../lib/function-events.ts';
import { handlerFor } from './handler.ts';

export const handler = handlerFor({
  name: 'analyze',
  run: async (given, world) => {
    const event = readEvent(analyzeEvent, given);
    return event.ok ? analyzeFunction(world) : event;
  },
});
