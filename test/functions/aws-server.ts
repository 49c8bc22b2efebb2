// Secrets Manager, SQS and EKS on 127.0.0.1, as far as the functions ask them; anything else is refused.

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as z from 'zod';

export interface AwsServer extends AsyncDisposable {
  readonly url: string;
  /** Texts by ARN, in turn; the last for all further requests. */
  readonly secrets: Map<string, readonly string[]>;
  readonly secretReads: () => number;
  readonly messages: readonly string[];
  readonly batches: () => number;
  /** Of the next batches: how many of its first entries are refused under HTTP 200. */
  refuse: number[];
  readonly clusters: Map<string, { readonly endpoint: string; readonly ca: string }>;
}

const secretInput = z.strictObject({ SecretId: z.string().startsWith('arn:aws:secretsmanager:') });

const batchInput = z.strictObject({
  QueueUrl: z.url(),
  Entries: z
    .array(z.strictObject({ Id: z.string().regex(/^[\w-]{1,80}$/), MessageBody: z.string().min(1) }))
    .min(1)
    .max(10)
    .refine((entries) => new Set(entries.map(({ Id }) => Id)).size === entries.length),
});

interface Answer {
  readonly status: number;
  readonly body: object;
}

export async function awsServer(): Promise<AwsServer> {
  const secrets = new Map<string, readonly string[]>();
  const clusters: AwsServer['clusters'] = new Map();
  const messages: string[] = [];
  const refuse: number[] = [];
  const counts = { reads: 0, batches: 0 };
  const answers: Readonly<Record<string, (body: unknown) => Answer>> = {
    'secretsmanager.GetSecretValue': (body) => {
      const { SecretId } = secretInput.parse(body);
      const texts = secrets.get(SecretId);
      counts.reads += 1;
      const SecretString = texts?.[Math.min(counts.reads, texts.length) - 1];
      return SecretString === undefined
        ? { status: 400, body: { __type: 'ResourceNotFoundException', Message: 'no such secret' } }
        : { status: 200, body: { ARN: SecretId, SecretString } };
    },
    'AmazonSQS.SendMessageBatch': (body) => {
      const { Entries } = batchInput.parse(body);
      counts.batches += 1;
      const failing = refuse.shift() ?? 0;
      const taken = Entries.slice(failing);
      messages.push(...taken.map(({ MessageBody }) => MessageBody));
      const Failed = Entries.slice(0, failing).map(({ Id }) => ({
        Id,
        Code: 'InternalError',
        SenderFault: false,
      }));
      const Successful = taken.map(({ Id, MessageBody }) => ({
        Id,
        MessageId: Id,
        // The client compares it.
        MD5OfMessageBody: createHash('md5').update(MessageBody).digest('hex'),
      }));
      return { status: 200, body: { Successful, Failed } };
    },
  };
  const answerTo = async (request: IncomingMessage): Promise<Answer> => {
    const body = await text(request);
    const action = answers[String(request.headers['x-amz-target'])];
    if (action !== undefined) return action(JSON.parse(body));
    const url = new URL(request.url ?? '/', 'http://x');
    const cluster = clusters.get(/^\/clusters\/([\w-]+)$/.exec(url.pathname)?.[1] ?? '');
    const isSigned = url.searchParams.get('X-Amz-Credential')?.includes('/eks/aws4_request') === true;
    if (!isSigned) return { status: 403, body: { message: 'Missing Authentication Token' } };
    if (cluster === undefined) return { status: 404, body: { message: 'No cluster found for name' } };
    const { endpoint, ca } = cluster;
    return { status: 200, body: { cluster: { endpoint, certificateAuthority: { data: ca } } } };
  };
  const server = createServer(async (request, response) => {
    const { status, body } = await answerTo(request).catch((error: unknown) => ({
      status: 400,
      body: { __type: 'ValidationException', message: String(error) },
    }));
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    secrets,
    secretReads: () => counts.reads,
    messages,
    batches: () => counts.batches,
    refuse,
    clusters,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
