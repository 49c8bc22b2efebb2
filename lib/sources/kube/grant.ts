// The commands that grant a missing permission, ready to be copied.

import { type Asked, resourceName } from './words.ts';

export const MANIFEST = 'deploy/kubernetes/rbac-read-only.yaml';

/** `says`: the server's own words, which name the user. */
export function grantText(asked: Asked, says: string): string {
  const name = `coldtrace-${asked.verb}-${resourceName(asked).replace(/[^a-z0-9]+/g, '-')}`;
  const subject = subjectOf(says);
  return `Whoever administers the cluster grants it with
  kubectl ${roleCommand(asked, name)}
  kubectl ${bindingCommand(asked, name)} ${subject}
or all that coldtrace reads: kubectl apply -f ${MANIFEST}`;
}

function roleCommand(asked: Asked, name: string): string {
  const rule = `--verb=${asked.verb} --resource=${resourceName(asked)}`;
  return asked.namespace === undefined
    ? `create clusterrole ${name} ${rule}`
    : `create role ${name} -n ${asked.namespace} ${rule}`;
}

const bindingCommand = ({ namespace }: Asked, name: string): string =>
  namespace === undefined
    ? `create clusterrolebinding ${name} --clusterrole=${name}`
    : `create rolebinding ${name} -n ${namespace} --role=${name}`;

/** `pods is forbidden: User "system:serviceaccount:demo:coldtrace" cannot list …` (kube-apiserver 1.36). */
function subjectOf(says: string): string {
  const user = /\bUser "(?<user>[^"\\]{1,300})" cannot /.exec(says)?.groups?.['user'];
  if (user === undefined) return '--user=YOUR-USER';
  const account = /^system:serviceaccount:(?<account>[a-z0-9-]{1,63}:[a-z0-9.-]{1,253})$/.exec(user);
  return account?.groups === undefined
    ? `--user=${quoted(user)}`
    : `--serviceaccount=${account.groups['account']}`;
}

/** A name comes from the server: it must not become a command of the shell. */
const quoted = (name: string): string =>
  /^[\w@:.,/+-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`;
