// Why a bucket or an object did not give what was asked, as a problem that says what to do.

import { cut } from '../../base/text.ts';
import { HOPELESS, isCredentials, REGION_MISSING, type Refusal, SIGN_IN } from '../aws/refusal.ts';
import type { SourceProblem } from '../contract.ts';
import type { BucketPlace } from './api.ts';

export const placeOf = ({ bucket, prefix }: BucketPlace): string => `s3://${bucket}/${prefix}`;

export const isDenied = ({ code, status }: Refusal): boolean =>
  code === 'AccessDenied' || code === 'AllAccessDisabled' || (status === 403 && code === 'Forbidden');

/** True when nothing else of the bucket can be had. */
export const isHopeless = (refusal: Refusal): boolean =>
  isCredentials(refusal) ||
  HOPELESS.has(refusal.code) ||
  ['WrongRegion', 'NoSuchBucket'].includes(refusal.code);

export interface Asked extends BucketPlace {
  /** As IAM names it. */
  readonly action: 'ListBucket' | 'GetObject';
  readonly region: string;
}

/** Of a list, or of the bucket itself. */
export function refused(refusal: Refusal, asked: Asked): SourceProblem {
  const remedy = remedyFor(refusal, asked);
  return {
    kind: 'problem',
    where: placeOf(asked),
    expected: `an answer to ${asked.action} in ${asked.region || 'a region'}`,
    came: cameOf(refusal),
    asked: true,
    what: isDenied(refusal) ? 's3.refused' : 's3.unreadable',
    ...(remedy === undefined ? {} : { remedy }),
  };
}

function cameOf({ code, says }: Refusal): string {
  if (code === 'WrongRegion') return `a bucket that is in ${says}`;
  return cut(says === '' || says === code ? code : `${code}: ${says}`, 600);
}

function remedyFor(refusal: Refusal, asked: Asked): string | undefined {
  if (isDenied(refusal)) return policyText(refusal, asked);
  if (isCredentials(refusal)) return SIGN_IN;
  switch (refusal.code) {
    case 'WrongRegion':
      return `Ask there: --aws-region ${refusal.says}`;
    case 'NoSuchBucket':
      return 'Check the name and the account: aws s3 ls';
    case 'RegionMissing':
      return REGION_MISSING;
    case 'Stopped':
      return 'What was read before is told.';
    default:
      return undefined;
  }
}

/** The statement that is missing, to be copied into the policy of whoever asked. */
function policyText({ says }: Refusal, asked: Asked): string {
  const whose = 'Whoever administers the account adds to the policy of this role or user';
  if (/\bkms:/.test(says)) return `${whose}\n  ${statement('kms:Decrypt', keyOf(says))}`;
  const bucket = `arn:aws:s3:::${asked.bucket}`;
  return asked.action === 'ListBucket'
    ? `${whose}\n  ${statement('s3:ListBucket', bucket)}`
    : `${whose}\n  ${statement('s3:GetObject', `${bucket}/${asked.prefix}*`)}\nIf it is there already, the bucket's own policy forbids it, or the key of its encryption (kms:Decrypt).`;
}

const statement = (Action: string, Resource: string): string =>
  JSON.stringify({ Effect: 'Allow', Action, Resource });

/** AWS names it: `… not authorized to perform: kms:Decrypt on the resource associated with this ciphertext`, or by its ARN. */
const keyOf = (says: string): string =>
  /\barn:[\w-]{1,20}:kms:[\w:/-]{1,200}/.exec(says)?.[0] ?? "the ARN of the bucket's key";

/** What can be wrong with a single object: the others are read. */
export type ObjectTrouble =
  | 'archived'
  | 'gone'
  | 'changed'
  | 'refused'
  | 'overblown'
  | 'parquet'
  | 'truncated';

export function troubleOf(refusal: Refusal): ObjectTrouble {
  if (refusal.code === 'InvalidObjectState') return 'archived';
  if (refusal.code === 'NoSuchKey' || refusal.code === 'NotFound') return 'gone';
  if (refusal.status === 412) return 'changed';
  return isDenied(refusal) || /^KMS\./.test(refusal.code) ? 'refused' : 'truncated';
}

interface Wording {
  readonly expected: string;
  readonly remedy?: string;
}

const WORDS: Readonly<Record<ObjectTrouble, Wording>> = {
  archived: {
    expected: 'an object that can be read at once',
    remedy: 'It lies in Glacier or another archive. Restore it, then run it again: aws s3api restore-object',
  },
  gone: {
    expected: 'an object that was listed a moment ago',
    remedy: 'A lifecycle rule or somebody deleted it.',
  },
  changed: { expected: 'the version that was listed', remedy: 'It was written meanwhile. Run it again.' },
  refused: { expected: 'an answer to GetObject' },
  overblown: {
    expected: 'a log',
    remedy: 'What came before is told. If it is a log, unpack it and read it as a file: aws s3 cp',
  },
  parquet: {
    expected: 'lines of text or JSON',
    remedy: 'Let the writer put JSON lines as well (Fluent Bit: format json_lines), or convert it.',
  },
  truncated: { expected: 'an object that can be read to its end', remedy: 'What came before is told.' },
};

export interface Troubled {
  readonly trouble: ObjectTrouble;
  readonly key: string;
  readonly refusal: Refusal;
  /** Objects with the same trouble, this one included. */
  readonly count: number;
}

/** One problem for all objects that have the same trouble. */
export function objectProblem({ trouble, key, refusal, count }: Troubled, asked: Asked): SourceProblem {
  const { expected, remedy } = WORDS[trouble];
  const said = remedyFor(refusal, asked) ?? remedy;
  const all = count === 1 ? '' : `, and ${count - 1} more of the kind`;
  return {
    kind: 'problem',
    where: placeOf({ bucket: asked.bucket, prefix: key }),
    expected,
    came: `${cameOf(refusal)}${all}`,
    asked: true,
    what: `s3_objects.${trouble}`,
    ...(said === undefined ? {} : { remedy: said }),
  };
}
