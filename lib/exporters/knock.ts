// Knocks at a destination: an export request of nothing, which is answered like any other and leaves nothing behind.

import { masked, secretsOf } from './discreet.ts';
import type { OtlpSettings } from './otlp-settings.ts';
import { shownUrl } from './otlp-url.ts';
import { stockSender } from './stock-sender.ts';

export interface Knocked {
  /** Where, without secrets. */
  readonly at: string;
  readonly isOpen: boolean;
  /** What was answered, when that was not plain success. */
  readonly says: string;
}

export async function knock(settings: OtlpSettings): Promise<Knocked> {
  const sender = stockSender(settings);
  const answer = await sender.send([]);
  await sender.close();
  const says = masked(answer.reason, secretsOf(settings));
  return { at: shownUrl(settings.url), isOpen: answer.kind === 'accepted', says };
}
