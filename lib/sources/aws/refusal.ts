// Why AWS gave no answer, in one shape for all its services, and what to do about the reasons that all of them have.

import { redact } from '../../base/redact.ts';
import { failed, ok, type Result } from '../../base/result.ts';

/** Why there was no answer. */
export interface Refusal {
  /** AWS' name of it (`ThrottlingException`), or the system's (`ECONNREFUSED`). */
  readonly code: string;
  /** AWS' own words, without secrets. */
  readonly says: string;
  /** 0: no answer at all. */
  readonly status: number;
}

/** The names that AWS, its SDK and the system have for it. */
const CREDENTIALS = new Set([
  'CredentialsProviderError',
  'ExpiredTokenException',
  'ExpiredToken',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'UnrecognizedClientException',
  'MissingAuthenticationTokenException',
  'TokenProviderError',
  // S3's own.
  'InvalidAccessKeyId',
  'InvalidToken',
  'SignatureDoesNotMatch',
]);

export const isCredentials = ({ code }: Refusal): boolean => CREDENTIALS.has(code);

export const SIGN_IN =
  'Sign in (aws sso login), or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.';

export const REGION_MISSING = 'Set AWS_REGION, or name it with --aws-region.';

/** Whatever else is asked will be refused for the same reason. */
export const HOPELESS: ReadonlySet<string> = new Set([
  'Stopped',
  'RegionMissing',
  'ECONNREFUSED',
  'ENOTFOUND',
]);

/** AWS' exceptions have a name, a message and a status; the system's errors a code. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof Error)) return { code: 'Unknown', says: redact(String(error)), status: 0 };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return {
    code: regionMissing(error) ? 'RegionMissing' : code,
    says: wordsOf(error),
    status: statusOf(error),
  };
}

const regionMissing = ({ message }: Error): boolean => /^Region is missing/.test(message);

/** Several addresses of one name, all of which failed: the first tells. */
function wordsOf(error: Error): string {
  const [first] = error instanceof AggregateError ? error.errors : [];
  return redact(error.message || (first instanceof Error ? first.message : ''));
}

function statusOf(error: Error): number {
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return 0;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : 0;
}

/** What was answered, or why nothing was. */
export async function answered<Output, T>(
  send: () => Promise<Output>,
  read: (output: Output) => T,
  refusal: (error: unknown) => Refusal = refusalOf,
): Promise<Result<T, Refusal>> {
  try {
    return ok(read(await send()));
  } catch (error) {
    return failed(refusal(error));
  }
}
