// Destinations echo what they were sent: no reason may hold a header's value.

import { redact } from '../base/redact.ts';
import type { OtlpSettings } from './otlp-settings.ts';
import type { Answer, Send } from './sender.ts';

export function discreet<Item>(send: Send<Item>, secrets: readonly string[]): Send<Item> {
  return async (batch): Promise<Answer> => {
    const answer = await send(batch);
    return { ...answer, reason: masked(answer.reason, secrets) };
  };
}

export const masked = (text: string, secrets: readonly string[]): string =>
  redact(secrets.reduce((left, secret) => left.replaceAll(secret, '[redacted]'), text));

/** Each value, and the part of it that follows `Bearer`; longest first, so that none hides another. */
export function secretsOf({ headers }: Pick<OtlpSettings, 'headers'>): readonly string[] {
  const values = Object.values(headers).flatMap((value) => [value, value.slice(value.lastIndexOf(' ') + 1)]);
  return [...new Set(values)].filter((value) => value.length >= 4).sort((a, b) => b.length - a.length);
}
