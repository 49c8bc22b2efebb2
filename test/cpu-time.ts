// How long work takes on the processor: what else the machine is doing does not count.

/** CPU milliseconds of this thread. */
export function cpuTime(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
