// The headers of the destination from a secret: a JSON object of them, or `name=value,name=value`.
//
// Values are keys: a message names the header, never its value.

import { secretName } from './aws/secret-name.ts';
import { isObject, parseJson } from './base/json.ts';
import { failed, ok, type Result } from './base/result.ts';
import { readHeaders } from './exporters/otlp-headers.ts';
import type { Env } from './terminal.ts';

const VARIABLE = 'OTEL_EXPORTER_OTLP_HEADERS';

/** What HTTP can carry. A key that was pasted with its newline, or with a smiley, is refused before anything is sent. */
const CARRIED = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;

/** The environment with the secret's headers in it; those that the environment itself names stay. */
export function withSecretHeaders(env: Env, secret: string, arn: string): Result<Env, string> {
  const from = `COLDTRACE_OTLP_SECRET ${secretName(arn)}`;
  const text = headersText(secret);
  if (!text.ok) return failed(`${from}: ${text.error}`);
  const checked = readHeaders(from, text.value);
  if (!checked.ok) return checked;
  if (Object.keys(checked.value).length === 0)
    return failed(`${from}: expected at least one header, got none`);
  const own = (env[VARIABLE] ?? '').trim();
  return ok({ ...env, [VARIABLE]: own === '' ? text.value : `${text.value},${own}` });
}

/** As the variable has them. */
function headersText(secret: string): Result<string, string> {
  if (!secret.trimStart().startsWith('{'))
    return isCarried(secret)
      ? ok(secret)
      : failed('expected name=value,name=value, got a line end in it or a character that HTTP cannot carry');
  const parsed = parseJson(secret);
  if (!parsed.ok || !isObject(parsed.value))
    return failed('expected a JSON object of headers, got broken JSON');
  const items: string[] = [];
  for (const [name, value] of Object.entries(parsed.value)) {
    if (typeof value !== 'string')
      return failed(`header ${shown(name)}: expected a text, got something else`);
    if (!isCarried(value))
      return failed(
        `header ${shown(name)}: expected a value that HTTP can carry, got one with a line end or such a character`,
      );
    items.push(`${name}=${encodeURIComponent(value)}`);
  }
  return ok(items.join(','));
}

const isCarried = (text: string): boolean => CARRIED.test(text);

/** A secret that was written the wrong way round has its value as a name. */
const shown = (name: string): string =>
  /^[A-Za-z][A-Za-z-]{0,39}$/.test(name) ? `'${name}'` : 'of its object';
