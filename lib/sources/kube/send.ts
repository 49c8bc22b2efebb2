// One GET to the API server: the status and headers when they come, the body as it flows.

import http from 'node:http';
import https, { type RequestOptions } from 'node:https';
import { type Duration, seconds, toSeconds } from '../../base/instant.ts';
import { failed, ok, type Result } from '../../base/result.ts';
import { VERSION } from '../../base/version.ts';
import type { Ask, KubeAccess, KubeRequest, Reply, Unreached } from './access.ts';

/** No byte for so long: the server, or what is between, is not answering. A watch has its bookmarks (once a minute). */
const IDLE = seconds(90);

/** Never rejects. */
export function sender(access: KubeAccess, idle: Duration = IDLE): Ask {
  return async (request) => {
    let options: RequestOptions;
    try {
      options = await access.options();
    } catch (error) {
      return failed({ code: 'CREDENTIALS', says: error instanceof Error ? error.message : String(error) });
    }
    return send(`${access.server}${request.path}?${new URLSearchParams(request.query)}`, {
      options,
      idle,
      request,
    });
  };
}

interface Sending {
  readonly options: RequestOptions;
  readonly idle: Duration;
  readonly request: KubeRequest;
}

function send(url: string, { options, idle, request }: Sending): Promise<Result<Reply, Unreached>> {
  return new Promise((done) => {
    const { request: open } = url.startsWith('http:') ? http : https;
    const headers = {
      ...options.headers,
      Accept: 'application/json, */*',
      'User-Agent': `coldtrace/${VERSION}`,
    };
    const { signal } = request;
    const asked = open(url, { ...options, method: 'GET', headers, ...(signal ? { signal } : {}) }, (answer) =>
      done(ok(replyOf(answer))),
    );
    asked.setTimeout(toSeconds(idle) * 1000, () =>
      asked.destroy(new Error(`no answer for ${toSeconds(idle)} s`)),
    );
    asked.on('error', (error) => done(failed(unreached(error))));
    asked.end();
  });
}

const replyOf = (answer: http.IncomingMessage): Reply => ({
  status: answer.statusCode ?? 0,
  headers: answer.headers,
  body: answer,
  close: () => {
    answer.destroy();
  },
  onClosed: (then) => {
    answer.once('close', then);
  },
});

function unreached(error: Error): Unreached {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  // Several addresses of one name, all of which failed: the first tells.
  const [first] = error instanceof AggregateError ? error.errors : [];
  return { code, says: error.message || (first instanceof Error ? first.message : code) };
}
