// A small S3 over real HTTP whose answers can be spoilt: what a real server does only once in a thousand times.
//
// Lists with delimiters and pages, gives objects whole and in ranges, and only the version that is asked for.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface Stored {
  readonly body: Buffer;
  readonly modified: Date;
  readonly tag: string;
}

export interface Asked {
  readonly kind: 'list' | 'get';
  readonly key: string;
  readonly range: string | undefined;
}

/** What happens instead of the answer; undefined: nothing. */
export type Spoil =
  | { readonly status: number; readonly code: string; readonly says?: string; readonly region?: string }
  /** The connection breaks after so many bytes of the body. */
  | { readonly breakAfter: number }
  /** Ranges are not known here. */
  | 'whole';

export interface BucketServer extends AsyncDisposable {
  readonly url: string;
  readonly objects: Map<string, Stored>;
  readonly asked: Asked[];
  spoil: (asked: Asked, count: number) => Spoil | undefined;
}

export async function bucketServer(
  objects: Readonly<Record<string, string | Buffer>>,
  modified = new Date('2026-11-22T02:10:00Z'),
): Promise<BucketServer> {
  const stored = Object.entries(objects).map(
    ([key, body]) => [key, { body: Buffer.from(body), modified, tag: '"1"' }] as const,
  );
  const state = { objects: new Map<string, Stored>(stored), asked: [] as Asked[], spoil: () => undefined };
  const server = createServer((request, response) => answer(world, request, response));
  const world: BucketServer = Object.assign(state, {
    url: '',
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return Object.assign(world, { url: `http://127.0.0.1:${port}` });
}

function answer(world: BucketServer, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', world.url);
  const key = decodeURIComponent(url.pathname.split('/').slice(2).join('/'));
  const kind = key === '' ? 'list' : 'get';
  const asked: Asked = {
    kind,
    key: key || (url.searchParams.get('prefix') ?? ''),
    range: request.headers.range,
  };
  const count = world.asked.push(asked);
  const spoil = world.spoil(asked, count);
  if (typeof spoil === 'object' && 'status' in spoil) refuse(response, spoil);
  else if (kind === 'list') list(world, url, response);
  else get({ world, key, request, spoil }, response);
}

type Refusal = Extract<Spoil, { status: number }>;

function refuse(response: ServerResponse, { status, code, says = code, region }: Refusal): void {
  response.writeHead(status, {
    'content-type': 'application/xml',
    ...(region === undefined ? {} : { 'x-amz-bucket-region': region }),
  });
  response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${says}</Message></Error>`);
}

const PAGE = 1000;

function list({ objects }: BucketServer, { searchParams }: URL, response: ServerResponse): void {
  const prefix = searchParams.get('prefix') ?? '';
  const delimiter = searchParams.get('delimiter') ?? '';
  const most = Math.min(PAGE, Number(searchParams.get('max-keys') ?? PAGE));
  const after = searchParams.get('continuation-token') ?? '';
  const names = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  const items = [...new Set(names.map((key) => rolledUp(key, prefix, delimiter)))].filter(
    (item) => item > after,
  );
  const page = items.slice(0, most);
  const body = page.map((item) => {
    const stored = objects.get(item);
    return stored === undefined || item.endsWith('/')
      ? `<CommonPrefixes><Prefix>${item}</Prefix></CommonPrefixes>`
      : `<Contents><Key>${item}</Key><LastModified>${stored.modified.toISOString()}</LastModified><ETag>${stored.tag}</ETag><Size>${stored.body.length}</Size></Contents>`;
  });
  const isPart = items.length > page.length;
  const next = isPart ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(
    `<?xml version="1.0"?><ListBucketResult><IsTruncated>${isPart}</IsTruncated>${next}${body.join('')}</ListBucketResult>`,
  );
}

function rolledUp(key: string, prefix: string, delimiter: string): string {
  const at = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return at < 0 ? key : key.slice(0, at + 1);
}

interface Getting {
  readonly world: BucketServer;
  readonly key: string;
  readonly request: IncomingMessage;
  readonly spoil: Spoil | undefined;
}

function get({ world, key, request, spoil }: Getting, response: ServerResponse): void {
  const stored = world.objects.get(key);
  const wanted = request.headers['if-match'];
  if (stored === undefined) refuse(response, { status: 404, code: 'NoSuchKey' });
  else if (wanted !== undefined && wanted !== stored.tag)
    refuse(response, { status: 412, code: 'PreconditionFailed' });
  else give(stored, { request, spoil }, response);
}

function give(
  stored: Stored,
  { request, spoil }: Pick<Getting, 'request' | 'spoil'>,
  response: ServerResponse,
): void {
  const from = spoil === 'whole' ? 0 : Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const { length } = stored.body;
  const part = stored.body.subarray(from);
  response.writeHead(from === 0 ? 200 : 206, {
    etag: stored.tag,
    'content-length': part.length,
    ...(from === 0 ? {} : { 'content-range': `bytes ${from}-${length - 1}/${length}` }),
  });
  if (typeof spoil !== 'object' || !('breakAfter' in spoil)) {
    response.end(part);
    return;
  }
  response.write(part.subarray(0, spoil.breakAfter), () => setTimeout(() => response.destroy(), 20));
}
