// Runs osls with what it needs to ask nobody: no telemetry, no notifications, and packaging into dist/package.
//
//   node .ci/osls.ts package|deploy|remove [--stage prod] [--param name=value …]

import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const QUIET = {
  SLS_TELEMETRY_DISABLED: '1',
  SLS_NOTIFICATIONS_MODE: 'off',
  SLS_TRACKING_DISABLED: '1',
  SLS_INTERACTIVE_SETUP_ENABLE: '',
};

const [command = '', ...rest] = process.argv.slice(2);
if (!['package', 'deploy', 'remove'].includes(command))
  throw new Error(`expected package, deploy or remove, got '${command}'`);

const program = createRequire(import.meta.url).resolve('osls/bin/serverless.js');
const place = command === 'package' && !rest.includes('--package') ? ['--package', 'dist/package'] : [];
const { status } = spawnSync(process.execPath, [program, command, ...place, ...rest], {
  stdio: 'inherit',
  env: { ...process.env, ...QUIET },
});
process.exitCode = status ?? 1;
