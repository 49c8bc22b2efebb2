// YAML in tests: as JSON would have it.

import { loadAll } from 'js-yaml';

/** Every document; throws where the text is no YAML. */
export const documentsIn = (text: string) => loadAll(text).map((one) => JSON.parse(JSON.stringify(one)));

/** The only document. */
export function documentIn(text: string) {
  const [only, ...more] = documentsIn(text);
  if (more.length > 0) throw new Error(`expected one YAML document, got ${more.length + 1}`);
  return only;
}
