// The door itself, as a process.

import { describe, expect, it } from 'vitest';
import { coldtrace } from '../run-program.ts';

describe('coldtrace', () => {
  it('--help on stdout, exit 0', async () => {
    const { code, stdout, stderr } = await coldtrace(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Usage: coldtrace');
  });

  it('misuse on stderr, exit 2, no stack trace', async () => {
    const { code, stdout, stderr } = await coldtrace(['repaly', 'x']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      "coldtrace: unknown command 'repaly'\n(Did you mean replay?)\nSee coldtrace --help.\n",
    );
  });

  it('a path that is not there: exit 2, named, no stack trace', async () => {
    const { code, stderr } = await coldtrace(['replay', '/nonexistent/evidence']);
    expect(code).toBe(2);
    expect(stderr).toContain('/nonexistent/evidence');
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
