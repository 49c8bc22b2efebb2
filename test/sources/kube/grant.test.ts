// The commands that grant a permission: right for every resource, and safe to paste whatever the server calls the user.

import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { grantText } from '../../../lib/sources/kube/grant.ts';
import type { Asked } from '../../../lib/sources/kube/words.ts';

const asked = (more: Partial<Asked>): Asked => ({
  verb: 'list',
  resource: 'pods',
  group: '',
  namespace: 'demo',
  ...more,
});

const commands = (text: string): readonly string[] =>
  text.match(/^ {2}kubectl .*$/gm)?.map((line) => line.trim()) ?? [];

describe('grantText', () => {
  it.each([
    [
      asked({}),
      'User "alice" cannot list resource',
      'kubectl create role coldtrace-list-pods -n demo --verb=list --resource=pods',
      'kubectl create rolebinding coldtrace-list-pods -n demo --role=coldtrace-list-pods --user=alice',
    ],
    [
      asked({ resource: 'nodes', namespace: undefined }),
      'User "system:serviceaccount:demo:robot" cannot list resource',
      'kubectl create clusterrole coldtrace-list-nodes --verb=list --resource=nodes',
      'kubectl create clusterrolebinding coldtrace-list-nodes --clusterrole=coldtrace-list-nodes --serviceaccount=demo:robot',
    ],
    [
      asked({ resource: 'events', group: 'events.k8s.io' }),
      'a webhook said no',
      'kubectl create role coldtrace-list-events-events-k8s-io -n demo --verb=list --resource=events.events.k8s.io',
      'kubectl create rolebinding coldtrace-list-events-events-k8s-io -n demo --role=coldtrace-list-events-events-k8s-io --user=YOUR-USER',
    ],
    [
      asked({ verb: 'get', resource: 'pods/log' }),
      'User "arn:aws:sts::123456789012:assumed-role/dev/me" cannot get resource',
      'kubectl create role coldtrace-get-pods-log -n demo --verb=get --resource=pods/log',
      'kubectl create rolebinding coldtrace-get-pods-log -n demo --role=coldtrace-get-pods-log --user=arn:aws:sts::123456789012:assumed-role/dev/me',
    ],
  ])('%j, %s', (what, says, role, binding) => {
    expect(commands(grantText(what, says))).toEqual([role, binding]);
  });

  it.each(['a b', '$(touch x)', "it's; rm", '`id`', 'x && y'])('a user called %s stays one word', (user) => {
    const [, binding = ''] = commands(grantText(asked({}), `User "${user}" cannot list`));
    const words = execFileSync('sh', ['-c', `printf '%s\\n' ${binding}`], { encoding: 'utf8' })
      .trimEnd()
      .split('\n');
    expect(words.at(-1)).toBe(`--user=${user}`);
  });
});
