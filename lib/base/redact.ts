// Secrets are replaced before a line is kept as evidence.
//
// vLLM prints its whole command line ("non-default args: {'api_key': 'sk-…'}"),
// shells echo `export HF_TOKEN=…`, curl echoes headers. Only the value goes.

const MASK = '[redacted]';

/** Names of keys whose value is a secret; matched inside longer names (hf_token, AWS_SECRET_ACCESS_KEY). */
const KEY =
  '(?:api[-_ ]?keys?|access[-_ ]?key(?:[-_ ]?id)?|secret(?:[-_ ]?\\w{1,20})?|password|passwd|passphrase|credentials?|authorization|(?:set-)?cookie|private[-_ ]?key|session[-_ ]?token|(?:hf|hugging_?face(?:_hub)?|auth|bearer|access|refresh|id|github|gitlab|wandb)?[-_]?token|x-api-key)';

/** A quote, also as JSON inside JSON has it. */
const QUOTE = '\\\\{0,4}["\']';

/** A list; a scheme and its credentials; a quoted text with escapes, which may have lost its end; a bare word. */
const VALUE =
  '(?<value>\\[[^\\]]{1,2000}\\]?|(?:Bearer|Basic|Token)(?:\\s{1,4}|%20)[^\\s"\',}]{1,4000}|\\\\{1,4}"[^"]{1,4000}"?|"(?:[^"\\\\]|\\\\.){1,4000}"?|\'(?:[^\'\\\\]|\\\\.){1,4000}\'?|[^\\s"\',;&)}\\]]{1,4000})';

/** key=value, key: value, 'key': ['value', …], with any quoting; the key may be the end of a longer name. */
const PAIR = new RegExp(
  `(?<head>(?<![A-Za-z0-9])(?:[\\w-]{1,40}[_-])?${KEY}(?:${QUOTE})?\\s{0,2}[:=]\\s{0,2})${VALUE}`,
  'gi',
);

/** --key value, '--key', 'value': only an option takes its value after a blank. */
const OPTION = new RegExp(`(?<head>--(?:[\\w-]{1,40}[_-])?${KEY}(?:${QUOTE})?,?\\s{1,2})${VALUE}`, 'gi');

/** A scheme with credentials of its own, without the header's name in front. */
const SCHEME = /(?<=\b(?:Bearer|Basic)(?: |%20))(?=[^\s"',}]*\d)[\w.~+/=%-]{16,4000}/g;

/** Shapes that are secrets wherever they stand. */
const SHAPES =
  /(?<![\w-])(?:hf_[A-Za-z0-9]{16,80}|sk-[A-Za-z0-9_-]{16,200}|(?:AKIA|ASIA)[A-Z0-9]{16}|gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255}|xox[abpr]-[A-Za-z0-9-]{10,255}|nvapi-[A-Za-z0-9_-]{16,200}|eyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,4000})/g;

/** What follows the head of a PEM block, to its foot or the end of the line. */
const PEM = /(?<=-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----)[^-]{1,8000}/g;

/** Presigned URLs (AWS, Google, Azure) and user:password@host. */
const URL_SECRETS =
  /(?<=[?&](?:X-(?:Amz|Goog)-(?:Signature|Credential|Security-Token)|Signature|sig|AWSAccessKeyId|GoogleAccessId|token)=)[^&\s"']{1,4000}/gi;
const USERINFO = /(?<=\b[a-z][a-z0-9+.-]{1,20}:\/\/)[^\s/@"']{1,512}(?=@)/gi;

/** `<|endoftext|>` is what a tokenizer calls a token. */
const isHarmless = (value: string): boolean =>
  /^["'[]?(?:none|null|true|false|\d{1,9}|<[^<>\s]{1,60}>)["'\]]?$/i.test(value);

/** A way to hide secrets, and what stands, in some case, in every text that it would change. */
interface Hiding {
  readonly signs: readonly string[];
  readonly hide: (text: string) => string;
}

const KEY_SIGNS = ['key', 'secret', 'passw', 'passphrase', 'credential', 'authorization', 'cookie', 'token'];
const SHAPE_SIGNS = [
  'hf_',
  'sk-',
  'akia',
  'asia',
  'ghp_',
  'gho_',
  'ghu_',
  'ghs_',
  'ghr_',
  'github_pat_',
  'xox',
  'nvapi-',
  'eyj',
];

/** In this order. */
const HIDINGS: readonly Hiding[] = [
  { signs: KEY_SIGNS, hide: (text) => text.replace(PAIR, maskValue).replace(OPTION, maskValue) },
  { signs: ['bearer', 'basic'], hide: (text) => text.replace(SCHEME, MASK) },
  { signs: SHAPE_SIGNS, hide: (text) => text.replace(SHAPES, MASK) },
  { signs: ['private key-----'], hide: (text) => text.replace(PEM, MASK) },
  { signs: ['?', '&'], hide: (text) => text.replace(URL_SECRETS, MASK) },
  { signs: ['://'], hide: (text) => text.replace(USERINFO, MASK) },
];

/**
 * The text with every secret-looking value replaced by `[redacted]`; everything else as it was.
 * Most lines have no sign of any: the patterns, which are slow, are not asked then.
 */
export function redact(text: string): string {
  const lower = text.toLowerCase();
  let said = text;
  for (const { signs, hide } of HIDINGS) if (signs.some((sign) => lower.includes(sign))) said = hide(said);
  return said;
}

/** Parts of names that say what they hold: `HF_TOKEN`, `AWS_SECRET_ACCESS_KEY`, `db-password`, `--api-key`, `hfToken`. */
const SECRET_WORDS =
  /(?:^|[^a-z])(?:api-?key|key|keys|token|tokens|secret|secrets|pass|passwd|password|passphrase|pwd|pat|credential|credentials|creds|auth|authorization|cookie|dsn|sas)(?:$|[^a-z])/i;

/** True when the name says that its value is a secret: more than can be asked of a line of text. */
export const hasSecretName = (name: string): boolean =>
  SECRET_WORDS.test(name.slice(0, 300).replace(/([a-z])([A-Z])/g, '$1_$2'));

/** A value whose name says that it is a secret; numbers, `true` and the like are none. */
export const mask = (value: string): string => (value === '' || isHarmless(value) ? value : MASK);

function maskValue(whole: string, head: string, value: string): string {
  return isHarmless(value) ? whole : `${head}${MASK}`;
}
