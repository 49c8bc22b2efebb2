// The items of one list on their way out; of some only the list tells what they are.

import { type JsonObject, textAt } from '../../base/json.ts';
import { kindByShape } from '../objects/record.ts';
import { flatten } from './flatten.ts';

export interface ListItems {
  readonly take: (item: JsonObject) => void;
  /** The list without its items, where it could be read. Returns how many items were used. */
  readonly end: (list: JsonObject | undefined) => number;
}

/** Items that wait for the list's kind: nodes, for they are told by no shape of their own. */
const WAITING = 20_000;

/**
 * kubectl writes a `List` whose items name their kind; the raw API a `PodList`
 * whose items do not, with the kind in front. A list in sorted keys without
 * kinds in its items has it behind them: what no shape tells waits for it.
 */
export function listItems(head: JsonObject, take: (object: JsonObject) => void): ListItems {
  const known = kindIn(head);
  const waiting: JsonObject[] = [];
  let used = 0;
  const give = (object: JsonObject): void => {
    used += 1;
    take(object);
  };
  const place = (object: JsonObject): void => {
    const isTold = 'kind' in object || known !== undefined || kindByShape(object) !== undefined;
    if (isTold || waiting.length >= WAITING) give('kind' in object ? object : { ...known, ...object });
    else waiting.push(object);
  };
  return {
    take: (item) => {
      for (const object of flatten(item)) place(object);
    },
    end: (list) => {
      const told = list === undefined ? undefined : kindIn(list);
      for (const object of waiting) give({ ...told, ...object });
      return used;
    },
  };
}

/** `PodList` → Pod; undefined for kubectl's own `List`, and while nothing is told. */
function kindIn(list: JsonObject): JsonObject | undefined {
  const kind = /^(?<kind>[A-Z][A-Za-z]{1,60})List$/.exec(textAt(list, 'kind') ?? '')?.groups?.['kind'];
  return kind === undefined ? undefined : { kind, apiVersion: list['apiVersion'] };
}
