// Which pods and startups the user asked for.

import type { PodEvidence } from './assembly/evidence.ts';
import type { Startup } from './model/startup.ts';
import type { ReplayFilters } from './pipeline-types.ts';

/** A pod whose name, namespace or labels are not known is not one that a filter on them asks for. */
export function selectsPod({ pod, namespace, selector }: ReplayFilters, evidence: PodEvidence): boolean {
  if (pod !== undefined && evidence.name !== pod && evidence.uid !== pod) return false;
  if (namespace !== undefined && evidence.namespace !== namespace) return false;
  return selector === undefined || matchesSelector(selector, evidence.story?.labels);
}

/** Startups that overlap [since, until). */
export function keepStartup({ since, until }: ReplayFilters, { start, end }: Startup): boolean {
  return (since === undefined || end.at >= since) && (until === undefined || start.at < until);
}

/** Kubernetes label selectors: `a=b`, `a==b`, `a!=b`, `a in (x,y)`, `a notin (x)`, `a`, `!a`, joined by commas. */
export function matchesSelector(selector: string, labels: Readonly<Record<string, string>> = {}): boolean {
  return splitTerms(selector).every((term) => matchesTerm(term, labels));
}

/** Commas inside parentheses belong to a list of values. */
function splitTerms(selector: string): readonly string[] {
  const terms: string[] = [];
  let isOpen = false;
  for (const piece of selector.split(',')) {
    if (isOpen) terms.push(`${terms.pop() ?? ''},${piece}`);
    else terms.push(piece);
    isOpen = isOpen ? !piece.includes(')') : piece.includes('(') && !piece.includes(')');
  }
  return terms.map((term) => term.trim()).filter((term) => term !== '');
}

function matchesTerm(term: string, labels: Readonly<Record<string, string>>): boolean {
  const set = /^(?<key>[\w./-]{1,320}) (?<op>in|notin) \((?<values>[^)]{0,2000})\)$/.exec(term)?.groups;
  if (set !== undefined) {
    const isIn = (set['values'] ?? '').split(',').some((value) => labels[set['key'] ?? ''] === value.trim());
    return set['op'] === 'in' ? isIn : !isIn;
  }
  const equal = /^(?<key>[\w./-]{1,320}) ?(?<op>!=|==?) ?(?<value>[\w.-]{0,63})$/.exec(term)?.groups;
  if (equal !== undefined) return (labels[equal['key'] ?? ''] === equal['value']) === (equal['op'] !== '!=');
  return term.startsWith('!') ? labels[term.slice(1).trim()] === undefined : labels[term] !== undefined;
}
