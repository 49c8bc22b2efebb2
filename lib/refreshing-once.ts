// A destination whose key may have been changed: after its first refusal the new key is asked for, once.

import type { SendOutcome } from './ledger/export-once.ts';
import type { Cargo, Shipping } from './shipping.ts';

/**
 * The same shipping. What was refused for the key is sent again with the new one; nothing of it had been
 * taken, so nothing is told twice. `reopen` gives undefined when there is no new key: then all stays refused.
 */
export function refreshingOnce(first: Shipping, reopen: () => Promise<Shipping | undefined>): Shipping {
  let current = first;
  let isAsked = false;
  return {
    name: first.name,
    deliver: async (cargos) => {
      const outcomes = await current.deliver(cargos);
      const refused = cargos.filter((_, index) => isShut(outcomes[index]));
      if (refused.length === 0 || isAsked) return outcomes;
      isAsked = true;
      const next = await reopen();
      if (next === undefined) return outcomes;
      await current.close();
      current = next;
      return replaced(cargos, outcomes, new Map(zip(refused, await current.deliver(refused))));
    },
    close: () => current.close(),
  };
}

const isShut = (outcome: SendOutcome | undefined): boolean =>
  outcome?.status === 'unsent' && outcome.isShut === true;

const zip = (cargos: readonly Cargo[], outcomes: readonly SendOutcome[]) =>
  cargos.flatMap((cargo, index) => {
    const outcome = outcomes[index];
    return outcome === undefined ? [] : [[cargo, outcome] as const];
  });

const replaced = (
  cargos: readonly Cargo[],
  outcomes: readonly SendOutcome[],
  again: ReadonlyMap<Cargo, SendOutcome>,
): readonly SendOutcome[] =>
  outcomes.map((outcome, index) => {
    const cargo = cargos[index];
    return (cargo && again.get(cargo)) ?? outcome;
  });
