// Lets many jobs send together: what all of a round's jobs hand over goes out as one.
//
// A job hands over, waits for what became of it, and goes on. Nothing is timed: a round's cargo goes out when every
// job that still runs is waiting.

export type Handing<Cargo, Outcome> = (cargo: Cargo) => Promise<Outcome>;

interface Waiting<Cargo, Outcome> {
  readonly cargo: Cargo;
  readonly arrived: (outcome: Outcome) => void;
  readonly lost: (error: unknown) => void;
}

/** `deliver`: one outcome per cargo, in their order. A job that throws ends the round with its error, when all are done. */
export async function inRound<Cargo, Outcome>(
  jobs: readonly ((hand: Handing<Cargo, Outcome>) => Promise<void>)[],
  deliver: (cargos: readonly Cargo[]) => Promise<readonly Outcome[]>,
): Promise<void> {
  let running = jobs.length;
  let waiting: Waiting<Cargo, Outcome>[] = [];
  const go = (): void => {
    if (waiting.length === 0 || waiting.length < running) return;
    const together = waiting;
    waiting = [];
    void goOut(together, deliver);
  };
  const hand = (cargo: Cargo): Promise<Outcome> =>
    new Promise((arrived, lost) => {
      waiting.push({ cargo, arrived, lost });
      go();
    });
  const ended = await Promise.allSettled(
    jobs.map((job) =>
      job(hand).finally(() => {
        running -= 1;
        go();
      }),
    ),
  );
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
}

async function goOut<Cargo, Outcome>(
  together: readonly Waiting<Cargo, Outcome>[],
  deliver: (cargos: readonly Cargo[]) => Promise<readonly Outcome[]>,
): Promise<void> {
  try {
    const outcomes = await deliver(together.map(({ cargo }) => cargo));
    for (const [index, { arrived, lost }] of together.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined) lost(new Error('expected an outcome for each cargo'));
      else arrived(outcome);
    }
  } catch (error) {
    for (const { lost } of together) lost(error);
  }
}
