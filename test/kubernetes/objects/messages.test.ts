// Kubelet messages in the wordings of all versions.

import { describe, expect, test } from 'vitest';
import {
  backOffImage,
  containerIn,
  failedImage,
  isConfigError,
  isProbeKill,
  isPullError,
  pullingImage,
  readPulled,
} from '../../../lib/kubernetes/objects/messages.ts';

const X = '127.0.0.1:5000/work:a1';

describe('Pulled', () => {
  test.each([
    // message, took ns, waited ns, bytes
    [`Successfully pulled image "${X}"`, undefined, undefined, undefined],
    [`Successfully pulled image "${X}" in 1m55.516263773s`, 115_516_263_773n, undefined, undefined],
    [`Successfully pulled image "${X}" in 413.407486ms`, 413_407_486n, undefined, undefined],
    [
      `Successfully pulled image "${X}" in 2.281s (25.882s including waiting)`,
      2_281_000_000n,
      25_882_000_000n,
      undefined,
    ],
    [
      `Successfully pulled image "${X}" in 413ms (14.143s including waiting). Image size: 124949701 bytes.`,
      413_000_000n,
      14_143_000_000n,
      124_949_701,
    ],
    [
      `Successfully pulled image "${X}" in 3m15.866s (3m15.866s including waiting). Image size: 0 bytes.`,
      195_866_000_000n,
      195_866_000_000n,
      undefined,
    ],
    // Forged: nobody pulls backwards, for days, or 200 TB.
    [`Successfully pulled image "${X}" in -5s`, undefined, undefined, undefined],
    [
      `Successfully pulled image "${X}" in 999h (999h including waiting). Image size: 190000000000000 bytes.`,
      undefined,
      undefined,
      undefined,
    ],
    [
      `Successfully pulled image "${X}" in 1s (1s including waiting). Image size: -7 bytes.`,
      1_000_000_000n,
      1_000_000_000n,
      undefined,
    ],
  ])('%s', (message, took, waited, bytes) => {
    expect(readPulled(message)).toEqual({ kind: 'pulled', image: X, took, waited, bytes });
  });

  test.each([
    `Container image "${X}" already present on machine`,
    `Container image "${X}" already present on machine and can be accessed by the pod`,
  ])('%s', (message) => {
    expect(readPulled(message)).toEqual({ kind: 'present', image: X });
  });

  test.each(['Pulling image "x"', 'Successfully pulled', '', 'x'.repeat(1_000_000)])(
    '%.40s is none',
    (message) => {
      expect(readPulled(message)).toBeUndefined();
    },
  );
});

test.each([
  ['Created container server', 'server'],
  ['Created container: server', 'server'],
  ['Started container server', 'server'],
  ['Stopping container model-downloader', 'model-downloader'],
  ['Container server failed startup probe, will be restarted', 'server'],
  [
    'Back-off restarting failed container server in pod demo_ns(eb27740b-040a-4129-8c1f-4b240c202036)',
    'server',
  ],
  ['Created container', undefined],
  ['Container created', undefined],
  ['Back-off restarting failed container', undefined],
])('%s names %s', (message, name) => {
  expect(containerIn(message)).toBe(name);
});

test.each([
  ['pulling image "nginx"', 'nginx'],
  ['Pulling image "nginx"', 'nginx'],
  ['Pulled image "nginx"', undefined],
])('%s pulls %s', (message, image) => {
  expect(pullingImage(message)).toBe(image);
});

test('one reason, three failures', () => {
  const pull = `Failed to pull image "${X}": rpc error: code = NotFound`;
  expect(failedImage(pull)).toBe(X);
  expect(backOffImage(`Back-off pulling image "${X}"`)).toBe(X);
  expect(
    ['Error: ErrImagePull', 'Error: ImagePullBackOff', 'Error: InvalidImageName'].every(isPullError),
  ).toBe(true);
  expect(isPullError('Error: failed to create containerd task')).toBe(false);
  expect(isConfigError('Error: configmap "server-config" not found')).toBe(true);
  expect(isConfigError("Error: couldn't find key token in Secret ns/hf")).toBe(true);
  expect(isConfigError('Error: failed to create containerd task: exec: "/x": not found')).toBe(false);
});

test.each([
  ['Container server failed liveness probe, will be restarted', true],
  [
    'Killing container with id docker://server:Container failed liveness probe.. Container will be killed and recreated.',
    true,
  ],
  ['Stopping container server', false],
])('%s kills by probe: %s', (message, kills) => {
  expect(isProbeKill(message)).toBe(kills);
});
