// Whose name is signed with: the SDK's own chain, as the aws command has it (environment, role, profile).

import { defaultProvider } from '@aws-sdk/credential-provider-node';
import type { Credentials } from './signed-url.ts';

/** Asked anew by each caller: it renews what runs out. */
export const usualCredentials = (): Credentials => defaultProvider();
