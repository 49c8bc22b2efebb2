// Attributes of which some may be unknown: what is not known is left out.

import type { Attributes, AttributeValue } from '../model/trace.ts';

/** The pairs that have a value. Absent, null, empty text and empty lists are "not known", never "unknown". */
export function known(pairs: Readonly<Record<string, AttributeValue | null | undefined>>): Attributes {
  const kept: Record<string, AttributeValue> = {};
  for (const [key, value] of Object.entries(pairs)) {
    if (isKnown(value)) kept[key] = value;
  }
  return kept;
}

function isKnown(value: AttributeValue | null | undefined): value is AttributeValue {
  if (value === undefined || value === null || value === '') return false;
  if (typeof value === 'number') return Number.isFinite(value);
  return !Array.isArray(value) || value.length > 0;
}
