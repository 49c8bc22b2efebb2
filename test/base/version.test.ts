// One version, said in two places.

import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { VERSION } from '../../lib/base/version.ts';

it('is that of package.json', async () => {
  const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
  expect(JSON.parse(text)).toMatchObject({ version: VERSION });
});
