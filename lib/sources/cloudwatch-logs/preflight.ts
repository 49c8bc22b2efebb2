// Before anything is read: is the group there, how may it be read, and does it still hold the window?

import type { Instant } from '../../base/instant.ts';
import type { Refusal } from '../aws/refusal.ts';
import type { SourceProblem } from '../contract.ts';
import type { LogGroup, LogsApi } from './api.ts';
import { placeOf, refused } from './problem.ts';
import type { Window } from './window.ts';

export interface Preflight {
  /** Undefined: it cannot be read at all. */
  readonly by: 'events' | 'query' | undefined;
  readonly problems: readonly SourceProblem[];
}

export interface Examined {
  readonly group: string;
  readonly window: Window;
  readonly now: Instant;
}

/** As many names of other groups are shown when this one is not there. */
const SHOWN = 5;
const MOST_PAGES = 20;

export async function preflight(api: LogsApi, examined: Examined): Promise<Preflight> {
  const { group } = examined;
  const region = await api.region();
  const found = await lookFor(api, nameOf(group));
  // Who may read a group need not be allowed to list groups: then reading itself will tell.
  if (found.refusal !== undefined) {
    const problem = refused(found.refusal, { action: 'DescribeLogGroups', group, region });
    return found.refusal.code === 'AccessDeniedException'
      ? { by: 'events', problems: [{ ...problem, asked: false }] }
      : { by: undefined, problems: [problem] };
  }
  if (found.group === undefined) return { by: undefined, problems: [missing(group, region, found.others)] };
  return judged(found.group, examined);
}

/** `arn:aws:logs:eu-west-1:123456789012:log-group:NAME:*` */
export const nameOf = (group: string): string =>
  /^arn:[\w-]{1,20}:logs:[\w-]{1,30}:\d{12}:log-group:(?<name>[\w/.#-]{1,512})(?::\*)?$/.exec(group)
    ?.groups?.['name'] ?? group;

interface Found {
  readonly group?: LogGroup;
  readonly others: readonly string[];
  readonly refusal?: Refusal;
}

/** The list is by prefix: the group itself comes among the first, but pages may be short. */
async function lookFor(api: LogsApi, name: string): Promise<Found> {
  const others: string[] = [];
  let token: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const listed = await api.logGroups(name, token);
    if (!listed.ok) return { others, refusal: listed.error };
    const group = listed.value.items.find((item) => item.name === name);
    if (group !== undefined) return { group, others };
    others.push(...listed.value.items.map((item) => item.name));
    token = listed.value.next;
    if (token === undefined) break;
  }
  return { others: others.length > 0 ? others : await near(api, name) };
}

/** Groups beside it: `/aws/containerinsights/prod/aplication` → those below `/aws/containerinsights/prod/`. */
async function near(api: LogsApi, name: string): Promise<readonly string[]> {
  const above = name.slice(0, name.lastIndexOf('/') + 1);
  if (above === '' || above === '/') return [];
  const listed = await api.logGroups(above, undefined);
  return listed.ok ? listed.value.items.map((item) => item.name) : [];
}

function missing(group: string, region: string, others: readonly string[]): SourceProblem {
  const shown = others.slice(0, SHOWN).join(', ');
  return {
    kind: 'problem',
    where: placeOf(group),
    expected: `a log group of this name in ${region}`,
    came: others.length === 0 ? 'none' : `none, but ${shown}${others.length > SHOWN ? ', …' : ''}`,
    asked: true,
    what: 'cloudwatch.unreadable',
    remedy: 'Check the name, the region (--aws-region) and the account: aws logs describe-log-groups',
  };
}

function judged(group: LogGroup, examined: Examined): Preflight {
  if (group.class === 'DELIVERY') return { by: undefined, problems: [unreadable(examined.group)] };
  return {
    by: group.class === 'INFREQUENT_ACCESS' ? 'query' : 'events',
    problems: retentionProblems(group, examined),
  };
}

const unreadable = (group: string): SourceProblem => ({
  kind: 'problem',
  where: placeOf(group),
  expected: 'a log group of class STANDARD or INFREQUENT_ACCESS',
  came: 'one of class DELIVERY, whose events cannot be read',
  asked: true,
  what: 'cloudwatch.unreadable',
  remedy: 'Read them where the group delivers them to, such as an S3 bucket.',
});

const DAY = 86_400_000;

/** What is older is gone: a start in it is told in part, or not at all. */
function retentionProblems(
  { retentionDays }: LogGroup,
  { group, window, now }: Examined,
): readonly SourceProblem[] {
  if (retentionDays === undefined) return [];
  const oldest = Number(now / 1_000_000n) - retentionDays * DAY;
  if (window.from >= oldest) return [];
  return [
    {
      kind: 'problem',
      where: placeOf(group),
      expected: `events since ${new Date(window.from).toISOString()}`,
      came: `a retention of ${retentionDays} ${retentionDays === 1 ? 'day' : 'days'}: what is older than ${new Date(oldest).toISOString()} is gone`,
      asked: false,
      what: 'cloudwatch_retention.truncated',
      remedy: 'Ask for a later --since. For the future: aws logs put-retention-policy',
    },
  ];
}
