// Every request of a run to its store and to its destination as a step, at which something may happen.

import type { ObjectStore } from '../../lib/ledger/contract.ts';
import type { Cargo, Shipping } from '../../lib/shipping.ts';

/** Called before each step; what it throws, the step throws. */
export type Watch = (label: string) => void | Promise<void>;

export function steppedStore(store: ObjectStore, watch: Watch): ObjectStore {
  const step = async <T>(label: string, act: () => Promise<T>): Promise<T> => {
    await watch(label);
    return act();
  };
  return {
    name: store.name,
    get: (key) => step(`get ${key}`, () => store.get(key)),
    create: (key, body) => step(`create ${key}`, () => store.create(key, body)),
    replace: (key, body, tag) => step(`replace ${key}`, () => store.replace(key, body, tag)),
    remove: (key, tag) => step(`remove ${key}`, () => store.remove(key, tag)),
    list: (prefix, page) => step(`list ${prefix}`, () => store.list(prefix, page)),
  };
}

export const steppedShipping = (shipping: Shipping, watch: Watch): Shipping => ({
  ...shipping,
  deliver: async (cargos: readonly Cargo[]) => {
    const signals = [...new Set(cargos.map(({ signal }) => signal))].sort();
    await watch(`send ${signals.join(' and ')}`);
    return shipping.deliver(cargos);
  },
});
