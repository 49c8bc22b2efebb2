// A secret by its ARN: the one file that loads the Secrets Manager client.

import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { failed, ok, type Result } from '../base/result.ts';
import { secretName } from './secret-name.ts';

export interface SecretPlace {
  readonly arn: string;
  readonly region: string;
  /** Another server than AWS'. */
  readonly endpoint: string | undefined;
}

/** The error never holds any of the secret. */
export async function readSecret({ arn, region, endpoint }: SecretPlace): Promise<Result<string, string>> {
  const client = new SecretsManagerClient({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
  try {
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: arn }));
    return SecretString === undefined
      ? failed(`expected a text in the secret ${secretName(arn)}, got bytes`)
      : ok(SecretString);
  } catch (error) {
    const came = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return failed(`expected the secret ${secretName(arn)}, got ${came}. The role needs GetSecretValue on it`);
  } finally {
    client.destroy();
  }
}
