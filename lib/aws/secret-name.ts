// How a secret is called in messages. Its whole ARN would be taken for a secret itself, and masked.

/** `arn:aws:secretsmanager:eu-west-1:111122223333:secret:coldtrace/otlp-a1B2c3` → `(coldtrace/otlp-a1B2c3)`. */
export const secretName = (arn: string): string =>
  `(${/:secret:(?<name>[\w/+=.@-]{1,512})$/.exec(arn)?.groups?.['name'] ?? 'of a name that is none'})`;
