// A window with what may lie around it.

import { after, before, type Duration } from './base/instant.ts';
import type { Slice } from './ledger/window.ts';

/** A start that ends in a window may have begun long before, and goes on being told after it. */
export const around = ({ from, to }: Slice, margin: Duration): Slice => ({
  from: before(from, margin),
  to: after(to, margin),
});
