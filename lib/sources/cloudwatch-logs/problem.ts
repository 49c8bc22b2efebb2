// Why CloudWatch Logs did not give what was asked, as a problem that says what to do.

import { cut } from '../../base/text.ts';
import { HOPELESS, isCredentials, REGION_MISSING, type Refusal, SIGN_IN } from '../aws/refusal.ts';
import type { SourceProblem } from '../contract.ts';

/** The call that was refused, and what of. */
export interface Asked {
  /** As IAM names it: `FilterLogEvents`. */
  readonly action: string;
  readonly group: string;
  readonly region: string;
}

export const placeOf = (group: string): string => `CloudWatch log group ${group}`;

export function refused(refusal: Refusal, asked: Asked, where: string = placeOf(asked.group)): SourceProblem {
  const remedy = remedyFor(refusal, asked);
  return {
    kind: 'problem',
    where,
    expected: `an answer to ${asked.action} in ${asked.region || 'a region'}`,
    came: cut(refusal.says === '' ? refusal.code : `${refusal.code}: ${refusal.says}`, 600),
    asked: true,
    what: isDenied(refusal) ? 'cloudwatch.refused' : 'cloudwatch.unreadable',
    ...(remedy === undefined ? {} : { remedy }),
  };
}

const isDenied = ({ code }: Refusal): boolean => code === 'AccessDeniedException' || code === 'AccessDenied';

/** True when every other stream of the group would be refused for the same reason. */
export const isHopeless = (refusal: Refusal): boolean =>
  isDenied(refusal) || isCredentials(refusal) || HOPELESS.has(refusal.code);

const REMEDIES: Readonly<Record<string, string>> = {
  ThrottlingException:
    'Something else uses the quota of this account: try again later, or read with --cloudwatch-insights.',
  LimitExceededException: 'Too many queries are running in this account: try again later.',
  TooManyPages: 'What was read before is told. Ask for a shorter window, or read with --cloudwatch-insights.',
  TooManyRows:
    'The earliest of them were read. Read the group without --cloudwatch-insights, or name a stream prefix.',
  Stopped: 'What was read before is told.',
  RegionMissing: REGION_MISSING,
};

function remedyFor(refusal: Refusal, asked: Asked): string | undefined {
  if (isDenied(refusal)) return policyText(refusal, asked);
  if (isCredentials(refusal)) return SIGN_IN;
  return REMEDIES[refusal.code];
}

/** The statement that is missing, to be copied into the policy of whoever asked. */
function policyText({ says }: Refusal, { action, group, region }: Asked): string {
  if (/\bkms:Decrypt\b/.test(says)) return `The group is encrypted: allow kms:Decrypt with its key.`;
  const resource = ACCOUNT_WIDE.has(action) ? '*' : resourceOf(says, group, region);
  const statement = { Effect: 'Allow', Action: `logs:${action}`, Resource: resource };
  return `Whoever administers the account adds to the policy of this role or user\n  ${JSON.stringify(statement)}`;
}

/** These know no single group as their resource. */
const ACCOUNT_WIDE = new Set(['DescribeLogGroups', 'GetQueryResults', 'StopQuery']);

/** AWS names it: `… is not authorized to perform: logs:FilterLogEvents on resource: arn:aws:logs:…` */
function resourceOf(says: string, group: string, region: string): string {
  const named = /\bon resource: (?<arn>arn:[\w-]{1,20}:logs:[\w:/.#-]{1,700})/.exec(says)?.groups?.['arn'];
  const [ofGroup] = named?.split(':log-stream:') ?? [];
  const bare = group.startsWith('arn:')
    ? group.replace(/:\*$/, '')
    : `arn:aws:logs:${region}:*:log-group:${group}`;
  return ofGroup === undefined || ofGroup === named ? (named ?? `${bare}:*`) : `${ofGroup}:*`;
}
